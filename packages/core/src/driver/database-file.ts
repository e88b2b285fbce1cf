import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  statSync,
  type BigIntStats,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError } from "./driver-error.ts";
import type { ConnectOptions } from "./driver.ts";
import { cannotOpen, fromSystemError, notWritable, systemErrorCode } from "./file-error.ts";
import { breakLockDirectory, inspectLockDirectory, staleLock } from "./lock-directory.ts";

/** Which file a path led to, to notice that it was moved or replaced. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
}

export interface DatabaseFile {
  /** The path with all symbolic links followed: SQLite puts its `-wal` and `-journal` beside that file. */
  readonly path: string;
  readonly identity: FileIdentity;
  /** Whether this user may write to the file and its directory. */
  readonly isWritable: boolean;
  /** A `-wal` or `-journal` is there now: somebody has the database open, or a process died. */
  readonly hasJournal: boolean;
}

export type PrepareFileOptions = Pick<ConnectOptions, "readOnly" | "create"> & {
  /** Creates a missing directory, for this user only; not unless told. */
  readonly createParent?: boolean;
  /**
   * What to do about a lock directory beside the file: `refuse` unless told; `break` removes it unless its owner is
   * running; `leave` is for libraries that lock that way themselves.
   */
  readonly lockDirectory?: "refuse" | "break" | "leave";
};

const longestLinkChain = 40;

/**
 * Looks at a database file before a library opens it, because libraries block on a fifo, fall back to reading
 * only without a word, and report everything else as "unable to open". A missing database is created empty, for
 * this user only, unless `readOnly` or `create: false`; nothing existing is changed.
 *
 * It never opens an existing database file: closing any descriptor of it would drop the locks that this
 * process holds through SQLite (sqlite.org/howtocorrupt.html, section 2.2).
 *
 * @param path absolute.
 * @throws {DriverError} kind `cantopen`: reason `missing`, `parent-missing`, `directory`, `not-regular`,
 * `hard-link`, `permission` · kind `readonly` when it shall be written and cannot · kind `busy`, reason
 * `stale-lock`.
 */
export function prepareDatabaseFile(path: string, options: PrepareFileOptions = {}): DatabaseFile {
  const real = followLinks(path);
  assertName(real.path);
  const found = real.stats ?? createFile(real.path, options);
  return describeFile(real.path, found, options);
}

function describeFile(real: string, found: BigIntStats, options: PrepareFileOptions): DatabaseFile {
  assertRegular(real, found);
  settleLockDirectory(real, options.lockDirectory ?? "refuse");
  assertReadable(real);
  const problem = findWriteProblem(real);
  if (problem !== undefined && options.readOnly !== true) throw problem;
  return {
    path: real,
    identity: { device: found.dev, inode: found.ino },
    isWritable: problem === undefined,
    get hasJournal() {
      return readStats(`${real}-wal`) !== undefined || readStats(`${real}-journal`) !== undefined;
    },
  };
}

/**
 * Checks that a path still leads to the same file. A process that keeps writing after the file was replaced
 * writes into a file that nobody will ever open again (sqlite.org/howtocorrupt.html, section 1.5).
 *
 * @throws {DriverError} kind `io`, reason `replaced`.
 */
export function assertSameFile(path: string, identity: FileIdentity): void {
  const found = readStats(path);
  if (found !== undefined && found.dev === identity.device && found.ino === identity.inode) return;
  const what = found === undefined ? "moved or deleted" : "replaced";
  throw new DriverError("io", `the database ${quoteForMessage(path)} was ${what} while it was open`, {
    reason: "replaced",
    target: path,
    hint: "find out which program did that, then run the same command again",
  });
}

interface FollowedPath {
  readonly path: string;
  /** `undefined` when nothing is there. */
  readonly stats: BigIntStats | undefined;
}

function followLinks(path: string): FollowedPath {
  let current = path;
  for (let links = 0; links < longestLinkChain; links += 1) {
    const stats = readStats(current, lstatSync);
    if (stats?.isSymbolicLink() !== true) return { path: current, stats };
    current = resolve(dirname(current), readlinkSync(current));
  }
  throw cannotOpen(path, "its symbolic links form a loop");
}

/** Libraries cut white space off a name, and would then open another file. */
function assertName(path: string): void {
  if (path === path.trimEnd()) return;
  throw cannotOpen(path, "the name ends in white space", { reason: "url", hint: "rename the file" });
}

/** A path through something that is no directory leads nowhere, as a missing entry does. */
function readStats(path: string, read: typeof statSync = statSync): BigIntStats | undefined {
  try {
    return read(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (systemErrorCode(error) === "ENOTDIR") return undefined;
    throw fromSystemError(path, error);
  }
}

function createFile(path: string, options: PrepareFileOptions): BigIntStats {
  if (options.readOnly === true || options.create === false) {
    throw cannotOpen(path, "it does not exist", { reason: "missing" });
  }
  assertParent(path, options);
  try {
    // SQLite would create it readable for everybody; "wx" never follows a link and never empties a file.
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw cannotCreate(path, error);
  }
  const created = readStats(path);
  if (created === undefined) throw cannotOpen(path, "it disappeared while it was created");
  return created;
}

function assertParent(path: string, options: PrepareFileOptions): void {
  const parent = dirname(path);
  const found = readStats(parent);
  if (found?.isDirectory() === true) return;
  if (found === undefined && options.createParent === true) {
    createParent(path, parent);
    return;
  }
  const problem = found === undefined ? "does not exist" : "is not a directory";
  throw cannotOpen(path, `${quoteForMessage(parent)} ${problem}`, {
    reason: "parent-missing",
    hint: "create the directory first, or correct the path",
  });
}

function createParent(path: string, parent: string): void {
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw cannotCreate(path, error);
  }
}

function cannotCreate(path: string, cause: unknown): DriverError {
  const code = systemErrorCode(cause);
  if (code !== "EACCES" && code !== "EPERM") return fromSystemError(path, cause);
  return notWritable(path, "its directory may not be written by this user", cause);
}

function assertRegular(path: string, stats: BigIntStats): void {
  if (stats.isDirectory()) throw cannotOpen(path, "it is a directory", { reason: "directory" });
  if (!stats.isFile()) throw cannotOpen(path, "it is not a regular file", { reason: "not-regular" });
  if (stats.nlink > 1n) {
    throw cannotOpen(path, `the file has ${stats.nlink} hard links, and SQLite locks each name by itself`, {
      reason: "hard-link",
      hint: "keep one name: remove the other links, or copy the file",
    });
  }
}

function settleLockDirectory(path: string, action: "refuse" | "break" | "leave"): void {
  const lock = action === "leave" ? undefined : inspectLockDirectory(path);
  if (lock === undefined) return;
  if (action === "refuse") throw staleLock(path, lock);
  breakLockDirectory(path, lock);
}

function assertReadable(path: string): void {
  const refused = refusedAccess(path, constants.R_OK);
  if (refused === undefined) return;
  throw cannotOpen(path, "it may not be read by this user", { reason: "permission", cause: refused });
}

function findWriteProblem(path: string): DriverError | undefined {
  const file = refusedAccess(path, constants.W_OK);
  if (file !== undefined) return writeProblem(path, "the file", file);
  const directory = refusedAccess(dirname(path), constants.W_OK | constants.X_OK);
  return directory === undefined
    ? undefined
    : writeProblem(path, "its directory, where SQLite keeps the journal,", directory);
}

function writeProblem(path: string, what: string, cause: unknown): DriverError {
  const isFileSystem = systemErrorCode(cause) === "EROFS";
  const problem = isFileSystem ? "the file system is read-only" : `${what} may not be written by this user`;
  return notWritable(path, problem, cause);
}

function refusedAccess(path: string, mode: number): unknown {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return error;
  }
}
