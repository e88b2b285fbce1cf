import { parentsFirst } from "../../autogenerate/order-tables.ts";
import type { Connection } from "../../driver/driver.ts";
import type { SqlValue } from "../../driver/statement.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { BulkInsertOperation, Operation } from "../../ops/operation.ts";
import type { DatabaseSchema } from "../../schema/database-schema.ts";
import { quoteIdentifier, quoteIdentifierList } from "../../sql/quote-identifier.ts";
import { isRecent, listTables, writableColumns } from "./table-rows.ts";

export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** What is in the tables of a database, and why that cannot be written down, if it cannot. */
export interface CapturedRows {
  /** Only tables with rows; parents before their children. */
  readonly rows: readonly TableRows[];
  readonly problem: string | undefined;
}

/**
 * Reads all rows.
 *
 * @param since milliseconds since 1970 at which the database was begun: what the clock has given since then is
 *   another time in every database
 */
export async function captureRows(
  connection: Connection,
  schema: DatabaseSchema,
  since: number,
): Promise<CapturedRows> {
  const found: TableRows[] = [];
  const problems: string[] = [];
  for (const table of parentsFirst(listTables(schema))) {
    const columns = writableColumns(table);
    const sql = `SELECT ${quoteIdentifierList(columns).slice(1, -1)} FROM ${quoteIdentifier(table.name)}`;
    const { rows } = await connection.query({ sql });
    if (rows.length > 0) found.push({ table: table.name, columns, rows });
    if (rows.some((row) => row.some((value) => isRecent(value, since))))
      problems.push(`table ${quoteForMessage(table.name)} holds the time at which it was done`);
  }
  for (const { kind, name } of schema.tables) {
    if (kind !== "virtual") continue;
    const { rows } = await connection.query({ sql: `SELECT 1 FROM ${quoteIdentifier(name)} LIMIT 1` });
    if (rows.length > 0) problems.push(`the virtual table ${quoteForMessage(name)} is not empty`);
  }
  return { rows: found, problem: problems[0] };
}

/** Inserts rows where all tables are made and no trigger sees it. */
export function addRows(operations: readonly Operation[], rows: readonly TableRows[]): readonly Operation[] {
  const inserts = rows.map(({ table, columns, rows: values }): BulkInsertOperation => ({
    kind: "bulkInsert",
    table,
    columns,
    rowCount: values.length,
    blocks: [values.flat()],
  }));
  const trigger = operations.findIndex(({ kind }) => kind === "createTrigger");
  const place = trigger === -1 ? operations.length : trigger;
  return [...operations.slice(0, place), ...inserts, ...operations.slice(place)];
}
