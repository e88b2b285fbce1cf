import type { RunListener } from "@skillmeat/migrate-core";
import type { Database } from "better-sqlite3";

/** Where the cache is and how to reach it. */
export interface CacheOptions {
  /** The database file, `~/.skillmeat/cache/cache.db` unless told. Its directory is created when it is missing. */
  readonly path?: string;
  /** An open better-sqlite3 database to use instead of a path; it stays open. */
  readonly database?: Database;
  readonly onEvent?: RunListener;
  /** Milliseconds to wait for another process, 30,000 unless told. */
  readonly waitMs?: number;
  /**
   * `"allow"`: a cache that a newer version of the program has upgraded is opened as it is, where its revisions say
   * that this one may; otherwise it is refused with SKM_DATABASE_NEWER.
   */
  readonly newer?: "refuse" | "allow";
}

/** The path itself, or options; nothing for the default cache. */
export type CacheTarget = string | CacheOptions | undefined;

export function readCacheTarget(target: CacheTarget): CacheOptions {
  return typeof target === "string" ? { path: target } : (target ?? {});
}
