import type { QueryResult } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Row } from "./operations.ts";

/**
 * The rows of a result as objects.
 *
 * @throws {SKM_SQL_COLUMNS} two columns have the same name, so that an object would lose one.
 */
export function rowsOf(result: QueryResult): readonly Row[] {
  const { columns } = result;
  const repeated = columns.find((column, index) => columns.indexOf(column) !== index);
  if (repeated !== undefined) {
    throw new MigrationError(
      "SKM_SQL_COLUMNS",
      `cannot return rows as objects: two columns are named ${quoteForMessage(repeated)}`,
      { details: { column: repeated, columns }, hint: "give one of them another name with AS" },
    );
  }
  return result.rows.map((values) =>
    Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])),
  );
}
