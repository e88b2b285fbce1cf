import { findCacheDirectory, nameCacheFile } from "./cache-location.ts";
import type { FileListing, ListOptions } from "./list-revision-files.ts";
import type { NodeBuiltins } from "./node-builtins.ts";

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

/** How the headers of a directory are read. */
export interface HeaderOptions extends ListOptions {
  /** Where and when headers of large directories are kept between runs; `false` for not at all. */
  readonly headerCache?: HeaderCacheOptions | false | undefined;
}

/** Below this, reading the files costs about what looking at them does. */
const defaultMinimumFiles = 500;

/** The file that keeps the headers of this listing, `null` when none is to be used. */
export function findCacheFile(
  listing: FileListing,
  options: HeaderOptions,
  builtins: NodeBuiltins,
): string | null {
  const { headerCache = {}, recursive = false } = options;
  if (headerCache === false) return null;
  if (listing.files.length < (headerCache.minimumFiles ?? defaultMinimumFiles)) return null;
  const directory = headerCache.directory ?? findCacheDirectory(listing.root, builtins);
  return directory === null ? null : builtins.path.resolve(directory, nameCacheFile(listing.root, recursive));
}

/** Whether file names are enough to believe the cache. */
export function trustsNames({ headerCache = {} }: HeaderOptions): boolean {
  return headerCache !== false && headerCache.trust === "names";
}
