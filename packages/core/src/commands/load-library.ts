import type { KnownHeads } from "../script/header-cache.ts";
import type { ImportModule } from "../script/load-revision.ts";
import { loadNodeBuiltins } from "../script/node-builtins.ts";
import { readKnownHeads } from "../script/read-known-heads.ts";
import { readRevisionDirectory } from "../script/read-revision-directory.ts";
import { sourcesFromArray } from "../script/revision-source.ts";
import type { Revision } from "../script/revision.ts";
import { toAbsolutePath } from "../script/to-absolute-path.ts";
import type { RevisionLocations } from "./choose-directory.ts";
import { buildLibrary, type RevisionLibrary } from "./revision-library.ts";

/** Where a migrator's revisions come from. */
export interface RevisionsOptions {
  /** The revisions themselves, or the directories that hold their files. */
  readonly revisions: readonly Revision[] | string | readonly string[];
  /** Looks for files in subdirectories too. */
  readonly recursive?: boolean;
  /** Accepts symbolic links that lead out of their directory. */
  readonly followSymlinks?: boolean;
  /** Replaces `import()` of revision files, for loaders that understand more than Node.js does. */
  readonly importModule?: ImportModule;
}

/** The directories as absolute paths; none for revisions that are objects, which need no file system. */
export function findLocations({ revisions, recursive = false }: RevisionsOptions): RevisionLocations {
  const named =
    typeof revisions === "string" ? [revisions] : revisions.filter((item) => typeof item === "string");
  if (named.length === 0) return { directories: [], recursive };
  const builtins = loadNodeBuiltins();
  const directories = new Set(named.map((directory) => toAbsolutePath(directory, builtins)));
  return { directories: [...directories], recursive };
}

/** The newest revisions of a single large directory, where an earlier reading has left them behind. */
export function findKnownHeads(
  { recursive, followSymlinks }: RevisionsOptions,
  { directories: [directory, ...others] }: RevisionLocations,
): KnownHeads | null {
  if (directory === undefined || others.length > 0) return null;
  return readKnownHeads(directory, { recursive, followSymlinks });
}

/** Reads the revisions. */
export async function loadLibrary(options: RevisionsOptions): Promise<RevisionLibrary> {
  const { revisions, recursive, followSymlinks, importModule } = options;
  const { directories } = findLocations(options);
  if (directories.length > 0) {
    return buildLibrary(
      await readRevisionDirectory(directories, { recursive, followSymlinks, importModule }),
    );
  }
  const given = typeof revisions === "string" ? [] : revisions.filter((entry) => typeof entry !== "string");
  return buildLibrary({ sources: sourcesFromArray(given), problems: [] });
}
