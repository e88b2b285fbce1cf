import { isMigrationError } from "../errors/migration-error.ts";
import { readCacheFile, writeCacheFile } from "./cache-file.ts";
import { areNamesUnchanged, isEqual, type OpenedCache } from "./cache-validity.ts";
import { findKnownHeads, readCachedHeaders, takeCachedHeaders } from "./cached-headers.ts";
import { stampDirectories, type StampContext } from "./file-stamp.ts";
import { parseCache, parseSummary, renderCache, type HeaderCache } from "./header-cache.ts";
import { findCacheFile, trustsNames, type HeaderOptions } from "./header-cache-options.ts";
import type { FileListing } from "./list-revision-files.ts";
import type { NodeBuiltins } from "./node-builtins.ts";
import { readHeader, type FileHeader } from "./read-header.ts";

interface CacheUse {
  readonly path: string;
  readonly opened: OpenedCache | null;
  readonly trustNames: boolean;
  readonly context: StampContext;
}

/** Reads the header of every file of a listing, from the cache where that is safe and worth it. */
export function readDirectoryHeaders(
  listing: FileListing,
  options: HeaderOptions,
  builtins: NodeBuiltins,
): readonly FileHeader[] {
  const path = findCacheFile(listing, options, builtins);
  if (path === null) return listing.files.map((file) => readHeader(file, builtins));
  const opened = openCache(path, listing, builtins);
  const context = { builtins, now: Date.now() };
  const use: CacheUse = { path, opened, trustNames: trustsNames(options), context };
  try {
    return readThroughCache(listing, use);
  } catch (error) {
    // A header in the cache is none: something else wrote there.
    if (opened === null || !isMigrationError(error, "SKM_SCRIPT_EXPORT")) throw error;
    return readThroughCache(listing, { ...use, opened: null });
  }
}

/** Opens a cache file, if there is one that belongs to this directory and this version. */
export function openCache(path: string, listing: FileListing, builtins: NodeBuiltins): OpenedCache | null {
  const lines = readCacheFile(path, builtins);
  const summary = lines === null ? null : parseSummary(lines, listing.root);
  return lines === null || summary === null ? null : { lines, summary };
}

function readThroughCache(listing: FileListing, use: CacheUse): readonly FileHeader[] {
  const { path, opened, context } = use;
  const cache: HeaderCache = (opened === null ? null : parseCache(opened.lines)) ?? {
    names: [],
    stamps: [],
    headers: [],
  };
  if (use.trustNames && opened !== null && areNamesUnchanged(listing, opened, context)) {
    return takeCachedHeaders(listing.files, cache);
  }
  const reading = readCachedHeaders(listing.files, cache, context);
  const directories = stampDirectories(listing, context);
  const hasMoved = directories.length > 0 && !isEqual(directories, opened?.summary.directories ?? []);
  if (reading.isChanged || hasMoved) {
    const summary = { directories, known: findKnownHeads(listing, reading) };
    writeCacheFile(path, renderCache(listing.root, summary, reading.kept), context.builtins);
  }
  return reading.headers;
}
