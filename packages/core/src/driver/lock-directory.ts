import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError } from "./driver-error.ts";
import { fromSystemError, systemErrorCode } from "./file-error.ts";

/**
 * SQLite builds without native file locks lock `x.db` by making the directory `x.db.lock`. Nothing removes it when
 * its process is killed, other builds do not look at it, and it says nothing about who made it. So our own drivers
 * note the owner in the file `x.db.lock-owner`, which counts for the one directory that it names.
 */
export interface LockDirectory {
  readonly path: string;
  readonly ageMs: number;
  /** `undefined`: made by another program, or by a statement outside a transaction. */
  readonly owner: LockOwner | undefined;
  /** Inode and time: a new directory of the same name is another lock. */
  readonly identity: string;
}

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** `elsewhere`: on another computer, which cannot be asked. */
  readonly state: "running" | "gone" | "elsewhere";
}

/** @returns `undefined` when the database is not locked that way. */
export function inspectLockDirectory(database: string): LockDirectory | undefined {
  const path = lockPath(database);
  const stats = statDirectory(path);
  if (stats === undefined) return undefined;
  return {
    path,
    ageMs: Math.max(0, Date.now() - Number(stats.mtimeMs)),
    owner: readOwner(database, stats.identity),
    identity: stats.identity,
  };
}

/**
 * Notes this process as the owner of the lock directory, which it holds.
 *
 * @returns the identity of the directory. The note may stay when the directory goes: it counts for no other one.
 * @throws {DriverError} what the file system says.
 */
export function noteLockOwner(database: string): string {
  const lock = statDirectory(lockPath(database));
  if (lock === undefined) throw new DriverError("io", "the lock directory is gone", { target: database });
  const note: OwnerNote = { pid: process.pid, host: hostname(), lock: lock.identity };
  try {
    // A new file each time: the one that is there may belong to another user.
    rmSync(ownerPath(database), { force: true });
    writeFileSync(ownerPath(database), `${JSON.stringify(note)}\n`, { flag: "wx", mode: 0o644 });
    return lock.identity;
  } catch (error) {
    throw fromSystemError(database, error);
  }
}

/** Removes the note about one directory; another owner's note stays. */
export function forgetLockOwner(database: string, identity: string): void {
  const path = ownerPath(database);
  if (readNote(path)?.lock === identity) rmSync(path, { force: true });
}

/**
 * Runs `work` while holding the lock directory.
 *
 * @returns `undefined` when somebody else holds it.
 */
export async function withLockDirectory<T>(
  database: string,
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  if (!makeDirectory(database)) return undefined;
  let identity: string | undefined;
  try {
    identity = noteLockOwner(database);
    return await work();
  } finally {
    if (identity !== undefined) forgetLockOwner(database, identity);
    rmdirSync(lockPath(database));
  }
}

/**
 * Removes the lock directory of a process that is gone, or that nobody knows.
 *
 * @throws {DriverError} kind `busy`: its owner is running, or it is another directory by now.
 */
export function breakLockDirectory(database: string, lock: LockDirectory): void {
  assertBreakable(database, lock);
  // Moved first, so that what is removed is certainly the directory that was looked at.
  const aside = `${lock.path}-broken-${process.pid}`;
  if (!moved(lock.path, aside)) return;
  if (statDirectory(aside)?.identity !== lock.identity) {
    renameSync(aside, lock.path);
    throw new DriverError("busy", `the lock of the database ${quoteForMessage(database)} changed hands`, {
      target: database,
    });
  }
  rmdirSync(aside);
  forgetLockOwner(database, lock.identity);
}

/** @returns `false` when it is gone by itself. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** @throws {DriverError} kind `busy`: the owner is running. */
export function assertBreakable(database: string, lock: LockDirectory): void {
  if (lock.owner?.state !== "running") return;
  throw new DriverError("busy", describeLock(database, lock), {
    target: database,
    hint: `stop process ${lock.owner.pid} first; if that is another program by now, remove the directory ${quoteForMessage(lock.path)} by hand`,
  });
}

/** The error for a lock directory that is not expected to go away. */
export function staleLock(database: string, lock: LockDirectory): DriverError {
  const removing = `once no program uses the database, run a command that writes, such as upgrade, with --break-lock (option breakLock), or remove the directory ${quoteForMessage(lock.path)}`;
  const isRunning = lock.owner?.state === "running";
  return new DriverError("busy", describeLock(database, lock), {
    ...(isRunning ? {} : { reason: "stale-lock" }),
    target: database,
    hint: isRunning ? "let the other process finish its transaction, or wait longer" : removing,
  });
}

function describeLock(database: string, { path, ageMs, owner }: LockDirectory): string {
  const name = quoteForMessage(path);
  const age = `${Math.round(ageMs / 1000)} seconds old`;
  return `the database ${quoteForMessage(database)} is locked by the directory ${name}, ${age}${describeOwner(owner)}`;
}

function describeOwner(owner: LockOwner | undefined): string {
  switch (owner?.state) {
    case "running":
      return `, of process ${owner.pid}, which is running`;
    case "gone":
      return `, of process ${owner.pid}, which is not running any more`;
    case "elsewhere":
      return `, of process ${owner.pid} on the host ${quoteForMessage(owner.host)}`;
    case undefined:
      return ", of an unknown process";
  }
}

interface OwnerNote {
  readonly pid: number;
  readonly host: string;
  readonly lock: string;
}

function lockPath(database: string): string {
  return `${database}.lock`;
}

function ownerPath(database: string): string {
  return `${database}.lock-owner`;
}

function makeDirectory(database: string): boolean {
  try {
    mkdirSync(lockPath(database));
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw fromSystemError(database, error);
  }
}

function statDirectory(path: string): { readonly mtimeMs: bigint; readonly identity: string } | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return undefined;
  return { mtimeMs: stats.mtimeMs, identity: `${stats.ino}:${stats.mtimeNs}` };
}

/** A note that is half written, secret, or about another directory says nothing. */
function readOwner(database: string, identity: string): LockOwner | undefined {
  const note = readNote(ownerPath(database));
  if (note?.lock !== identity) return undefined;
  const { pid, host } = note;
  if (host !== hostname()) return { pid, host, state: "elsewhere" };
  return { pid, host, state: isRunning(pid) ? "running" : "gone" };
}

function readNote(path: string): OwnerNote | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof SyntaxError || code === "ENOENT" || code === "EACCES") return undefined;
    throw error;
  }
  return isNote(value) ? value : undefined;
}

function isNote(value: unknown): value is OwnerNote {
  if (typeof value !== "object" || value === null) return false;
  if (!("pid" in value && "host" in value && "lock" in value)) return false;
  const { pid, host, lock } = value;
  return Number.isSafeInteger(pid) && Number(pid) > 0 && typeof host === "string" && typeof lock === "string";
}

/** EPERM: there is such a process, of another user. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === "EPERM";
  }
}
