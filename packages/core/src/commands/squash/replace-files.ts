import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import { readNodeCode } from "../../script/directory-error.ts";
import { loadNodeBuiltins } from "../../script/node-builtins.ts";
import type { RevisionLocations } from "../choose-directory.ts";
import type { RevisionLibrary } from "../revision-library.ts";

/**
 * The files of revisions, each of which may be removed.
 *
 * @throws {SKM_SQUASH_FILES} one is an object, a link, lies outside of the directories or in one that is read-only
 */
export function listRemovable(
  { pathOf }: Pick<RevisionLibrary, "pathOf">,
  { directories }: RevisionLocations,
  revisions: readonly string[],
): readonly string[] {
  return revisions.map((revision) => {
    const path = pathOf(revision);
    if (path === null) throw refuse(revision, null, "was passed as an object and has no file");
    const problem = findProblem(path, directories);
    if (problem !== undefined) throw refuse(revision, path, problem);
    return path;
  });
}

function findProblem(file: string, directories: readonly string[]): string | undefined {
  const { fs, path } = loadNodeBuiltins();
  try {
    if (!fs.lstatSync(file).isFile()) return "is not a plain file";
    const real = fs.realpathSync(file);
    const isInside = directories.some((one) => real.startsWith(fs.realpathSync(one) + path.sep));
    if (!isInside) return "lies outside of the directories of revision files";
    fs.accessSync(path.dirname(file), fs.constants.W_OK);
    return undefined;
  } catch (error) {
    return `cannot be removed (${readNodeCode(error)})`;
  }
}

function refuse(revision: string, path: string | null, problem: string): MigrationError {
  const file = path === null ? "" : `: its file ${quoteForMessage(path, 1000)}`;
  return new MigrationError(
    "SKM_SQUASH_FILES",
    `cannot replace revision ${quoteForMessage(revision)}${file} ${problem}`,
    {
      details: { revision, path, problem },
      hint: "the old files have to go when the new one comes; put plain files into the directory of revision files",
    },
  );
}

/**
 * Copies files to a directory where no revisions are looked for. Nothing there is overwritten.
 *
 * @throws {SKM_SQUASH_FILES} it holds revisions, or a copy cannot be made
 */
export function archiveFiles(
  files: readonly string[],
  directory: string,
  { directories, recursive }: RevisionLocations,
): void {
  const { fs, path } = loadNodeBuiltins();
  const target = path.resolve(directory);
  const isRead = directories.some(
    (one) => one === target || (recursive && target.startsWith(one + path.sep)),
  );
  if (isRead) {
    throw new MigrationError(
      "SKM_SQUASH_FILES",
      `cannot archive to ${quoteForMessage(target, 1000)}: revisions are looked for there`,
      { details: { directory: target }, hint: "name a directory beside those of the revision files" },
    );
  }
  try {
    fs.mkdirSync(target, { recursive: true });
    for (const file of files) {
      fs.copyFileSync(file, path.join(target, path.basename(file)), fs.constants.COPYFILE_EXCL);
    }
  } catch (cause) {
    throw new MigrationError(
      "SKM_SQUASH_FILES",
      `cannot archive the old files to ${quoteForMessage(target, 1000)}: ${readNodeCode(cause)}`,
      {
        cause,
        details: { directory: target },
        hint: "name a directory that is writable and holds none of these files; copies that were made stay",
      },
    );
  }
}

/**
 * Removes the old files, once the new one stands in their place.
 *
 * @throws {SKM_SQUASH_PARTIAL} one stays; until it is gone, all that writes refuses
 */
export function removeFiles(files: readonly string[], written: string): void {
  const { fs } = loadNodeBuiltins();
  const failures = files.flatMap((file) => {
    try {
      // One that somebody else has removed is as gone as it should be.
      fs.rmSync(file, { force: true });
      return [];
    } catch (cause) {
      return [{ file, cause }];
    }
  });
  const [first] = failures;
  if (first === undefined) return;
  const left = failures.map(({ file }) => file);
  throw new MigrationError(
    "SKM_SQUASH_PARTIAL",
    `${quoteForMessage(written, 1000)} is written, and ${left.length} of the ${files.length} files that it replaces could not be removed: ${readNodeCode(first.cause)} at ${quoteForMessage(first.file, 1000)}`,
    {
      cause: first.cause,
      details: { written, removed: files.filter((file) => !left.includes(file)), left },
      hint: "remove the rest by hand; until then everything that writes refuses to start",
    },
  );
}
