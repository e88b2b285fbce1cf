import { directoryError } from "./directory-error.ts";
import type { NodeBuiltins } from "./node-builtins.ts";
import { resolveLink } from "./resolve-link.ts";
import type { RevisionFileProblem } from "./revision-file-problem.ts";

const extensions = [".ts", ".mts", ".js", ".mjs", ".sql"] as const;

/** A file that should hold a revision. */
export interface RevisionFile {
  /** Relative to the listed directory, with `/`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** The real path of the directory it stands in, with a separator at the end. */
  readonly realDirectory: string;
  /** Where it leads when it is a symbolic link, else `null`. */
  readonly target: string | null;
}

export interface ListOptions {
  /** Looks into subdirectories too, except hidden ones and `node_modules`. */
  readonly recursive?: boolean | undefined;
  /** Accepts symbolic links that lead out of the directory. */
  readonly followSymlinks?: boolean | undefined;
}

export interface FileListing {
  /** Absolute, as it was named. */
  readonly root: string;
  /** Sorted by name in UTF-16 code units: the load order. */
  readonly files: readonly RevisionFile[];
  /** Absolute paths of the directories that were read. */
  readonly directories: readonly string[];
  readonly problems: readonly RevisionFileProblem[];
}

interface Walk {
  readonly builtins: NodeBuiltins;
  readonly options: ListOptions;
  readonly root: string;
  readonly realRoot: string;
  readonly files: RevisionFile[];
  readonly directories: string[];
  readonly problems: RevisionFileProblem[];
  /** Left for the end, so that what is found without a link is found first. */
  readonly links: Place[];
  /** Real paths of the directories that were read. */
  readonly visited: Set<string>;
}

interface Place {
  /** Relative to the root, with `/`; the root itself is `""`. */
  readonly name: string;
  readonly path: string;
  readonly realPath: string;
}

/**
 * Finds the revision files of a directory: `.ts`, `.mts`, `.js`, `.mjs` and `.sql`, without declarations (`.d.ts`),
 * tests (`.test.ts`, `.spec.ts`), hidden files and what editors leave behind. A file that is found in two
 * ways counts once.
 *
 * @param root absolute
 * @throws {SKM_SCRIPT_DIR} a directory does not exist or cannot be read
 */
export function listRevisionFiles(root: string, options: ListOptions, builtins: NodeBuiltins): FileListing {
  const realRoot = readOrRefuse(root, () => builtins.fs.realpathSync(root));
  const lists = { files: [], directories: [], problems: [], links: [], visited: new Set<string>() };
  const walk: Walk = { builtins, options, root, realRoot, ...lists };
  readDirectory(walk, { name: "", path: root, realPath: realRoot });
  // Directories behind links add to the list while it is walked.
  for (const link of walk.links) followLink(walk, link);
  const { files, directories, problems } = walk;
  // One directory without links has been sorted by the engine.
  if (directories.length === 1 && walk.links.length === 0) return { root, files, directories, problems };
  return {
    root,
    files: sortFiles(walk.links.length > 0 ? dropRepeatedFiles(files) : files),
    directories,
    problems,
  };
}

/** Whether a file of this name should hold a revision. */
export function isRevisionFileName(name: string): boolean {
  return (
    extensions.some((extension) => name.endsWith(extension)) && !/^\.|\.(?:d|test|spec)\.\w+$/.test(name)
  );
}

function readDirectory(walk: Walk, directory: Place): void {
  const { fs, path } = walk.builtins;
  if (walk.visited.has(directory.realPath)) return;
  walk.visited.add(directory.realPath);
  walk.directories.push(directory.path);
  const entries = readOrRefuse(directory.path, () => fs.readdirSync(directory.path, { withFileTypes: true }));
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.isFile()) {
      if (isRevisionFileName(entry.name)) names.push(entry.name);
    } else if (entry.isSymbolicLink()) {
      walk.links.push(enter(directory, entry.name, path.sep));
    } else if (entry.isDirectory() && walk.options.recursive === true && isDirectoryName(entry.name)) {
      readDirectory(walk, enter(directory, entry.name, path.sep));
    }
  }
  addFiles(walk, directory, names);
}

function addFiles({ files, builtins }: Walk, directory: Place, names: string[]): void {
  const { name, path, realPath } = enter(directory, "", builtins.path.sep);
  // Without a comparison function the engine sorts text by code units natively.
  for (const file of names.sort()) {
    files.push({ name: name + file, path: path + file, realDirectory: realPath, target: null });
  }
}

function enter({ name, path, realPath }: Place, entry: string, separator: string): Place {
  return {
    name: name === "" ? entry : `${name}/${entry}`,
    path: endWith(path, separator) + entry,
    realPath: endWith(realPath, separator) + entry,
  };
}

function isDirectoryName(name: string): boolean {
  return !name.startsWith(".") && name !== "node_modules";
}

function followLink(walk: Walk, link: Place): void {
  const baseName = link.name.slice(link.name.lastIndexOf("/") + 1);
  const isFileName = isRevisionFileName(baseName);
  const isDirectoryLink = walk.options.recursive === true && isDirectoryName(baseName);
  if (!isFileName && !isDirectoryLink) return;
  const target = resolveLink(link.path, walk);
  if (target.kind === "problem") {
    // A link that leads nowhere might as well have been a directory; its name decides.
    if (isFileName || target.leadsOutside) walk.problems.push({ path: link.path, error: target.error });
  } else if (target.kind === "directory") {
    if (isDirectoryLink) readDirectory(walk, { ...link, realPath: target.realPath });
  } else if (isFileName) {
    walk.files.push({ name: link.name, path: link.path, realDirectory: "", target: target.realPath });
  }
}

function sortFiles(files: readonly RevisionFile[]): readonly RevisionFile[] {
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Keeps the first file of each real path. */
export function dropRepeatedFiles(files: readonly RevisionFile[]): readonly RevisionFile[] {
  const seen = new Set<string>();
  return files.filter(({ name, realDirectory, target }) => {
    const realPath = target ?? realDirectory + name.slice(name.lastIndexOf("/") + 1);
    const isNew = !seen.has(realPath);
    seen.add(realPath);
    return isNew;
  });
}

function endWith(path: string, separator: string): string {
  return path.endsWith(separator) ? path : path + separator;
}

function readOrRefuse<T>(directory: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw directoryError(directory, error);
  }
}
