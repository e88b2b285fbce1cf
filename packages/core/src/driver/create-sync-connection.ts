import type { Capabilities } from "./capabilities.ts";
import { createChangeCounter } from "./change-counter.ts";
import { amendDriverError, DriverError } from "./driver-error.ts";
import type { Connection, Executor, UnitOptions } from "./driver.ts";
import { createForeignKeySetting } from "./foreign-key-setting.ts";
import { createStatementCache } from "./statement-cache.ts";
import type { QueryResult, Statement } from "./statement.ts";
import type { SyncEngine } from "./sync-engine.ts";
import { assertIdle, executeStatement, toDriverError, type SyncSession } from "./sync-session.ts";
import { assertStillOpen, runTransaction, transactionLost } from "./sync-transaction.ts";
import { defaultWaitMs, retryWhileBusy, throwIfAborted } from "./wait-for-lock.ts";

export interface SyncConnectionOptions {
  readonly capabilities: Capabilities;
  /** Refuses what could write; transactions then only hold a snapshot. */
  readonly readOnly?: boolean;
  /** Milliseconds to wait for a lock where a call does not say; 30,000 unless told. */
  readonly waitMs?: number;
  /** The path, for messages. */
  readonly target?: string;
  /** Called right before COMMIT. Throwing a `DriverError` rolls back. */
  readonly beforeCommit?: () => void;
  /** Writes a copy at once, or throws and leaves nothing. The connection is idle when it is called. */
  readonly backup?: (path: string) => void;
  /** Called instead of `engine.close()`, for engines that belong to somebody else. */
  readonly release?: () => void;
  /** Called once the engine is closed. */
  readonly onClosed?: () => void;
}

/** A signal can only fire when the event loop runs: milliseconds a unit works before it lets it. */
const yieldEveryMs = 50;

/**
 * Builds the connection that core uses from a synchronous library. It owns the transactions: BEGIN IMMEDIATE,
 * waiting without blocking the event loop, foreign keys, and what is true after an error.
 */
export function createSyncConnection(engine: SyncEngine, options: SyncConnectionOptions): Connection {
  const session: SyncSession = {
    engine,
    cache: createStatementCache(engine),
    changes: createChangeCounter(engine),
    foreignKeys: createForeignKeySetting(engine, options.release !== undefined),
    readOnly: options.readOnly ?? false,
    waitMs: options.waitMs ?? defaultWaitMs,
    target: options.target,
    beforeCommit: options.beforeCommit,
    inUse: false,
    closed: false,
    released: false,
  };
  const { backup } = options;
  return {
    capabilities: options.capabilities,
    query: (statement) => runQuery(session, statement),
    unit: (steps, unitOptions = {}) => runUnit(session, steps, unitOptions),
    transaction: (work, unitOptions = {}) => runWork(session, work, unitOptions),
    close: async () => close(session, options),
    ...(backup === undefined ? {} : { backup: (path: string) => runBackup(session, backup, path) }),
  };
}

/** The first try comes before any waiting machinery: reading the version rows is the hottest path there is. */
async function runQuery(session: SyncSession, statement: Statement): Promise<QueryResult> {
  const attempt = (): QueryResult => {
    assertIdle(session);
    return executeStatement(session, statement, "autocommit");
  };
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof DriverError) || error.kind !== "busy") throw error;
    return await retryWhileBusy(attempt, { waitMs: session.waitMs });
  }
}

async function runUnit(
  session: SyncSession,
  steps: readonly Statement[],
  options: UnitOptions,
): Promise<readonly QueryResult[]> {
  let step = 0;
  let begun = false;
  try {
    return await runTransaction(session, options, async () => {
      begun = true;
      const results: QueryResult[] = [];
      const breathe = createBreather(options.signal);
      for (const statement of steps) {
        results.push(executeInside(session, statement));
        step += 1;
        if (breathe?.() === true) await turn();
        throwIfAborted(options.signal);
      }
      return results;
    });
  } catch (error) {
    // After the last statement it is the COMMIT that failed.
    if (!begun || step === steps.length || !(error instanceof DriverError)) throw error;
    throw amendDriverError(error, { step });
  }
}

async function runWork<T>(
  session: SyncSession,
  work: (tx: Executor) => Promise<T>,
  options: UnitOptions,
): Promise<T> {
  let ended = false;
  let lost: unknown;
  const query = async (statement: Statement): Promise<QueryResult> => {
    if (ended) throw new DriverError("closed", "the transaction has ended");
    if (lost !== undefined) throw lost;
    throwIfAborted(options.signal);
    try {
      return executeInside(session, statement);
    } catch (error) {
      if (session.engine.isOpen() && !session.engine.inTransaction()) lost = error;
      throw error;
    }
  };
  try {
    return await runTransaction(session, options, async () => {
      const result = await work({ query });
      if (lost !== undefined) throw lost;
      return result;
    });
  } finally {
    ended = true;
  }
}

function executeInside(session: SyncSession, statement: Statement): QueryResult {
  assertStillOpen(session);
  let result: QueryResult;
  try {
    result = executeStatement(session, statement, "transaction");
  } catch (error) {
    if (!session.engine.isOpen() || session.engine.inTransaction()) throw error;
    throw transactionLost("rolled-back", error);
  }
  assertStillOpen(session);
  return result;
}

function createBreather(signal: AbortSignal | undefined): (() => boolean) | undefined {
  if (signal === undefined) return undefined;
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < yieldEveryMs) return false;
    last = now;
    return true;
  };
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}

async function runBackup(session: SyncSession, backup: (path: string) => void, path: string): Promise<void> {
  const attempt = (): void => {
    assertIdle(session);
    try {
      backup(path);
    } catch (error) {
      throw toDriverError(session, error);
    }
  };
  await retryWhileBusy(attempt, { waitMs: session.waitMs });
}

function close(session: SyncSession, { release, onClosed }: SyncConnectionOptions): void {
  if (session.released) return;
  const { engine } = session;
  // The owner of a borrowed engine may be inside a transaction of its own, where settings cannot be set back.
  if (release !== undefined && engine.isOpen() && !session.inUse) assertIdle(session);
  session.closed = true;
  session.released = true;
  try {
    // A transaction that could be neither finished nor undone has closed the engine already.
    if (engine.isOpen()) {
      session.cache.clear();
      session.changes.clear();
      session.foreignKeys.clear();
    }
    if (release === undefined) {
      if (engine.isOpen()) engine.close();
      return;
    }
    if (engine.isOpen() && engine.inTransaction()) engine.exec("ROLLBACK");
    release();
  } catch (error) {
    throw toDriverError(session, error);
  } finally {
    onClosed?.();
  }
}
