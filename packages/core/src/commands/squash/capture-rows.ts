import { parentsFirst } from "../../autogenerate/order-tables.ts";
import type { Connection } from "../../driver/driver.ts";
import type { SqlValue } from "../../driver/statement.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { BulkInsertOperation, Operation } from "../../ops/operation.ts";
import type { DatabaseSchema, InspectedTable } from "../../schema/database-schema.ts";
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
    const groups = await readGroups(connection, table, since);
    found.push(...groups);
    if (groups.some(({ timed }) => !timed.every((column) => hasDefault(table, column))))
      problems.push(`table ${quoteForMessage(table.name)} holds the time at which it was done`);
  }
  for (const { kind, name } of schema.tables) {
    if (kind !== "virtual") continue;
    const { rows } = await connection.query({ sql: `SELECT 1 FROM ${quoteIdentifier(name)} LIMIT 1` });
    if (rows.length > 0) problems.push(`the virtual table ${quoteForMessage(name)} is not empty`);
  }
  problems.push(...(await findSequences(connection, schema)));
  return { rows: found, problem: problems[0] };
}

/** Tables that have given away ids which no row has any more: rows that are inserted alone would give them again. */
async function findSequences(connection: Connection, schema: DatabaseSchema): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { name } of listTables(schema).filter(({ sql }) => /\bAUTOINCREMENT\b/iu.test(sql))) {
    const { rows } = await connection.query({
      sql: `SELECT seq FROM sqlite_sequence WHERE name = ? AND seq > (SELECT coalesce(max(rowid), 0) FROM ${quoteIdentifier(name)})`,
      params: [name],
    });
    const [last] = rows[0] ?? [];
    if (last !== undefined)
      problems.push(
        `table ${quoteForMessage(name)} must not give the id ${String(last)} again, whose row is gone`,
      );
  }
  return problems;
}

interface TimedRows extends TableRows {
  /** Columns of the table in which these rows have the time; they are left to their defaults. */
  readonly timed: readonly string[];
}

/** Reads the rows of a table, those together that have the time in the same columns. */
async function readGroups(
  connection: Connection,
  table: InspectedTable,
  since: number,
): Promise<readonly TimedRows[]> {
  const names = writableColumns(table);
  const sql = `SELECT ${quoteIdentifierList(names).slice(1, -1)} FROM ${quoteIdentifier(table.name)}`;
  const { rows } = await connection.query({ sql });
  const groups = new Map<string, { readonly isTimed: readonly boolean[]; readonly rows: SqlValue[][] }>();
  for (const row of rows) {
    const isTimed = row.map((value) => isRecent(value, since));
    const group = groups.get(isTimed.join()) ?? { isTimed, rows: [] };
    group.rows.push(row.filter((_, column) => isTimed[column] === false));
    groups.set(isTimed.join(), group);
  }
  return [...groups.values()].map(({ isTimed, rows: values }) => ({
    table: table.name,
    columns: names.filter((_, column) => isTimed[column] === false),
    timed: names.filter((_, column) => isTimed[column] === true),
    rows: values,
  }));
}

/** Whether a new database gives the column a value of its own; that it is the time, the proof has to show. */
function hasDefault({ columns }: InspectedTable, name: string): boolean {
  return columns.some((column) => column.name === name && column.default !== null);
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
