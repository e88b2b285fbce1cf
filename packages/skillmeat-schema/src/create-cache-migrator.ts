import { createMigrator, type Driver, type Migrator } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import type { CacheOptions } from "./cache-options.ts";
import { defaultCachePath } from "./default-cache-path.ts";
import { revisions } from "./revisions.ts";

/** A migrator for the cache database. Whoever makes it closes it. */
export function createCacheMigrator(options: CacheOptions = {}): Migrator {
  return createMigrator({
    driver: cacheDriver(options),
    revisions,
    applicationId: 0,
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    ...(options.newer === undefined ? {} : { newer: options.newer }),
    ...(options.waitMs === undefined ? {} : { waitMs: options.waitMs }),
  });
}

function cacheDriver(options: CacheOptions): Driver {
  if (options.database !== undefined) return betterSqlite3({ database: options.database });
  return betterSqlite3({ path: options.path ?? defaultCachePath(), journalMode: "wal", createParent: true });
}

/** Runs one task with a migrator that is closed afterwards. */
export async function withCacheMigrator<T>(
  options: CacheOptions,
  task: (migrator: Migrator) => Promise<T>,
): Promise<T> {
  const migrator = createCacheMigrator(options);
  try {
    return await task(migrator);
  } finally {
    await migrator.close();
  }
}
