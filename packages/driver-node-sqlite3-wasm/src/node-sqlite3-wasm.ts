import {
  createSyncFileDriver,
  fromEngineError,
  type Driver,
  type SyncFileDriver,
  type SyncFileOptions,
  type SyncLibrary,
} from "@skillmeat/migrate-core/driver";
import { admitFile } from "./admit-file.ts";
import { createEngine, longestValue } from "./create-engine.ts";
import { classifyError } from "./engine.ts";
import { loadLibrary } from "./load-library.ts";

/** There is no write-ahead log without shared memory. */
export type NodeSqlite3WasmOptions = Omit<SyncFileOptions, "journalMode">;

const engine: SyncFileDriver = { name: "node-sqlite3-wasm", load, admitFile };

/**
 * Makes a driver for SQLite files with the package node-sqlite3-wasm, which needs no native code. It is loaded on
 * the first `connect`.
 *
 * Connections run with `synchronous` EXTRA, `trusted_schema` off, `cell_size_check` on and foreign keys enforced. A
 * new database is readable by this user only.
 *
 * @throws {TypeError} neither a path nor a url is given.
 * @example
 * const driver = nodeSqlite3Wasm("./cache.db");
 */
export function nodeSqlite3Wasm(options: NodeSqlite3WasmOptions | string): Driver {
  return createSyncFileDriver(engine, options);
}

async function load(): Promise<SyncLibrary> {
  const library = await loadLibrary();
  return {
    lock: "file",
    // The lock is one directory, for reading and for writing.
    concurrentReads: false,
    sqlBytes: longestValue,
    open: (path, access) => {
      try {
        return createEngine(library, path, access);
      } catch (error) {
        throw fromEngineError({ classifyError }, error, path);
      }
    },
  };
}
