import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError } from "./driver-error.ts";

export interface LockWait {
  /** Milliseconds to wait in all; 0 tries once. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called before each pause, with the milliseconds waited so far. */
  readonly onWait?: ((ms: number) => void) | undefined;
}

/** Milliseconds a driver waits for a lock unless told. */
export const defaultWaitMs = 30_000;

const firstPauseMs = 5;
const longestPauseMs = 200;

/**
 * Tries again while the database is locked. Between the tries the event loop runs: SQLite's own busy handler
 * would block it, and is not called at all for a switch to WAL (sqlite.org/c3ref/busy_handler.html).
 *
 * @param attempt throws a `DriverError` of kind `busy` without a reason to be tried again.
 * @throws {DriverError} kind `busy` after `waitMs`; kind `timeout`, reason `aborted` on the signal.
 */
export async function retryWhileBusy<T>(attempt: () => T | Promise<T>, wait: LockWait): Promise<T> {
  throwIfAborted(wait.signal);
  const start = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isLocked(error)) throw error;
      const waited = performance.now() - start;
      if (waited >= wait.waitMs) throw waitedTooLong(error, waited);
      wait.onWait?.(Math.round(waited));
      await pause(Math.min(jitter(pauseMs), wait.waitMs - waited), wait.signal);
      throwIfAborted(wait.signal);
    }
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new DriverError("timeout", "the operation was cancelled", {
    reason: "aborted",
    cause: signal.reason,
  });
}

/** SQLITE_LOCKED is a conflict within one connection, which waiting does not end (sqlite.org/rescode.html). */
function isLocked(error: unknown): error is DriverError {
  if (!(error instanceof DriverError) || error.kind !== "busy") return false;
  return error.reason === undefined && error.engineCode !== "SQLITE_LOCKED";
}

function waitedTooLong(error: DriverError, waited: number): DriverError {
  const where = error.target === undefined ? "the database" : `the database ${quoteForMessage(error.target)}`;
  return new DriverError(
    "busy",
    `${where} is locked by another connection; waited ${Math.round(waited)} ms`,
    {
      cause: error,
      ...(error.engineCode === undefined ? {} : { engineCode: error.engineCode }),
      ...(error.target === undefined ? {} : { target: error.target }),
      hint: "let the other process finish its transaction, or wait longer",
    },
  );
}

/** Processes that started together must not try again together. */
function jitter(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}
