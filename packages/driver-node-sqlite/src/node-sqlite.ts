import { constants } from "node:buffer";
import {
  createSyncFileDriver,
  type Driver,
  type SyncFileDriver,
  type SyncFileOptions,
  type SyncLibrary,
} from "@skillmeat/migrate-core/driver";
import { fromEngineError } from "@skillmeat/migrate-core/driver";
import { createEngine } from "./create-engine.ts";
import { classifyError, loadLibrary } from "./engine.ts";

export type NodeSqliteOptions = SyncFileOptions;

const engine: SyncFileDriver = { name: "node:sqlite", load };

/**
 * Makes a driver for SQLite files with the module `node:sqlite`, which needs no installation. It is loaded on the
 * first `connect`.
 *
 * Connections run with `synchronous` FULL (EXTRA outside WAL), `mmap_size` 0, `trusted_schema` off,
 * `cell_size_check` on and foreign keys enforced. A new database is readable by this user only.
 *
 * @throws {TypeError} neither a path nor a url is given.
 * @example
 * const driver = nodeSqlite("./cache.db");
 */
export function nodeSqlite(options: NodeSqliteOptions | string): Driver {
  return createSyncFileDriver(engine, options);
}

async function load(): Promise<SyncLibrary> {
  const Library = await loadLibrary();
  return {
    lock: "file",
    sqlBytes: constants.MAX_STRING_LENGTH,
    open: (path, access) => {
      try {
        return createEngine(new Library(path, { readOnly: access === "read", timeout: 0 }));
      } catch (error) {
        throw fromEngineError({ classifyError }, error, path);
      }
    },
  };
}
