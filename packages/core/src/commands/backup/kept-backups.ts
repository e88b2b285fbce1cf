import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromSystemError, systemErrorCode } from "../../driver/file-error.ts";
import { toMigrationError } from "../../driver/to-migration-error.ts";
import { readBackupTime } from "./backup-name.ts";
import { keptUnlessTold, type BackupRequest, type WrittenBackup } from "./write-backup.ts";

export interface KeptBackup {
  readonly path: string;
  /** The time in its name, which sorts. */
  readonly time: string;
}

/**
 * Deletes the oldest backups beside a new one, never one that was not named by us.
 *
 * @param spare an older backup that is needed still.
 * @returns what was deleted; nothing where the new one has a name of the caller's.
 */
export function clearOlder(
  written: WrittenBackup,
  { path: named, keep = keptUnlessTold }: BackupRequest,
  spare?: string,
): readonly string[] {
  if (named !== undefined) return [];
  const old = listOthers(written, spare).slice(keep - 1);
  // Another process may have cleared it away meanwhile.
  for (const { path } of old) rmSync(path, { force: true });
  return old.map(({ path }) => path);
}

/** The other backups of the database in the same directory, newest first, by their names. */
export function listOthers({ path: newest, database }: WrittenBackup, spare?: string): readonly KeptBackup[] {
  const folder = dirname(newest);
  const staying = new Set([newest, ...(spare === undefined ? [] : [spare])].map(identify));
  const found = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const time = entry.isFile() ? readBackupTime(entry.name, database) : undefined;
    const path = join(folder, entry.name);
    return time === undefined || staying.has(identify(path)) ? [] : [{ path, time }];
  });
  return found.toSorted((a, b) => (a.time === b.time ? compareAge(a, b) : a.time < b.time ? 1 : -1));
}

/** Names tell seconds; within one the file system knows more. */
function compareAge(a: KeptBackup, b: KeptBackup): number {
  const [left = 0n, right = 0n] = [a, b].map(
    ({ path }) => statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs,
  );
  return left === right ? 0 : left < right ? 1 : -1;
}

/**
 * Finds an older backup of the same state: VACUUM INTO writes the same bytes for the same content, as no time and
 * no chance get into the file; only the schema cookie counts on.
 *
 * @returns the newest one with the same bytes.
 */
export function findSame(written: WrittenBackup): string | undefined {
  return listOthers(written).find(({ path }) => hasSameBytes(path, written.path))?.path;
}

const chunkBytes = 1 << 20;

/** An older backup that cannot be read, or is gone by now, is not known to be the same. */
const unreadable: ReadonlySet<string | undefined> = new Set(["ENOENT", "EACCES", "EPERM"]);

function hasSameBytes(older: string, newer: string): boolean {
  const size = statSync(older, { throwIfNoEntry: false })?.size;
  if (size === undefined || size !== statSync(newer).size) return false;
  try {
    return compareFiles(older, newer, size);
  } catch (error) {
    if (unreadable.has(systemErrorCode(error))) return false;
    throw toMigrationError(fromSystemError(older, error));
  }
}

function compareFiles(one: string, other: string, size: number): boolean {
  const a = openSync(one, "r");
  try {
    const b = openSync(other, "r");
    try {
      return compareContents(a, b, size);
    } finally {
      closeSync(b);
    }
  } finally {
    closeSync(a);
  }
}

/**
 * Where the header counts changes of the schema (fileformat2.html#schema_cookie): it is no content, and grows where a
 * failed run is undone by a restore.
 */
const schemaCookie = [40, 44] as const;

function compareContents(a: number, b: number, size: number): boolean {
  const [left, right] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)];
  for (let done = 0; done < size;) {
    const length = readSync(a, left, 0, chunkBytes, done);
    const isSame = length > 0 && readSync(b, right, 0, chunkBytes, done) === length;
    if (done === 0) for (const chunk of [left, right]) chunk.fill(0, ...schemaCookie);
    if (!isSame || left.compare(right, 0, length, 0, length) !== 0) return false;
    done += length;
  }
  return true;
}

/** A name may be on many paths where there are links; it is one file by device and inode. */
function identify(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
