import { amendDriverError, DriverError } from "./driver-error.ts";
import type { UnitOptions } from "./driver.ts";
import { assertIdle, closedError, toDriverError, type SyncSession } from "./sync-session.ts";
import { retryWhileBusy, throwIfAborted, type LockWait } from "./wait-for-lock.ts";

/**
 * Runs `work` between BEGIN and COMMIT. Rejects with what `work` threw once everything is rolled back. A
 * `DriverError` carries the outcome: `"unknown"` where a COMMIT failed in a way that proves nothing, or where
 * even the rollback failed.
 */
export async function runTransaction<T>(
  session: SyncSession,
  options: UnitOptions,
  work: () => T | Promise<T>,
): Promise<T> {
  assertIdle(session);
  const before = askForeignKeys(session, "recall");
  const wanted = wantedForeignKeys(options);
  session.inUse = true;
  try {
    const wait = waitOf(session, options);
    await begin(session, wait, { before, wanted });
    return await finish(session, wait, async () => {
      assertForeignKeys(session, options);
      return await work();
    });
  } catch (error) {
    throw withOutcome(error);
  } finally {
    session.inUse = false;
    // Where the rollback failed the engine is closed, and the setting went with it.
    if (session.engine.isOpen()) switchForeignKeys(session, wanted, before);
  }
}

/** Nothing was committed unless the error says otherwise. */
function withOutcome(error: unknown): unknown {
  if (!(error instanceof DriverError) || error.outcome !== undefined) return error;
  return amendDriverError(error, { outcome: "rolled-back" });
}

function waitOf(session: SyncSession, options: UnitOptions): LockWait {
  return {
    waitMs: options.waitMs ?? session.waitMs,
    signal: options.signal,
    onWait: (ms) => options.onWait?.(ms),
  };
}

interface ForeignKeys {
  readonly before: number;
  readonly wanted: number;
}

/**
 * A write transaction takes its lock at once: a later upgrade fails with SQLITE_BUSY_SNAPSHOT
 * (sqlite.org/isolation.html). Foreign keys are switched right before each try, because the PRAGMA does nothing
 * inside a transaction (sqlite.org/foreignkeys.html), and back while waiting, because the connection may be
 * shared with an application.
 */
async function begin(session: SyncSession, wait: LockWait, foreignKeys: ForeignKeys): Promise<void> {
  const sql = session.readOnly ? "BEGIN" : "BEGIN IMMEDIATE";
  const { before, wanted } = foreignKeys;
  await retryWhileBusy(() => {
    if (session.closed) throw closedError(session);
    switchForeignKeys(session, before, wanted);
    try {
      execute(session, sql);
    } catch (error) {
      switchForeignKeys(session, wanted, before);
      throw error;
    }
  }, wait);
}

/** Only where it makes a difference: the PRAGMA makes SQLite prepare every statement again. */
function switchForeignKeys(session: SyncSession, from: number, to: number): void {
  if (from === to) return;
  session.foreignKeys.forget();
  execute(session, `PRAGMA foreign_keys = ${to}`);
}

function wantedForeignKeys(options: UnitOptions): 0 | 1 {
  return options.foreignKeys === "suspended" ? 0 : 1;
}

function askForeignKeys(session: SyncSession, how: "read" | "recall"): number {
  try {
    return session.foreignKeys[how]();
  } catch (error) {
    throw toDriverError(session, error);
  }
}

function assertForeignKeys(session: SyncSession, options: UnitOptions): void {
  const wanted = wantedForeignKeys(options);
  if (askForeignKeys(session, "read") === wanted) return;
  const verb = wanted === 0 ? "suspend" : "enforce";
  throw new DriverError("unsupported", `the engine does not ${verb} foreign keys for a transaction`);
}

async function finish<T>(session: SyncSession, wait: LockWait, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
    throwIfAborted(wait.signal);
    assertStillOpen(session);
    session.beforeCommit?.();
  } catch (error) {
    throw rolledBack(session, error);
  }
  await commit(session, wait);
  return result;
}

/** @throws {DriverError} reason `transaction-lost`: a statement ended the transaction. */
export function assertStillOpen(session: SyncSession): void {
  if (session.engine.inTransaction()) return;
  if (session.closed || !session.engine.isOpen()) throw closedError(session);
  throw transactionLost("unknown");
}

/**
 * The error for a transaction that is not open any more. A statement that failed and took it along (ON CONFLICT
 * ROLLBACK, RAISE(ROLLBACK)) left nothing behind; one that succeeded may have been a COMMIT. Where SQLite rolled
 * back because it had to, as on a full disk (sqlite.org/lang_transaction.html), that error says enough.
 */
export function transactionLost(outcome: "rolled-back" | "unknown", cause?: unknown): DriverError {
  const message = "the transaction ended before its last statement";
  if (!(cause instanceof DriverError)) {
    return new DriverError("sql", message, { reason: "transaction-lost", outcome });
  }
  if (cause.kind !== "constraint" && cause.kind !== "sql") return amendDriverError(cause, { outcome });
  return new DriverError(cause.kind, `${message}: ${cause.message}`, {
    reason: "transaction-lost",
    outcome,
    cause,
    ...(cause.engineCode === undefined ? {} : { engineCode: cause.engineCode }),
  });
}

/** COMMIT finds readers in the way outside WAL; the transaction stays open then and COMMIT may be tried again. */
async function commit(session: SyncSession, wait: LockWait): Promise<void> {
  try {
    await retryWhileBusy(() => {
      if (session.closed) throw closedError(session);
      execute(session, "COMMIT");
    }, wait);
  } catch (error) {
    throw settleFailedCommit(session, error);
  }
}

/**
 * Proven to be rolled back: a violated deferred constraint and a busy database are found before anything is
 * written, and SQLITE_FULL means that the last write of the transaction is not on the disk. After any other
 * error the COMMIT may still become durable (a failed fsync does not undo a write), so only reading the
 * database again, by a new connection, can tell.
 */
function settleFailedCommit(session: SyncSession, error: unknown): unknown {
  const isProven =
    error instanceof DriverError && (provenKinds.has(error.kind) || error.reason === "aborted");
  const failed = rolledBack(session, error);
  return failed instanceof DriverError && !isProven
    ? amendDriverError(failed, { outcome: "unknown" })
    : failed;
}

const provenKinds: ReadonlySet<string> = new Set(["busy", "constraint", "full", "closed"]);

/**
 * Rolls back and returns the error to throw. ROLLBACK is sent only where a transaction is open: after
 * SQLite's own rollback it would fail and hide the cause.
 */
function rolledBack(session: SyncSession, error: unknown): unknown {
  const { engine } = session;
  if (session.closed || !engine.isOpen() || !engine.inTransaction()) return error;
  try {
    engine.exec("ROLLBACK");
    return error;
  } catch (rollbackError) {
    return abandon(session, error, rollbackError);
  }
}

/** The transaction can be neither finished nor undone here: the next opening recovers the file. */
function abandon(session: SyncSession, error: unknown, rollbackError: unknown): DriverError {
  const cleanupErrors: unknown[] = [rollbackError];
  try {
    session.closed = true;
    session.engine.close();
  } catch (closeError) {
    cleanupErrors.push(closeError);
  }
  if (error instanceof DriverError) return amendDriverError(error, { outcome: "unknown", cleanupErrors });
  const message = error instanceof Error ? error.message : String(error);
  return new DriverError("io", `the transaction failed and could not be rolled back: ${message}`, {
    cause: error,
    outcome: "unknown",
    cleanupErrors,
  });
}

function execute(session: SyncSession, sql: string): void {
  try {
    session.engine.exec(sql);
  } catch (error) {
    throw toDriverError(session, error);
  }
}
