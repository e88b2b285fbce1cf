import type { Driver, PragmaProfile, PragmaReport } from "@skillmeat/migrate-core/driver";
import { createDatabaseDriver } from "./database-driver.ts";
import type { BetterSqlite3Database } from "./engine.ts";
import { createFileDriver } from "./file-driver.ts";

export interface BetterSqlite3FileOptions {
  /** A path, a `file:` or `sqlite:` URL, or `:memory:`; relative paths start from the working directory. */
  readonly path?: string;
  /** The same as `path`. */
  readonly url?: string;
  /** Switches the database to a write-ahead log when it is opened for writing; left as it is unless told. */
  readonly journalMode?: "wal";
  /** PRAGMAs to set after those of a migrating connection, in this order. */
  readonly pragmas?: PragmaProfile;
  /** Told what became of `pragmas`, some of which SQLite may ignore. */
  readonly onPragmas?: (report: readonly PragmaReport[]) => void;
  /** Creates a missing directory of the database with mode 0700; not unless told. */
  readonly createParent?: boolean;
}

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
  if (typeof options === "string") return createFileDriver({ input: options });
  if ("database" in options) return createDatabaseDriver(options.database);
  const { path, url, ...rest } = options;
  const input = path ?? url;
  if (typeof input !== "string") throw new TypeError("betterSqlite3() needs a path, a url or a database");
  return createFileDriver({ ...rest, input });
}
