import { createRequire } from "node:module";

/** The members of better-sqlite3 that the floors use. */
export interface Database {
  prepare(sql: string): {
    get(...params: readonly unknown[]): unknown;
    all(...params: readonly unknown[]): readonly unknown[];
    run(...params: readonly unknown[]): unknown;
  };
  exec(sql: string): unknown;
  close(): unknown;
}

/** Loads better-sqlite3 and opens a file with it; nothing else is loaded. */
export function openDatabase(path: string): Database {
  const Engine = createRequire(import.meta.url)("better-sqlite3") as new (path: string) => Database;
  return new Engine(path);
}

/** What our migrating connection sets, so that a floor pays for the same durability. */
export const samePragmas: string =
  "PRAGMA foreign_keys = 1; PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0; PRAGMA synchronous = 2;";
