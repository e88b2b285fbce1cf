import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { loadNodeBuiltins } from "../script/node-builtins.ts";

/** Where the revision files of a project are. */
export interface RevisionLocations {
  /** Absolute; empty for revisions that were passed as objects. */
  readonly directories: readonly string[];
  readonly recursive: boolean;
}

export interface DirectoryRequest {
  readonly named: string | undefined;
  /** The files of the revisions that the new one follows. */
  readonly parents: readonly string[];
}

/**
 * Chooses the directory of a new revision file: the one that is named, the only one, or that of the first parent.
 *
 * @throws {MigrationError} SKM_USAGE
 */
export function chooseDirectory(
  { directories, recursive }: RevisionLocations,
  { named, parents }: DirectoryRequest,
): string {
  const { path } = loadNodeBuiltins();
  const [first, ...others] = directories;
  if (first === undefined) {
    throw usage(
      "there is no directory of revision files to write to",
      {},
      "name one with --versions, or begin a project with `skillmeat-migrate init`",
    );
  }
  const holds = (directory: string, file: string): boolean => {
    const relative = path.relative(directory, file);
    return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  };
  if (named !== undefined) {
    const wanted = path.resolve(named);
    if (directories.some((one) => one === wanted || (recursive && holds(one, wanted)))) return wanted;
    const shown = directories.map((one) => quoteForMessage(one, 1000)).join(", ");
    const problem = `${quoteForMessage(wanted, 1000)} is not a directory of revision files`;
    throw usage(problem, { directory: wanted, directories }, `the directories are ${shown}`);
  }
  const near = directories.find((one) => parents.some((file) => holds(one, file)));
  if (others.length === 0 || near !== undefined) return near ?? first;
  throw usage(
    "there are several directories of revision files",
    { directories },
    "say with --version-path which one the new file goes to",
  );
}

function usage(message: string, details: Readonly<Record<string, unknown>>, hint: string): MigrationError {
  return new MigrationError("SKM_USAGE", message, { details, hint });
}
