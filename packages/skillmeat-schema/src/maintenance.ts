import { toMigrationError, type Driver, type RunResult } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { readCacheTarget, type CacheTarget } from "./cache-options.ts";
import { withCacheMigrator } from "./create-cache-migrator.ts";
import { defaultCachePath } from "./default-cache-path.ts";
import { openDatabase, resolveCachePath } from "./open-database.ts";

/**
 * Reads the schema version that the cache itself records, such as `"1.0.0"`: `null` when the cache does not
 * exist, is at base or records none. Writes nothing.
 */
export async function getSchemaVersion(target?: CacheTarget): Promise<string | null> {
  const { path = defaultCachePath(), database } = readCacheTarget(target);
  if (
    (await withCacheMigrator(readCacheTarget(target), async (migrator) => await migrator.current()))
      .length === 0
  ) {
    return null;
  }
  try {
    return await readSchemaVersion(betterSqlite3(database === undefined ? { path } : { database }));
  } catch (error) {
    throw toMigrationError(error);
  }
}

async function readSchemaVersion(driver: Driver): Promise<string | null> {
  const connection = await driver.connect({ readOnly: true });
  try {
    const { rows } = await connection.query({
      sql: "SELECT value FROM cache_metadata WHERE key = 'schema_version'",
    });
    const value = rows[0]?.[0];
    return typeof value === "string" ? value : null;
  } finally {
    await connection.close();
  }
}

/**
 * Empties the cache: all its tables are dropped and made anew. Every row is deleted without a question. Each of
 * the two steps is a transaction; a process killed between them leaves a cache at base, which the next
 * `runMigrations` fills with tables again.
 */
export async function resetCache(target?: CacheTarget): Promise<RunResult> {
  return await withCacheMigrator(readCacheTarget(target), async (migrator) => {
    await migrator.downgrade("base");
    return await migrator.upgrade("head");
  });
}

/**
 * Gives unused space of the cache file back to the file system. Needs up to twice the size of the file while
 * it runs, and no other connection inside a transaction (sqlite.org/lang_vacuum.html).
 */
export function vacuumCache(target?: CacheTarget): void {
  const { path, database, waitMs } = readCacheTarget(target);
  if (database !== undefined) {
    database.exec("VACUUM");
    return;
  }
  const opened = openDatabase(resolveCachePath(path), waitMs);
  try {
    opened.exec("VACUUM");
  } finally {
    opened.close();
  }
}
