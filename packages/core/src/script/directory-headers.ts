import { isMigrationError } from "../errors/migration-error.ts";
import { readCacheFile, writeCacheFile, type HeaderCache } from "./cache-file.ts";
import { findCacheDirectory, nameCacheFile } from "./cache-location.ts";
import { readCachedHeaders, type CachedReading } from "./cached-headers.ts";
import type { FileListing } from "./list-revision-files.ts";
import type { NodeBuiltins } from "./node-builtins.ts";
import { readHeader, type FileHeader } from "./read-header.ts";

export interface HeaderCacheOptions {
  /** Where to keep headers; `node_modules/.cache` of the project or the user's cache directory unless told. */
  readonly directory?: string | undefined;
  /** The number of files from which on a directory is worth it, 500 unless told. */
  readonly minimumFiles?: number | undefined;
  /**
   * When a kept header counts. `"files"`, the default: while the file has the same size, inode and times,
   * so that every edit is noticed; this costs one look at each file. `"names"`: while no directory has
   * changed and the names are the same; files written over in place go unnoticed, so it is meant for
   * installations whose files do not change, such as container images.
   */
  readonly trust?: "files" | "names" | undefined;
}

export interface HeaderOptions {
  readonly recursive?: boolean | undefined;
  /** `false` keeps nothing and reads every file. */
  readonly headerCache?: HeaderCacheOptions | false | undefined;
}

/** Below this, reading the files costs about what looking at them does. */
const defaultMinimumFiles = 500;

/** Reads the header of every file of a listing, from the cache where that is safe and worth it. */
export function readDirectoryHeaders(
  listing: FileListing,
  options: HeaderOptions,
  builtins: NodeBuiltins,
): readonly FileHeader[] {
  const cacheOptions = options.headerCache === false ? null : (options.headerCache ?? {});
  const minimum = cacheOptions?.minimumFiles ?? defaultMinimumFiles;
  const path =
    cacheOptions !== null && listing.files.length >= minimum
      ? findCacheFile(listing, options, builtins)
      : null;
  if (path === null) return listing.files.map((file) => readHeader(file, builtins));
  const trustNames = cacheOptions?.trust === "names";
  const cache = readCacheFile(path, listing.root, builtins);
  const { headers, update } = readWithCache(listing, cache, { builtins, trustNames, now: Date.now() });
  if (update !== null) writeCacheFile(path, listing.root, { cache: update, builtins });
  return headers;
}

function readWithCache(
  listing: FileListing,
  cache: HeaderCache | null,
  options: Parameters<typeof readCachedHeaders>[2],
): CachedReading {
  try {
    return readCachedHeaders(listing, cache, options);
  } catch (error) {
    // Something else wrote into the cache.
    if (cache === null || !isMigrationError(error, "SKM_SCRIPT_EXPORT")) throw error;
    return readCachedHeaders(listing, null, options);
  }
}

function findCacheFile(listing: FileListing, options: HeaderOptions, builtins: NodeBuiltins): string | null {
  const named = options.headerCache === false ? undefined : options.headerCache?.directory;
  const directory = named ?? findCacheDirectory(listing.root, builtins);
  if (directory === null) return null;
  return builtins.path.resolve(directory, nameCacheFile(listing.root, options.recursive === true));
}
