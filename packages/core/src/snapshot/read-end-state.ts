import { planTables } from "../copy/plan-tables.ts";
import { listRebuilds, readIndexSettings } from "../copy/plan-virtual-table.ts";
import { readTerms } from "../copy/read-pages.ts";
import { readObjects } from "../copy/schema-object.ts";
import { exactTerms, type TablePlan } from "../copy/table-plan.ts";
import type { Executor } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";
import { isSameName } from "../schema/table-definition.ts";
import { readerTableName } from "../version/reader-table.ts";
import { toCell } from "./cell.ts";
import type { Cell, EndState, StoredStatement, TableRows } from "./snapshot-document.ts";

/**
 * Reads everything that a database in UTF-8 holds, without the version table and what stands beside it.
 *
 * @throws {MigrationError} SKM_UNSUPPORTED: a virtual table whose content cannot be read back.
 */
export async function readEndState(executor: Executor, versionTable: string): Promise<EndState> {
  const objects = (await readObjects(executor)).filter(
    ({ table }) => !isSameName(table, versionTable) && !isSameName(table, readerTableName),
  );
  const plans = await planTables(executor, objects);
  const created = objects.filter(({ kind }) => kind !== "shadow");
  const own = await readOwnTables(executor);
  return {
    schema: created.filter(({ type }) => type !== "trigger").map(({ sql }) => sql),
    settings: (await readIndexSettings(executor, objects)).map(toStored),
    rows: await readAll(
      executor,
      plans.filter(({ rows }) => rows > 0),
    ),
    rebuilds: listRebuilds(objects).map(({ sql }) => sql),
    sequences: own.find(({ table }) => table === "sqlite_sequence") ?? null,
    statistics: own.filter(({ table }) => table !== "sqlite_sequence"),
    triggers: created.filter(({ type }) => type === "trigger").map(({ sql }) => sql),
    userVersion: await readNumber(executor, "SELECT user_version FROM pragma_user_version"),
    applicationId: await readNumber(executor, "SELECT application_id FROM pragma_application_id"),
  };
}

function toStored({
  sql,
  params = [],
}: {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
}): StoredStatement {
  return { sql, values: params.map((value) => toCell(storageClass(value), encodeText(value))) };
}

/** Of a value that was read as it is, where only INTEGER and TEXT occur. */
function storageClass(value: SqlValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return "text";
  return value instanceof Uint8Array ? "blob" : "integer";
}

const encodeText = (value: SqlValue): SqlValue =>
  typeof value === "string" ? new TextEncoder().encode(value) : value;

async function readAll(executor: Executor, plans: readonly TablePlan[]): Promise<readonly TableRows[]> {
  const tables: TableRows[] = [];
  for (const plan of plans) tables.push(await readRows(executor, plan));
  return tables;
}

async function readRows(executor: Executor, plan: TablePlan): Promise<TableRows> {
  const rows = await readTerms(executor, exactTerms(plan), { plan, after: undefined, limit: -1 });
  return {
    table: plan.name,
    columns: plan.columns,
    rows: rows.map((row) =>
      plan.columns.map((_, index): Cell => toCell(row[index * 2], row[index * 2 + 1] ?? null)),
    ),
  };
}

/** Tables that SQLite makes when it needs them, and that take rows like any other. */
const ownTablesSql = `SELECT s.name, c.name FROM sqlite_schema AS s JOIN pragma_table_info(s.name) AS c
WHERE s.name = 'sqlite_sequence' OR s.name GLOB 'sqlite_stat[1-4]' ORDER BY s.rowid, c.cid`;

async function readOwnTables(executor: Executor): Promise<readonly TableRows[]> {
  const columns = Map.groupBy((await executor.query({ sql: ownTablesSql })).rows, ([name]) => String(name));
  return await readAll(
    executor,
    [...columns].map(([name, found]) => ({
      name,
      columns: ["rowid", ...found.map(([, column]) => String(column))],
      key: [{ index: 0, collation: undefined }],
      rows: found.length,
      largestRow: 0,
      isExact: true,
    })),
  );
}

async function readNumber(executor: Executor, sql: string): Promise<number> {
  return Number((await executor.query({ sql })).rows[0]?.[0] ?? 0);
}
