export type { CacheOptions, CacheTarget } from "./cache-options.ts";
export { createCacheMigrator } from "./create-cache-migrator.ts";
export { defaultCachePath } from "./default-cache-path.ts";
export {
  downgradeMigration,
  getCurrentRevision,
  runMigrations,
  showCurrentRevision,
  showMigrationHistory,
} from "./migrations.ts";
export type { DowngradeMigrationOptions, ShowOptions } from "./migrations.ts";
export { getSchemaVersion, resetCache, vacuumCache } from "./maintenance.ts";
export { openCache } from "./open-cache.ts";
export type { OpenCacheOptions } from "./open-cache.ts";
export { cachePragmas } from "./pragma-profile.ts";
export { revisions } from "./revisions.ts";
