import { createSyncFileDriver, type Driver, type SyncFileOptions } from "@skillmeat/migrate-core/driver";
import { createDatabaseDriver } from "./database-driver.ts";
import type { BetterSqlite3Database } from "./engine.ts";
import { betterSqlite3Engine } from "./load-sync-library.ts";

export type BetterSqlite3FileOptions = SyncFileOptions;

export interface BetterSqlite3DatabaseOptions {
  /**
   * A better-sqlite3 `Database` that the application has open. Closing the connection leaves it open and sets
   * its settings back. Nothing else may use it while a migration runs.
   */
  readonly database: BetterSqlite3Database;
}

export type BetterSqlite3Options = BetterSqlite3FileOptions | BetterSqlite3DatabaseOptions;

/**
 * Makes a driver for SQLite files with the package better-sqlite3, which is loaded on the first `connect`.
 *
 * Connections run with `synchronous` FULL (EXTRA outside WAL), `mmap_size` 0, `trusted_schema` off,
 * `cell_size_check` on and foreign keys enforced. A new database is readable by this user only.
 *
 * @throws {TypeError} neither a path, a url nor a database is given.
 * @example
 * const driver = betterSqlite3("./cache.db");
 */
export function betterSqlite3(options: BetterSqlite3Options | string): Driver {
  if (typeof options !== "string" && "database" in options) return createDatabaseDriver(options.database);
  return createSyncFileDriver(betterSqlite3Engine, options);
}
