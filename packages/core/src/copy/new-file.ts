import { closeSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cannotOpen, fromSystemError, systemErrorCode } from "../driver/file-error.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { mismatch, refuseTarget } from "./copy-error.ts";
import { makeUnfinished, removeUnfinished } from "./unfinished-directory.ts";

/** Whether anything bears a name, a dangling link included. */
export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Builds a file under another name and gives it the final one when it is complete. The other name is in a new
 * directory beside it, for this user only, which is removed whatever happens to the work; where the process is
 * killed, the next copy to the same place removes it.
 *
 * @param path absolute; nothing bears the name.
 * @param build must leave the file closed, with all of it in the file itself.
 * @throws {MigrationError} SKM_COPY_TARGET: something bears the name by now, or a journal waits for a file of it.
 */
export async function buildNewFile<T>(path: string, build: (path: string) => Promise<T>): Promise<T> {
  assertNoJournal(path);
  assertParent(path);
  removeUnfinished(path);
  const directory = makeUnfinished(path);
  try {
    const unfinished = join(directory, basename(path));
    const result = await build(unfinished);
    assertAllInFile(unfinished);
    synchronize(unfinished);
    assertNoJournal(path);
    publish(unfinished, path);
    synchronize(dirname(path));
    return result;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** SQLite would take the journal of a file that is gone for one of the new file, and change that (wal.html). */
function assertNoJournal(path: string): void {
  const journal = ["-wal", "-journal", "-shm"].map((end) => path + end).find(exists);
  if (journal === undefined) return;
  throw refuseTarget(
    `${quoteForMessage(journal)} is left of another database of this name`,
    "choose another name, or remove that file if nothing needs it any more",
  );
}

/** What a journal still holds would be lost with it: a connection that is not closed after all. */
function assertAllInFile(path: string): void {
  const journal = ["-wal", "-journal"]
    .map((end) => path + end)
    .find((file) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0);
  if (journal !== undefined) throw mismatch(`${quoteForMessage(journal)} was left behind by the driver`);
}

function assertParent(path: string): void {
  const parent = dirname(path);
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw toMigrationError(
    cannotOpen(path, `${quoteForMessage(parent)} is not a directory that exists`, {
      reason: "parent-missing",
      hint: "create the directory first, or correct the path",
    }),
  );
}

const withoutLinks: ReadonlySet<string | undefined> = new Set([
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
]);

/** A link, unlike a rename, replaces nothing. Its first name goes at once: a database has one name. */
function publish(unfinished: string, path: string): void {
  try {
    linkSync(unfinished, path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST" || (withoutLinks.has(code) && exists(path))) throw appeared(path);
    if (!withoutLinks.has(code)) throw toMigrationError(fromSystemError(path, error));
    // A file system without links.
    renameSync(unfinished, path);
  }
  rmSync(unfinished, { force: true });
}

function appeared(path: string): Error {
  return refuseTarget(
    `${quoteForMessage(path)} appeared while the copy was made`,
    "find out who made it, then copy again",
  );
}

function synchronize(path: string): void {
  // Windows has no descriptor for a directory, and makes its entries durable with the file.
  if (process.platform === "win32" && statSync(path).isDirectory()) return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
