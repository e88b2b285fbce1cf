import { areFilesUnchanged, areNamesUnchanged } from "./cache-validity.ts";
import { openCache } from "./directory-headers.ts";
import type { KnownHeads } from "./header-cache.ts";
import { findCacheFile, trustsNames, type HeaderOptions } from "./header-cache-options.ts";
import { listRevisionFiles } from "./list-revision-files.ts";
import { loadNodeBuiltins } from "./node-builtins.ts";
import { toAbsolutePath } from "./to-absolute-path.ts";

/**
 * Tells the newest revisions of a large directory without reading its headers, when an earlier
 * `readRevisionDirectory` has left them behind and no file has changed since: the question "is there
 * anything to do?" needs no more. The same options must be given to both.
 *
 * @param directory a path, relative to the working directory, or a `file:` URL
 * @returns `null` when reading the headers is the only way to know
 * @throws {SKM_SCRIPT_DIR} the directory does not exist or cannot be read, or there is no file system
 */
export function readKnownHeads(directory: string | URL, options: HeaderOptions = {}): KnownHeads | null {
  const builtins = loadNodeBuiltins();
  const listing = listRevisionFiles(toAbsolutePath(directory, builtins), options, builtins);
  const path = findCacheFile(listing, options, builtins);
  const opened = path === null ? null : openCache(path, listing, builtins);
  if (opened === null || opened.summary.known === null) return null;
  const isUnchanged = trustsNames(options) ? areNamesUnchanged : areFilesUnchanged;
  return isUnchanged(listing, opened, { builtins, now: Date.now() }) ? opened.summary.known : null;
}
