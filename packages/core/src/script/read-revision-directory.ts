import { isMigrationError, type MigrationError } from "../errors/migration-error.ts";
import { readDirectoryHeaders } from "./directory-headers.ts";
import type { HeaderOptions } from "./header-cache-options.ts";
import { dropRepeatedFiles, listRevisionFiles, type RevisionFile } from "./list-revision-files.ts";
import type { ImportModule } from "./load-revision.ts";
import { loadNodeBuiltins } from "./node-builtins.ts";
import type { FileHeader } from "./read-header.ts";
import type { RevisionFileProblem } from "./revision-file-problem.ts";
import { createRevisionLoader, type RevisionLoader } from "./revision-loader.ts";
import type { RevisionSource } from "./revision-source.ts";
import { toAbsolutePath } from "./to-absolute-path.ts";

export interface ReadDirectoryOptions extends HeaderOptions {
  /** Replaces `import()`, for loaders that understand more than Node.js does. Gets the URL of a file. */
  readonly importModule?: ImportModule | undefined;
}

export interface RevisionDirectory {
  /** In load order: directory by directory as given, in each by name in UTF-16 code units. */
  readonly sources: readonly RevisionSource[];
  /** Every file that should hold a revision and does not, in the same order. */
  readonly problems: readonly RevisionFileProblem[];
}

/**
 * Reads the headers of all revision files of one or several directories.
 *
 * A header is read from the text of its file, without importing it. Only where it is computed, or where
 * something is wrong with it, the file is imported. Bodies are loaded by the `load` of each source.
 *
 * @param directories paths, relative to the working directory, or `file:` URLs
 * @throws {SKM_SCRIPT_DIR} a directory does not exist or cannot be read, or there is no file system
 */
export async function readRevisionDirectory(
  directories: string | URL | readonly (string | URL)[],
  options: ReadDirectoryOptions = {},
): Promise<RevisionDirectory> {
  const builtins = loadNodeBuiltins();
  const named = typeof directories === "string" || directories instanceof URL ? [directories] : directories;
  const roots = [...new Set(named.map((directory) => toAbsolutePath(directory, builtins)))];
  const listings = roots.map((root) => listRevisionFiles(root, options, builtins));
  const isNeeded = selectFiles(listings.map(({ files }) => files));
  const loader = createRevisionLoader(options);
  const sources: RevisionSource[] = [];
  const problems: RevisionFileProblem[] = [];
  for (const listing of listings) {
    problems.push(...listing.problems);
    for (const header of readDirectoryHeaders(listing, options, builtins)) {
      if (!isNeeded(header.file)) continue;
      const result = await toSource(header, loader);
      if ("error" in result) problems.push(result);
      else sources.push(result);
    }
  }
  return { sources, problems };
}

/** A file that several directories contain counts for the first. */
function selectFiles(lists: readonly (readonly RevisionFile[])[]): (file: RevisionFile) => boolean {
  if (lists.length < 2) return () => true;
  const needed = new Set(dropRepeatedFiles(lists.flat()));
  return (file) => needed.has(file);
}

async function toSource(
  header: FileHeader,
  loader: RevisionLoader,
): Promise<RevisionSource | { readonly path: string; readonly error: MigrationError }> {
  if (header.kind === "problem") return { path: header.file.path, error: header.error };
  if (header.kind === "known") return loader.createSource(header.file.path, header.info);
  try {
    return await loader.importSource(header.file.path);
  } catch (error) {
    if (isMigrationError(error)) return { path: header.file.path, error };
    throw error;
  }
}
