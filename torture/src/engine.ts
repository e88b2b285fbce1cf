import { createRequire } from "node:module";
import type { SqlValue } from "@skillmeat/migrate-core";

/** The members of better-sqlite3 that the harness uses to look at databases without the product. */
export interface Database {
  prepare(sql: string): PreparedStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

export interface PreparedStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  all(...params: readonly SqlValue[]): unknown[];
  run(...params: readonly SqlValue[]): { readonly changes: number };
  raw(toggle: boolean): PreparedStatement;
  safeIntegers(toggle: boolean): PreparedStatement;
}

export interface OpenOptions {
  /** Milliseconds that SQLite waits for a lock, 10,000 unless told. */
  readonly timeout?: number;
}

type Constructor = new (
  path: string,
  options: { readonly fileMustExist: boolean; readonly timeout: number },
) => Database;

const Engine = createRequire(import.meta.url)("better-sqlite3") as Constructor;

/** Opens an existing database file with the bare engine. */
export function openExisting(path: string, options: OpenOptions = {}): Database {
  return new Engine(path, { fileMustExist: true, timeout: options.timeout ?? 10_000 });
}

/** Opens a database file with the bare engine, making it where it is missing. */
export function openOrCreate(path: string): Database {
  return new Engine(path, { fileMustExist: false, timeout: 10_000 });
}

/** Reads all rows as arrays; integers are `bigint`, so that none loses a digit. */
export function readRows(database: Database, sql: string): readonly (readonly SqlValue[])[] {
  return database.prepare(sql).raw(true).safeIntegers(true).all() as SqlValue[][];
}

/** Runs one statement as a driver would; the names of the columns are left out. */
export function runStatement(
  database: Database,
  sql: string,
  params: readonly SqlValue[],
): { readonly rows: readonly (readonly SqlValue[])[]; readonly changes: number } {
  const statement = database.prepare(sql);
  if (!statement.reader) return { rows: [], changes: statement.run(...params).changes };
  return { rows: statement.raw(true).all(...params) as SqlValue[][], changes: 0 };
}
