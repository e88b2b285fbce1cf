import { openDatabase, type PragmaReport, type SyncDatabase } from "@skillmeat/migrate-driver-better-sqlite3";
import { readCacheTarget, type CacheOptions } from "./cache-options.ts";
import { defaultCachePath } from "./default-cache-path.ts";
import { runMigrations } from "./migrations.ts";
import { cachePragmas } from "./pragma-profile.ts";

export interface OpenCacheOptions extends CacheOptions {
  /** Told which settings the engine took and which it refused. */
  readonly onPragmas?: (report: PragmaReport) => void;
}

/**
 * Opens the cache for an application: migrated to the newest revision, with the PRAGMA profile applied.
 * The caller closes it.
 */
export async function openCache(target?: string | OpenCacheOptions): Promise<SyncDatabase> {
  const options = readCacheTarget(target);
  await runMigrations(options);
  if (options.database !== undefined) return options.database;
  const onPragmas = typeof target === "object" ? target.onPragmas : undefined;
  const { database, report } = await openDatabase(options.path ?? defaultCachePath(), {
    pragmas: cachePragmas,
    waitMs: options.waitMs ?? 30_000,
  });
  onPragmas?.(report);
  return database;
}
