import type Database from "better-sqlite3";
import { normalSql, tableState } from "../../../core/test/batch/database-state.ts";

type Cell = bigint | number | string | Buffer | null;

interface TableContents {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The rows of every table that stores its own, in the order of their rowids. */
export type Contents = ReadonlyMap<string, TableContents>;

/** What was found in texts that have been looked at before, because most tables stay as they are. */
const known = new Map<string, unknown>();

function remember(key: string, read: () => unknown): unknown {
  if (!known.has(key)) known.set(key, read());
  return known.get(key);
}

/** The schema in a form that two databases share when no query can tell them apart. */
export function readChainSchema(database: Database.Database): unknown {
  const rows = (sql: string, ...values: readonly unknown[]): readonly (readonly unknown[])[] =>
    database
      .prepare<unknown[], unknown[]>(sql)
      .raw()
      .all(...values);
  const objects = rows(`SELECT s.type, s.name, s.tbl_name, s.sql, t.type FROM sqlite_schema AS s
    LEFT JOIN pragma_table_list AS t ON t.schema = 'main' AND t.name = s.name
    WHERE s.sql IS NOT NULL AND s.tbl_name <> 'alembic_version' AND coalesce(t.type, '') <> 'shadow' ORDER BY s.name`);
  const textOf = (table: unknown): string =>
    JSON.stringify(objects.filter(([type, , owner]) => owner === table && type !== "trigger"));
  return objects.flatMap(([type, name, , sql, kind]) => {
    if (type === "index") return [];
    const isTable = type === "table" && kind !== "virtual";
    const state = isTable
      ? remember(textOf(name), () => plain(tableState(rows, String(name), String(sql))))
      : remember(String(sql), () => plain(normalSql(String(sql))));
    return [[type, name, state]];
  });
}

/** Row triggers are the only ones that SQLite has; and "groups" may be quoted, though it need not be. */
function plain(state: unknown): unknown {
  const text = JSON.stringify(state)
    .replaceAll(" FOR EACH ROW", "")
    .replaceAll(String.raw`\"groups\"`, "GROUPS");
  return JSON.parse(text);
}

export function readContents(database: Database.Database): Contents {
  const tables = database
    .prepare<[], string>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'",
    )
    .pluck()
    .all();
  return new Map(tables.map((table) => [table, readTable(database, table)]));
}

function readTable(database: Database.Database, table: string): TableContents {
  const statement = database
    .prepare<[], Cell[]>(`SELECT * FROM "${table}" ORDER BY rowid`)
    .safeIntegers()
    .raw();
  return { columns: statement.columns().map(({ name }) => name), rows: statement.all() };
}

/**
 * What `after` has lost or changed of `before`, in columns that both have: by `table.column`, the values
 * before and after of the first row that differs; by `table`, the numbers of rows.
 */
export function findChanges(before: Contents, after: Contents): Readonly<Record<string, readonly unknown[]>> {
  const changes: Record<string, readonly unknown[]> = {};
  for (const [table, old] of before) {
    const now = after.get(table);
    if (now === undefined) continue;
    if (now.rows.length !== old.rows.length) changes[table] = [old.rows.length, now.rows.length];
    for (const [index, column] of old.columns.entries()) {
      const place = now.columns.indexOf(column);
      const values = (row: readonly Cell[], at: number) => [
        row[index] ?? null,
        now.rows[at]?.[place] ?? null,
      ];
      const row = old.rows.findIndex((cells, at) => place >= 0 && !isSame(values(cells, at)));
      if (row !== -1) changes[`${table}.${column}`] = values(old.rows[row] ?? [], row);
    }
  }
  return changes;
}

function isSame([a, b]: readonly (Cell | undefined)[]): boolean {
  return a === b || (Buffer.isBuffer(a) && Buffer.isBuffer(b) && a.equals(b));
}

/** What SQLite itself and its full-text module say about the health of the file; empty when all is well. */
export function findDamage(database: Database.Database): readonly unknown[] {
  const integrity = database.pragma("integrity_check", { simple: true });
  const violations = database.pragma("foreign_key_check");
  const searches = database
    .prepare<[], string>("SELECT name FROM pragma_table_list WHERE type = 'virtual'")
    .pluck()
    .all();
  for (const search of searches) {
    // rank = 1: compares the index with the rows that it is made of, too (fts5.html section 6.4).
    database.exec(`INSERT INTO "${search}"("${search}", rank) VALUES ('integrity-check', 1)`);
  }
  return [
    ...(integrity === "ok" ? [] : [integrity]),
    ...(Array.isArray(violations) ? violations : [violations]),
  ];
}
