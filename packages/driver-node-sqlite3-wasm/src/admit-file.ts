import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import {
  breakLockDirectory,
  assertBreakable,
  cannotOpen,
  defaultWaitMs,
  DriverError,
  inspectLockDirectory,
  quoteForMessage,
  retryWhileBusy,
  staleLock,
  withLockDirectory,
  type AdmitRequest,
  type DatabaseFile,
  type LockDirectory,
} from "@skillmeat/migrate-core/driver";
import { assertFormat } from "./assert-format.ts";
import { hasUnfinishedJournal, isJournalWritten, rollBackJournal } from "./journal.ts";

/**
 * Makes sure that the library may open a file: it is not locked for ever, no killed transaction waits in it, and the
 * library can read it.
 *
 * @throws {DriverError} kind `busy`: locked for longer than `waitMs` · kind `busy`, reason `stale-lock`: the owner of
 * the lock is gone or not known · kind `readonly`: something must be written before the file can be read ·
 * kind `unsupported`: a write-ahead log, or UTF-16.
 */
export async function admitFile(file: DatabaseFile, request: AdmitRequest): Promise<void> {
  const { waitMs = defaultWaitMs, signal, readOnly = false } = request.connect;
  assertLockable(file.path);
  assertFormat(file.path);
  await passLock(file.path, { ...request, waitMs, signal });
  if (!hasUnfinishedJournal(file.path)) return;
  if (readOnly) throw waitsToBeRolledBack(file.path);
  await retryWhileBusy(async () => await rollBackUnderLock(file.path), { waitMs, signal });
}

/** Also a reader makes the directory that is the lock. */
function assertLockable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw cannotOpen(path, "its directory may not be written, and the lock is made there", {
      cause,
      hint: "read it with another driver",
    });
  }
  const inTheWay = statSync(`${path}.lock`, { throwIfNoEntry: false });
  if (inTheWay === undefined || inTheWay.isDirectory()) return;
  throw cannotOpen(path, `${quoteForMessage(`${path}.lock`)}, which must be a directory, is something else`, {
    hint: "move it away",
  });
}

interface LockRequest extends AdmitRequest {
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A lock that was made a moment ago and names no owner is that of a statement outside a transaction. */
const youngMs = 2000;

async function passLock(path: string, { breakLock, waitMs, signal }: LockRequest): Promise<void> {
  let last: LockDirectory | undefined;
  try {
    await retryWhileBusy(
      async () => {
        last = inspectLockDirectory(path);
        if (last === undefined) return;
        const isDead = last.owner?.state === "gone";
        if (breakLock && (isDead || last.ageMs >= youngMs)) await breakLockOf(path, last);
        else if (isDead) throw staleLock(path, last);
        else throw new DriverError("busy", "the database is locked", { target: path });
      },
      { waitMs, signal },
    );
  } catch (error) {
    const isTimeout = error instanceof DriverError && error.kind === "busy" && error.reason === undefined;
    throw isTimeout && last !== undefined ? staleLock(path, last) : error;
  }
}

/** What the owner left undone is rolled back first: nobody else can open the file before the lock is gone. */
async function breakLockOf(path: string, lock: LockDirectory): Promise<void> {
  assertBreakable(path, lock);
  if (isJournalWritten(path)) await rollBackJournal(path);
  breakLockDirectory(path, lock);
}

async function rollBackUnderLock(path: string): Promise<void> {
  const done = await withLockDirectory(path, async () => {
    if (isJournalWritten(path)) await rollBackJournal(path);
    return true;
  });
  if (done !== true) throw new DriverError("busy", "the database is locked", { target: path });
}

function waitsToBeRolledBack(path: string): DriverError {
  return new DriverError(
    "readonly",
    `a killed process left ${quoteForMessage(path)} in the middle of a transaction`,
    {
      target: path,
      reason: "crashed-writer",
      hint: "run a command that writes, such as upgrade: it rolls the transaction back",
    },
  );
}
