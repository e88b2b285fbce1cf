import type { PragmaProfile } from "@skillmeat/migrate-core/driver";

/**
 * How an application talks to the cache: readers beside a writer, temporary tables in memory, 64 MB of page
 * cache (negative: KiB) and 256 MiB of memory-mapped reads. Migrations run with safer settings of their own.
 *
 * @see https://sqlite.org/pragma.html
 */
export const cachePragmas: PragmaProfile = Object.freeze({
  journal_mode: "wal",
  synchronous: 1,
  foreign_keys: 1,
  temp_store: 2,
  cache_size: -64_000,
  mmap_size: 268_435_456,
});
