import type { QueryResult, Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { createOperations } from "../ops/builder.ts";
import type { Operations } from "../ops/operations.ts";
import type { Operation } from "../ops/operation.ts";
import { mapRows, type RowSink } from "./map-rows.ts";

export type RevisionBody = (op: Operations) => void | Promise<void>;

/** A question that a body asks the database; the body stands still until it is answered. */
export interface PendingQuery {
  readonly statement: Statement;
  answer(result: QueryResult): void;
  fail(error: unknown): void;
}

/** What a body recorded between two stops: operations, then a question, or the body's end. */
export interface Segment {
  readonly operations: readonly Operation[];
  readonly query: PendingQuery | null;
}

/** A running body. It can be driven before a transaction is open, up to its first question. */
export interface Recording {
  /**
   * Lets the body run to its next question or its end. Rejects with what the body throws, and with the
   * signal's reason when that fires while the body waits for something else than the database.
   */
  advance(signal: AbortSignal): Promise<Segment>;
  /**
   * Fails the question that the body waits for, so that its `finally` blocks run, and whatever it asks or
   * records from then on. A body that has ended is not touched.
   */
  abandon(reason: unknown): void;
  /** The error of an operation that came after the body's end, if there was one. */
  lateUse(): MigrationError | undefined;
}

interface State {
  readonly revision: string;
  operations: Operation[];
  /** Each question with the operations recorded before it. */
  readonly asked: { readonly operations: readonly Operation[]; readonly query: PendingQuery }[];
  current: PendingQuery | undefined;
  finished: Promise<void> | undefined;
  ended: boolean;
  /** Why nobody listens to the body any more. */
  abandoned: { readonly reason: unknown } | undefined;
  late: MigrationError | undefined;
  wake: (() => void) | undefined;
}

/**
 * Starts a revision's body against an `op` that only records.
 *
 * The body starts with the first `advance`. Whatever it does with `op` after it has returned is refused
 * with SKM_OP_AFTER_END and remembered, so that the run can fail instead of losing the statement.
 */
export function recordRevision(revision: string, body: RevisionBody): Recording {
  const state: State = {
    revision,
    operations: [],
    asked: [],
    current: undefined,
    finished: undefined,
    ended: false,
    abandoned: undefined,
    late: undefined,
    wake: undefined,
  };
  const sink: RowSink = {
    record: (operation) => {
      assertOpen(state);
      state.operations.push(operation);
    },
    query: async (statement) => {
      assertOpen(state);
      return await ask(state, statement);
    },
  };
  // Made only for the body, which lets go of it at its end: thousands of recordings may wait for a transaction.
  const makeOp = (): Operations =>
    createOperations({
      ...sink,
      mapRows: async (request) => {
        assertOpen(state);
        return await mapRows(request, sink);
      },
    });
  return {
    advance: async (signal) => {
      state.finished ??= runBody(body, makeOp(), state);
      return await nextSegment(state, state.finished, signal);
    },
    abandon: (reason) => {
      state.abandoned ??= { reason };
      // A question of a body that has ended is awaited by nobody: a rejection would end the process, and the
      // run has already failed with it.
      const open = state.asked.splice(0);
      if (state.ended) return;
      state.current?.fail(reason);
      for (const { query } of open) query.fail(reason);
    },
    lateUse: () => state.late,
  };
}

function runBody(body: RevisionBody, op: Operations, state: State): Promise<void> {
  const finished = settleBody(body, op, state);
  // Every `advance` awaits this promise; until the next one does, Node must not call it unhandled.
  finished.catch(() => undefined);
  return finished;
}

async function settleBody(body: RevisionBody, op: Operations, state: State): Promise<void> {
  try {
    const returned = body(op);
    // A body that returns nothing ends here, not a microtask later: what runs on beside it is late.
    if (returned instanceof Object) await returned;
  } finally {
    state.ended = true;
  }
}

function ask(state: State, statement: Statement): Promise<QueryResult> {
  return new Promise((answer, fail) => {
    state.asked.push({ operations: state.operations, query: { statement, answer, fail } });
    state.operations = [];
    state.wake?.();
  });
}

async function nextSegment(state: State, finished: Promise<void>, signal: AbortSignal): Promise<Segment> {
  if (!state.ended && state.asked.length === 0) await waitForBody(state, finished, signal);
  if (state.ended) {
    await finished;
    if (state.asked.length > 0) throw unawaitedQuery(state.revision);
  }
  const next = state.asked.shift();
  state.current = next?.query;
  if (next !== undefined) return next;
  const { operations } = state;
  state.operations = [];
  return { operations, query: null };
}

async function waitForBody(state: State, finished: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: interrupted, reject, resolve } = Promise.withResolvers<void>();
  const abort = (): void => {
    reject(signal.reason);
  };
  signal.addEventListener("abort", abort);
  state.wake = resolve;
  try {
    await Promise.race([finished, interrupted]);
  } finally {
    signal.removeEventListener("abort", abort);
    state.wake = undefined;
  }
}

function unawaitedQuery(revision: string): MigrationError {
  return new MigrationError(
    "SKM_OP_AFTER_END",
    `revision ${quoteForMessage(revision)} returned before its op.query(…) or op.updateRows(…) was answered`,
    { details: { revision }, hint: "write `await op.query(…)`, and make the function async" },
  );
}

function assertOpen(state: State): void {
  if (!state.ended) {
    if (state.abandoned !== undefined) throw state.abandoned.reason;
    return;
  }
  state.late ??= new MigrationError(
    "SKM_OP_AFTER_END",
    `revision ${quoteForMessage(state.revision)} used op after its function had returned`,
    { details: { revision: state.revision }, hint: "await every promise inside upgrade() and downgrade()" },
  );
  throw state.late;
}
