import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { ColumnDefinition } from "./column-definition.ts";
import { columnPrimaryKeyOf } from "./table-definition.ts";

/**
 * Refuses a column whose properties contradict each other.
 *
 * @param table The name of its table, for the message.
 * @throws {SKM_TABLE_DEFINITION}
 */
export function assertColumn(column: ColumnDefinition, table: string): void {
  const [problem, hint] = contradictionOf(column) ?? [];
  if (problem === undefined) return;
  const name = `${table}.${column.name}`;
  throw new MigrationError(
    "SKM_TABLE_DEFINITION",
    `cannot define column ${quoteForMessage(name)}: ${problem}`,
    {
      details: { table, column: column.name, problem },
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

function contradictionOf(column: ColumnDefinition): readonly [problem: string, hint: string] | undefined {
  const key = columnPrimaryKeyOf(column);
  if (column.notNull !== undefined && column.nullable === true) {
    return ["it is nullable and has a notNull constraint", "leave nullable or notNull out"];
  }
  if (column.generated !== undefined && column.default !== undefined) {
    return [
      "it is generated and has a default",
      "leave the default out: the expression always gives the value",
    ];
  }
  if (column.generated !== undefined && key !== undefined) {
    return ["it is generated and the primary key", "make the key a stored column, or use a unique index"];
  }
  if (key?.autoincrement === true && column.type?.toUpperCase() !== "INTEGER") {
    return ["AUTOINCREMENT needs the type INTEGER", 'write type: "INTEGER"'];
  }
  if (key?.autoincrement === true && key.order === "desc") {
    return ["AUTOINCREMENT needs an ascending key", "leave order out"];
  }
  return undefined;
}
