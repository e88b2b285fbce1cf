import type { Executor } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";

type Rows = readonly (readonly SqlValue[])[];

/** The rows of a query. */
export async function readRows(
  executor: Executor,
  sql: string,
  params: readonly SqlValue[] = [],
): Promise<Rows> {
  return (await executor.query({ sql, params })).rows;
}

/** The first value of the first row. */
export async function readValue(
  executor: Executor,
  sql: string,
  params: readonly SqlValue[] = [],
): Promise<SqlValue> {
  return (await readRows(executor, sql, params))[0]?.[0] ?? null;
}

/** The names of all tables, in order. */
export async function readTables(executor: Executor): Promise<readonly SqlValue[]> {
  const rows = await readRows(executor, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  return rows.map(([name]) => name ?? null);
}
