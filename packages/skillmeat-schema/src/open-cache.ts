import type Database from "better-sqlite3";
import { applyPragmas, type PragmaReport } from "@skillmeat/migrate-core/driver";
import type { QueryResult, SqlValue } from "@skillmeat/migrate-core";
import { readCacheTarget, type CacheOptions } from "./cache-options.ts";
import { runMigrations } from "./migrations.ts";
import { openDatabase, resolveCachePath } from "./open-database.ts";
import { cachePragmas } from "./pragma-profile.ts";

export interface OpenCacheOptions extends CacheOptions {
  /** Told what became of each setting of the profile; an engine may refuse some. */
  readonly onPragmas?: (report: readonly PragmaReport[]) => void;
}

/**
 * Opens the cache for an application: migrated to the newest revision, with the PRAGMA profile applied.
 * The caller closes it.
 *
 * @example
 * const cache = await openCache();
 * const projects = cache.prepare("SELECT * FROM projects").all();
 * cache.close();
 */
export async function openCache(target?: string | OpenCacheOptions): Promise<Database.Database> {
  const options: OpenCacheOptions = readCacheTarget(target);
  if (options.database !== undefined) {
    await runMigrations(options);
    await applyProfile(options.database, options);
    return options.database;
  }
  const path = resolveCachePath(options.path);
  const isFile = path !== ":memory:";
  if (isFile) await runMigrations({ ...options, path });
  const database = openDatabase(path, options.waitMs);
  try {
    // Every connection to memory is a database of its own: the one that is handed out has to be migrated.
    if (!isFile) await runMigrations({ ...options, database });
    await applyProfile(database, options);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function applyProfile(database: Database.Database, options: OpenCacheOptions): Promise<void> {
  const report = await applyPragmas(
    { query: async ({ sql }) => await Promise.resolve(runPragma(database, sql)) },
    cachePragmas,
  );
  options.onPragmas?.(report);
}

function runPragma(database: Database.Database, sql: string): QueryResult {
  const statement = database.prepare<[], SqlValue[]>(sql);
  if (statement.reader) return { columns: [], rows: statement.raw().all(), changes: 0 };
  statement.run();
  return { columns: [], rows: [], changes: 0 };
}
