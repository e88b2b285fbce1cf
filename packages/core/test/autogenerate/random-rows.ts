import Database from "better-sqlite3";
import * as fc from "fast-check";
import type { RandomSchema } from "./schema-arbitrary.ts";

type Row = readonly unknown[];

/** Values for the columns of a row after the first, which counts. */
export const rowsArbitrary: fc.Arbitrary<readonly Row[]> = fc.array(
  fc.array(fc.constantFrom<unknown>(null, 1n, 2n, 7n, 2.5, "x", "X", "q", "12abc", "3", Buffer.from([1])), {
    minLength: 4,
    maxLength: 4,
  }),
  { maxLength: 4 },
);

export function createDatabase(schema: RandomSchema): Database.Database {
  const database = new Database(":memory:");
  database.defaultSafeIntegers(true);
  database.pragma("foreign_keys = 0");
  for (const statement of schema.statements) database.exec(statement);
  return database;
}

/** Writes the rows into every table, without those that a constraint refuses. */
export function fill(database: Database.Database, schema: RandomSchema, rows: readonly Row[]): void {
  for (const { name, columns } of schema.tables) {
    const insert = prepareInsert(database, name, columns, "OR IGNORE");
    for (const [index, values] of rows.entries()) {
      attempt(() => insert.run(BigInt(index + 1), ...values.slice(0, columns.length - 1)));
    }
  }
  for (let table = orphaned(database); table !== undefined; table = orphaned(database)) {
    database.exec(`DELETE FROM ${table}`);
  }
}

/** All rows, their values by the name of the column. */
export function contentsOf(
  database: Database.Database,
  schema: RandomSchema,
): Readonly<Record<string, readonly Row[]>> {
  return Object.fromEntries(
    schema.tables.map(({ name }) => [name, readRows(database, name, columnsOf(database, name))]),
  );
}

/**
 * What the database should hold after the change: its rows, written one by one into the new schema, or
 * `undefined` when that refuses one of them.
 */
export function expectedContents(
  database: Database.Database,
  before: RandomSchema,
  after: RandomSchema,
): Readonly<Record<string, readonly Row[]>> | undefined {
  const target = createDatabase(after);
  const names = new Set(before.tables.map(({ name }) => name));
  const isWritten = attempt(() => {
    for (const { name, columns } of after.tables.filter((table) => names.has(table.name))) {
      const old = columnsOf(database, name);
      const common = columns.filter((column) => old.includes(column));
      const insert = prepareInsert(target, name, common, "");
      for (const values of readRows(database, name, common)) insert.run(...values);
    }
  });
  const contents = isWritten && orphaned(target) === undefined ? contentsOf(target, after) : undefined;
  target.close();
  return contents;
}

function prepareInsert(
  database: Database.Database,
  table: string,
  columns: readonly string[],
  resolution: string,
): Database.Statement {
  const places = columns.map(() => "?").join(", ");
  return database.prepare(`INSERT ${resolution} INTO ${table} (${columns.join(", ")}) VALUES (${places})`);
}

function columnsOf(database: Database.Database, table: string): readonly string[] {
  const sql = "SELECT name FROM pragma_table_xinfo(?) ORDER BY name";
  return database.prepare<[string], string>(sql).pluck().all(table);
}

function readRows(database: Database.Database, table: string, columns: readonly string[]): readonly Row[] {
  const sql = `SELECT ${columns.join(", ")} FROM ${table} ORDER BY CAST(id AS INTEGER)`;
  return database.prepare<[], unknown[]>(sql).raw().all();
}

/** A table with a row that refers to none. */
function orphaned(database: Database.Database): string | undefined {
  return database.prepare<[], string>('SELECT "table" FROM pragma_foreign_key_check').pluck().get();
}

/** Whether SQLite accepts it. */
function attempt(task: () => void): boolean {
  try {
    task();
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError) return false;
    throw error;
  }
}
