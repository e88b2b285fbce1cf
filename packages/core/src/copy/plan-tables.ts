import type { Executor } from "../driver/driver.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { InspectedTable } from "../schema/database-schema.ts";
import { freeRowidNames } from "../schema/rowid-names.ts";
import { foldName } from "../schema/table-definition.ts";
import { affinityOf } from "../sql/type-affinity.ts";
import { cannotCopy, showTable } from "./copy-error.ts";
import { planVirtualTable } from "./plan-virtual-table.ts";
import type { SchemaObject } from "./schema-object.ts";
import { measureSql, type ColumnAffinity, type TablePlan } from "./table-plan.ts";

/** What is known about a table before its rows are looked at. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnAffinity[];
  readonly key: readonly KeyColumn[];
  /** The key is one integer. */
  readonly hasRowid: boolean;
}

export interface KeyColumn {
  readonly name: string;
  /** How the key compares texts; left out for an integer. */
  readonly collation?: string | undefined;
}

/** Plans how the rows of all tables are copied that hold rows of their own; in the order of creation. */
export async function planTables(
  source: Executor,
  objects: readonly SchemaObject[],
): Promise<readonly TablePlan[]> {
  const { tables } = await readSchema(source);
  const inspected = new Map(tables.map((table) => [foldName(table.name), table]));
  const virtual = await readVirtualColumns(source);
  const keys = await readKeys(source);
  const plans: TablePlan[] = [];
  for (const object of objects.filter(({ type, kind }) => type === "table" && kind !== "shadow")) {
    const table = inspected.get(foldName(object.name));
    if (table === undefined)
      throw cannotCopy(showTable(object.name), "it has no columns", "look at its definition");
    const shape =
      object.kind === "virtual"
        ? planVirtualTable(object, virtual.get(foldName(object.name)) ?? [], objects)
        : shapeOf(table, keys.get(foldName(table.name)) ?? []);
    if (shape !== undefined) plans.push(await measure(source, shape));
  }
  return plans;
}

const virtualColumnsSql = `SELECT s.name, c.name, c.type FROM sqlite_schema AS s JOIN pragma_table_xinfo(s.name) AS c
WHERE s.type = 'table' AND s.rootpage = 0 AND c.hidden = 0 ORDER BY s.rowid, c.cid`;

async function readVirtualColumns(source: Executor): Promise<ReadonlyMap<string, readonly ColumnAffinity[]>> {
  const { rows } = await source.query({ sql: virtualColumnsSql });
  const groups = Map.groupBy(rows, ([table]) => foldName(String(table)));
  return new Map(
    [...groups].map(([table, columns]) => [
      table,
      columns.map(([, name, type]) => ({
        name: String(name),
        keepsReals: hasNoAffinity(String(type), false),
      })),
    ]),
  );
}

async function measure(source: Executor, shape: TableShape): Promise<TablePlan> {
  const { name, columns, key, hasRowid } = shape;
  const { rows } = await source.query({ sql: measureSql(name, columns) });
  const [count, largest, flag] = rows[0] ?? [];
  const names = columns.map((column) => column.name);
  return {
    name,
    columns: names,
    key: key.map(({ name: part, collation }) => ({ index: names.indexOf(part), collation })),
    rows: Number(count),
    largestRow: Number(largest ?? 0),
    // The key of a table without rowid can be of any type, so it has to be sent with it.
    isExact: !hasRowid || Number(flag ?? 0) !== 0,
  };
}

const keysSql = `SELECT s.name, c.name, c.coll FROM sqlite_schema AS s JOIN pragma_index_list(s.name) AS l
JOIN pragma_index_xinfo(l.name) AS c WHERE s.type = 'table' AND s.rootpage <> 0 AND l.origin = 'pk' AND c.key = 1 ORDER BY s.rowid, c.seqno`;

/** The columns of primary keys, with the collations of the keys: by those alone their values are different. */
async function readKeys(source: Executor): Promise<ReadonlyMap<string, readonly KeyColumn[]>> {
  const { rows } = await source.query({ sql: keysSql });
  const groups = Map.groupBy(rows, ([table]) => foldName(String(table)));
  return new Map(
    [...groups].map(([table, columns]) => [
      table,
      columns.map(([, name, collation]) => ({ name: String(name), collation: String(collation) })),
    ]),
  );
}

function shapeOf(table: InspectedTable, key: readonly KeyColumn[]): TableShape {
  const { name, strict } = table;
  const columns = table.columns
    .filter(({ generated }) => generated === "no")
    .map((column) => ({ name: column.name, keepsReals: hasNoAffinity(column.type, strict) }));
  if (table.withoutRowid) return { name, columns, key, hasRowid: false };
  const alias = rowidColumn(table);
  if (alias !== undefined) return { name, columns, key: [{ name: alias }], hasRowid: true };
  const rowid = { name: freeRowidName(table), keepsReals: false };
  if (columns.length >= mostColumns) throw tooWide(name);
  return { name, columns: [rowid, ...columns], key: [{ name: rowid.name }], hasRowid: true };
}

/** SQLITE_MAX_COLUMN (sqlite.org/limits.html): an INSERT cannot give the rowid besides as many columns. */
const mostColumns = 2000;

function tooWide(name: string): Error {
  return cannotCopy(
    showTable(name),
    `it has ${mostColumns} columns, and its rowids have to be written besides`,
    "give it an INTEGER PRIMARY KEY, or one column less",
  );
}

/**
 * The column that is the rowid: the only one of the primary key, of the exact type INTEGER, and without an
 * index, which `INTEGER PRIMARY KEY DESC` has (lang_createtable.html#rowid).
 */
function rowidColumn(table: InspectedTable): string | undefined {
  const key = table.columns.filter((column) => column.primaryKey > 0);
  const [only] = key;
  const hasIndex = table.indexes.some(({ origin }) => origin === "primaryKey");
  if (only === undefined || key.length > 1 || hasIndex) return undefined;
  return only.type.toUpperCase() === "INTEGER" ? only.name : undefined;
}

function freeRowidName({ name, columns }: InspectedTable): string {
  const [free] = freeRowidNames(columns.map((column) => column.name));
  if (free !== undefined) return free;
  throw cannotCopy(
    showTable(name),
    "its rows cannot be told apart: it has columns rowid, _rowid_ and oid, and none of them is the rowid",
    "rename one of these columns",
  );
}

/** Whether a column keeps each value as it comes; in a STRICT table one of type ANY does, too (stricttables.html). */
function hasNoAffinity(type: string, strict: boolean): boolean {
  return affinityOf(type) === "BLOB" || (strict && type.toUpperCase() === "ANY");
}
