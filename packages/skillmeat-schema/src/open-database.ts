import Database from "better-sqlite3";
import { toMigrationError } from "@skillmeat/migrate-core";
import { resolveDatabasePath } from "@skillmeat/migrate-core/driver";
import { defaultCachePath } from "./default-cache-path.ts";

/** The absolute path of a cache database, or `":memory:"`: every form that the migrations accept. */
export function resolveCachePath(path: string = defaultCachePath()): string {
  try {
    const location = resolveDatabasePath(path);
    return location.kind === "memory" ? ":memory:" : location.path;
  } catch (error) {
    throw toMigrationError(error);
  }
}

/** Opens an existing cache database, or a new one in memory. The caller closes it. */
export function openDatabase(resolved: string, waitMs = 30_000): Database.Database {
  return new Database(resolved, { fileMustExist: resolved !== ":memory:", timeout: waitMs });
}
