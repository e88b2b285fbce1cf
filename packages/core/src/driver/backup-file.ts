import { closeSync, constants, fsyncSync, openSync, statSync, unlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError } from "./driver-error.ts";
import { fromSystemError, systemErrorCode } from "./file-error.ts";
import type { SyncEngine } from "./sync-engine.ts";

/**
 * Writes a consistent copy of the database with VACUUM INTO (sqlite.org/lang_vacuum.html): it needs no write
 * lock, keeps rowids, and leaves out deleted content. The file is created by us first, for this user only,
 * because SQLite would make it readable for everybody and follow a symbolic link; it is on the disk when this
 * returns. A copy that fails is removed.
 *
 * @param path relative to the working directory, or absolute; must not exist.
 * @throws {DriverError} kind `cantopen` when the path exists or cannot be created; what VACUUM throws.
 */
export function writeBackupFile(engine: SyncEngine, path: string): void {
  const target = resolve(path);
  createEmpty(target);
  try {
    copyInto(engine, target);
    synchronize(target);
  } catch (error) {
    throw afterRemoval(target, error);
  }
  synchronize(dirname(target));
}

function copyInto(engine: SyncEngine, target: string): void {
  const statement = engine.prepare("VACUUM INTO ?");
  try {
    statement.run([target]);
  } finally {
    statement.finalize?.();
  }
}

/** Removes the unfinished copy and returns the error to throw. */
function afterRemoval(path: string, error: unknown): unknown {
  try {
    unlinkSync(path);
    return error;
  } catch (removalError) {
    const message = error instanceof Error ? error.message : String(error);
    return new DriverError("io", `the backup failed and ${quoteForMessage(path)} is incomplete: ${message}`, {
      cause: error,
      target: path,
      cleanupErrors: [removalError],
    });
  }
}

function createEmpty(path: string): void {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw fromSystemError(path, error);
    throw new DriverError("cantopen", `cannot write the backup ${quoteForMessage(path)}: it exists already`, {
      cause: error,
      target: path,
      hint: "choose another name, or remove the old file",
    });
  }
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
