import { stampDirectories, stampFile, statFile, type StampContext } from "./file-stamp.ts";
import { hasNames, parseStamps, type CacheSummary } from "./header-cache.ts";
import type { FileListing } from "./list-revision-files.ts";

/** A cache file as it was read: its lines, and the first of them parsed. */
export interface OpenedCache {
  readonly lines: readonly string[];
  readonly summary: CacheSummary;
}

/** Whether no directory has changed since, and the cache holds exactly the files that are there. */
export function areNamesUnchanged(
  listing: FileListing,
  { lines, summary }: OpenedCache,
  context: StampContext,
): boolean {
  const stamps = stampDirectories(listing, context);
  return stamps.length > 0 && isEqual(stamps, summary.directories) && holdsFiles(listing, lines);
}

/** Whether the cache holds exactly the files that are there, each as it was. */
export function areFilesUnchanged(
  listing: FileListing,
  { lines }: OpenedCache,
  context: StampContext,
): boolean {
  const stamps = holdsFiles(listing, lines) ? parseStamps(lines) : null;
  if (stamps === null) return false;
  return listing.files.every((file, index) => {
    const stats = statFile(file, context);
    return stats !== null && stampFile(stats) === stamps[index];
  });
}

/** Whether two lists of stamps are the same. */
export function isEqual(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

function holdsFiles({ files, problems }: FileListing, lines: readonly string[]): boolean {
  return (
    problems.length === 0 &&
    hasNames(
      lines,
      files.map(({ name }) => name),
    )
  );
}
