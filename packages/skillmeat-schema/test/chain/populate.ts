import type Database from "better-sqlite3";

type Value = string | number | Buffer | null;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

/** Columns that refer to rows of another table without a foreign key. */
const references: Readonly<Record<string, readonly [table: string, column: string]>> = {
  "collection_artifacts.artifact_id": ["artifacts", "id"],
  "group_artifacts.artifact_id": ["artifacts", "id"],
  "deployment_set_members.artifact_uuid": ["artifacts", "uuid"],
};

const hexColor = (row: number): string => `#${(row + 0xa0b0c0).toString(16)}`;

/** Columns whose values must be of a form that their type does not tell. */
const special: Readonly<Record<string, (row: number) => Value>> = {
  "tags.color": hexColor,
  "custom_colors.hex": hexColor,
  "user_ratings.rating": (row) => (row % 5) + 1,
  "marketplace_catalog_entries.confidence_score": (row) => (row * 7) % 101,
  "marketplace_catalog_entries.raw_score": () => null,
  // Exactly one of the three is named, and every fifth row names no artifact.
  "deployment_set_members.group_id": (row) => (row % 5 === 4 ? `group ${row}` : null),
  "deployment_set_members.member_set_id": () => null,
  "deployment_sets.tags_json": () => "[]",
  "memory_items.anchors_json": (row) =>
    row % 3 === 0 ? null : JSON.stringify([`src/${row}.ts`, `docs/${row}.md`]),
};

/**
 * Fills tables that are empty with rows, the same in every run: values of every kind, NULL where it may be,
 * and references that are in order.
 *
 * @param counts the number of rows by table; tables that are not there are left out.
 * @returns the tables that were filled.
 */
export function populate(
  database: Database.Database,
  counts: Readonly<Record<string, number>>,
): readonly string[] {
  database.pragma("foreign_keys = OFF");
  const isWanted = (table: string): boolean => (counts[table] ?? 0) > 0 && countRows(database, table) === 0;
  const tables = parentsFirst(database, tablesOf(database).filter(isWanted));
  database.transaction(() => {
    for (const table of tables) fill(database, table, counts[table] ?? 0);
  })();
  return tables;
}

const tablesOf = (database: Database.Database): readonly string[] =>
  database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();

function parentsFirst(database: Database.Database, tables: readonly string[]): readonly string[] {
  const placed: string[] = [];
  const pending = new Set<string>();
  const place = (table: string): void => {
    if (pending.has(table) || !tables.includes(table)) return;
    pending.add(table);
    for (const parent of parentsOf(database, table)) place(parent);
    placed.push(table);
  };
  for (const table of tables) place(table);
  return placed;
}

function parentsOf(database: Database.Database, table: string): readonly string[] {
  const keys = database
    .prepare<[string], string>('SELECT "table" FROM pragma_foreign_key_list(?)')
    .pluck()
    .all(table);
  const others = Object.entries(references).filter(([column]) => column.startsWith(`${table}.`));
  return [...keys, ...others.map(([, [parent]]) => parent)];
}

/** The number of rows of each of these tables. */
export function countAll(
  database: Database.Database,
  tables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.keys(tables).map((table) => [table, countRows(database, table)]));
}

function countRows(database: Database.Database, table: string): number {
  return database.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0;
}

function fill(database: Database.Database, table: string, count: number): void {
  const columns = database.prepare<[string], Column>("SELECT * FROM pragma_table_info(?)").all(table);
  const makers = columns.map((column) => makerOf(database, table, column));
  const insert = database.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => "?").join(", ")})`);
  for (let row = 0; row < count; row += 1) insert.run(...makers.map((make) => make(row)));
}

function makerOf(database: Database.Database, table: string, column: Column): (row: number) => Value {
  const own = special[`${table}.${column.name}`];
  if (own !== undefined) return own;
  const make =
    referenceMaker(database, table, column) ?? listMaker(database, table, column) ?? typeMaker(column);
  const mayBeNull = column.notnull === 0 && column.pk === 0;
  return mayBeNull ? (row) => (row % 5 === 4 ? null : make(row)) : make;
}

function referenceMaker(
  database: Database.Database,
  table: string,
  column: Column,
): ((row: number) => Value) | undefined {
  const key = database
    .prepare<[string, string], { table: string; to: string }>(
      'SELECT "table", "to" FROM pragma_foreign_key_list(?) WHERE "from" = ?',
    )
    .get(table, column.name);
  const [parent, to] = references[`${table}.${column.name}`] ?? [key?.table, key?.to];
  if (parent === undefined || to === undefined) return undefined;
  const keys = database
    .prepare<[], string | number>(`SELECT "${to}" FROM "${parent}" ORDER BY rowid`)
    .pluck()
    .all();
  return (row) => keys[row % keys.length] ?? null;
}

/** One of the values that a CHECK lists. */
function listMaker(
  database: Database.Database,
  table: string,
  column: Column,
): ((row: number) => Value) | undefined {
  const sql =
    database.prepare<[string], string>("SELECT sql FROM sqlite_schema WHERE name = ?").pluck().get(table) ??
    "";
  const list = new RegExp(`\\b${column.name} IN \\(([^)]*)\\)`, "u").exec(sql)?.[1];
  if (list === undefined) return undefined;
  const values = Array.from(list.matchAll(/'([^']*)'/gu), ([, value]) => value ?? null);
  return (row) => values[row % values.length] ?? null;
}

function typeMaker({ name, type, pk }: Column): (row: number) => Value {
  if (name === "id" && type === "INTEGER" && pk > 0) return (row) => row * 3 + 1;
  if (/INT/u.test(type)) return (row) => row % 7;
  if (/BOOL/u.test(type)) return (row) => row % 2;
  if (/FLOAT/u.test(type)) return (row) => (row % 10) / 10;
  if (/DATE|TIME/u.test(type)) return (row) => new Date(1_700_000_000_000 + row * 1000).toISOString();
  if (/BLOB/u.test(type)) return (row) => Buffer.from([row, 0, 255]);
  if (/JSON/u.test(type) || name.endsWith("_json")) return (row) => JSON.stringify({ [name]: row });
  return (row) => `${name} ${row} 'ü'`;
}
