import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { readNodeCode } from "./directory-error.ts";
import { loadNodeBuiltins, type NodeBuiltins } from "./node-builtins.ts";

/**
 * Writes a file that must not exist yet; directories are made. It appears whole or not at all, and of two
 * processes that write the same name one is refused.
 *
 * @param path absolute
 * @throws {SKM_FILE_EXISTS} there is one
 * @throws {SKM_SCRIPT_DIR} it cannot be written
 */
export function writeNewFile(path: string, text: string): void {
  const builtins = loadNodeBuiltins();
  const { fs } = builtins;
  const directory = builtins.path.dirname(path);
  // Hidden, so that nobody takes it for a revision.
  const temporary = builtins.path.join(directory, `.${crypto.randomUUID()}.tmp`);
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(temporary, text, { flag: "wx" });
    linkOrWrite(temporary, { path, text }, builtins);
  } catch (error) {
    throw readNodeCode(error) === "EEXIST" ? fileExists(path, error) : unwritable(path, error);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** Deletes a file that was written a moment ago. */
export function removeFile(path: string): void {
  loadNodeBuiltins().fs.rmSync(path, { force: true });
}

/** A link fails where the name is taken, which a rename does not. Some file systems know no links. */
function linkOrWrite(
  temporary: string,
  { path, text }: { readonly path: string; readonly text: string },
  { fs }: NodeBuiltins,
): void {
  try {
    fs.linkSync(temporary, path);
  } catch (error) {
    if (readNodeCode(error) === "EEXIST") throw error;
    fs.writeFileSync(path, text, { flag: "wx" });
  }
}

function unwritable(path: string, cause: unknown): MigrationError {
  const nodeCode = readNodeCode(cause);
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    ENOTDIR: "a part of the path is a file",
    ENAMETOOLONG: "the name is too long",
  };
  return new MigrationError(
    "SKM_SCRIPT_DIR",
    `cannot write ${quoteForMessage(path, 1000)}: ${reasons[nodeCode] ?? nodeCode}`,
    { details: { path, nodeCode }, hint: "the user that runs this must be able to write there", cause },
  );
}

function fileExists(path: string, cause: unknown): MigrationError {
  return new MigrationError("SKM_FILE_EXISTS", `cannot write ${quoteForMessage(path, 1000)}: it exists`, {
    details: { path },
    hint: "nothing is ever overwritten; delete the file, or choose another name",
    cause,
  });
}
