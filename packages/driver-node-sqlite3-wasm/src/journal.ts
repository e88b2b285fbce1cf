import { closeSync, openSync, readSync, rmdirSync, mkdirSync } from "node:fs";
import { DriverError, quoteForMessage, systemErrorCode } from "@skillmeat/migrate-core/driver";
import { openNative, type NativeDatabase } from "./engine.ts";

/**
 * Whether the rollback journal holds something. SQLite zeroes or removes its header when the transaction ends
 * (sqlite.org/fileformat2.html#the_rollback_journal).
 */
export function isJournalWritten(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(`${path}-journal`, "r");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return false;
    throw error;
  }
  try {
    const first = Buffer.alloc(1);
    return readSync(descriptor, first) === 1 && first[0] !== 0;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether the journal of a killed process waits to be rolled back: it is written and nobody has the lock. The lock
 * is taken for the moment of looking, because otherwise the journal may be that of a transaction that goes on.
 */
export function hasUnfinishedJournal(path: string): boolean {
  if (!isJournalWritten(path)) return false;
  try {
    mkdirSync(`${path}.lock`);
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    return isJournalWritten(path);
  } finally {
    rmdirSync(`${path}.lock`);
  }
}

/**
 * Rolls back the transaction that a killed process left in the file. node-sqlite3-wasm never does: SQLite asks
 * whether anybody holds a reserved lock (sqlite.org/c3ref/io_methods.html), the library finds the lock directory of
 * the very connection that asks, and so the journal passes for that of a transaction that goes on; the half-written
 * pages are read and the journal is overwritten. The SQLite inside Node.js reads the file once and thereby rolls it
 * back. The caller holds the lock directory.
 *
 * @throws {DriverError} kind `unsupported`, reason `runtime`: this runtime has no `node:sqlite`.
 */
export async function rollBackJournal(path: string): Promise<void> {
  const database = await openBuiltIn(path);
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").all();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new DriverError(
      "io",
      `cannot roll back what a killed process left in ${quoteForMessage(path)}: ${detail}`,
      {
        cause,
        target: path,
        hint: "open the database with another driver",
      },
    );
  } finally {
    database.close();
  }
  if (!isJournalWritten(path)) return;
  throw new DriverError(
    "io",
    `the transaction that a killed process left in ${quoteForMessage(path)} stays`,
    {
      target: path,
      hint: "open the database with another driver",
    },
  );
}

async function openBuiltIn(path: string): Promise<NativeDatabase> {
  try {
    return await openNative(path);
  } catch (cause) {
    throw new DriverError(
      "unsupported",
      `a killed process left ${quoteForMessage(path)} in the middle of a transaction, and node:sqlite, which would roll it back, cannot open it`,
      { cause, reason: "runtime", target: path, hint: "open the database once with another driver" },
    );
  }
}
