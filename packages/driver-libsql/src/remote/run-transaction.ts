import {
  amendDriverError,
  DriverError,
  retryWhileBusy,
  throwIfAborted,
  type Executor,
  type QueryResult,
  type Statement,
  type UnitOptions,
} from "@skillmeat/migrate-core/driver";
import { assertReadOnly } from "./ask-read-only.ts";
import { checkStatement } from "./check-statement.ts";
import { fromHranaError, isRefused } from "./hrana-error.ts";
import { controlStatement, inTransaction, type HranaBatchStep, type HranaRequest } from "./hrana-request.ts";
import { fromBatchFailure, lostWith, transactionExpired } from "./outcome-error.ts";
import { assertFinite, type BatchAnswer, type RequestAnswer } from "./read-answer.ts";
import { assertIdle, type RemoteSession } from "./remote-session.ts";
import { openStream, type RemoteStream } from "./remote-stream.ts";
import { beginSteps, endSteps, readBeginBatch, type TransactionKind } from "./unit-batch.ts";

interface OpenTransaction {
  readonly session: RemoteSession;
  readonly stream: RemoteStream;
  readonly options: UnitOptions;
  readonly kind: TransactionKind;
  /** Why nothing more may run: the server ended the transaction, or the connection broke. */
  lost: DriverError | undefined;
  ended: boolean;
}

/** Runs `work` in a transaction that stays open between its statements; each of them is a request. */
export async function runTransaction<T>(
  session: RemoteSession,
  work: (tx: Executor) => Promise<T>,
  options: UnitOptions,
): Promise<T> {
  assertIdle(session);
  session.inUse = true;
  const stream = openStream(session.server);
  session.stream = stream;
  const kind: TransactionKind = {
    foreignKeys: options.foreignKeys ?? "enforced",
    mode: session.readOnly ? "read" : "write",
  };
  const transaction: OpenTransaction = { session, stream, options, kind, lost: undefined, ended: false };
  try {
    await begin(transaction);
    const result = await work({ query: async (statement) => await runInside(transaction, statement) });
    await commit(transaction);
    return result;
  } catch (error) {
    throw await rollBack(transaction, error);
  } finally {
    transaction.ended = true;
    session.stream = undefined;
    session.inUse = false;
  }
}

async function begin(transaction: OpenTransaction): Promise<void> {
  const { session, stream, options } = transaction;
  const steps = beginSteps(transaction.kind);
  await retryWhileBusy(
    async () => {
      assertOpen(session);
      const [answer] = await stream.send([batchOf(steps)], { effect: "open", signal: options.signal });
      const failure = readBeginBatch(batchAnswer(session, answer));
      if (failure !== undefined && failure.kind !== "committed") {
        throw fromBatchFailure(failure, session.server.target.host);
      }
    },
    {
      waitMs: options.waitMs ?? session.waitMs,
      signal: options.signal,
      onWait: (ms) => options.onWait?.(ms),
    },
  );
}

async function runInside(transaction: OpenTransaction, statement: Statement): Promise<QueryResult> {
  const { session, options } = transaction;
  if (transaction.ended) throw new DriverError("closed", "the transaction has ended");
  if (transaction.lost !== undefined) throw transaction.lost;
  assertOpen(session);
  throwIfAborted(options.signal);
  const checked = checkStatement(statement, "transaction");
  if (session.readOnly) {
    await assertReadOnly([checked], async (requests) => await send(transaction, requests));
  }
  const step: HranaBatchStep = { stmt: checked.encoded, condition: inTransaction };
  const answers = await send(transaction, [batchOf([step]), { type: "get_autocommit" }]);
  return assertFinite(readInside(transaction, answers));
}

/** A connection that breaks takes the transaction with it: the server rolls back when the stream expires. */
async function send(
  transaction: OpenTransaction,
  requests: readonly HranaRequest[],
): Promise<readonly RequestAnswer[]> {
  try {
    return await transaction.stream.send(requests, { effect: "open", signal: transaction.options.signal });
  } catch (error) {
    // What comes after it fails for this reason too, also where the caller went on all the same.
    if (error instanceof DriverError) lose(transaction, error);
    throw error;
  }
}

function readInside(transaction: OpenTransaction, answers: readonly RequestAnswer[]): QueryResult {
  const { session } = transaction;
  const target = session.server.target.host;
  const [answer, state] = answers;
  if (answer?.kind === "failed") throw fromHranaError(answer.error, { target });
  const { results, errors } = batchAnswer(session, answer);
  const isLost = state?.kind === "autocommit" && state.isAutocommit;
  const [result] = results;
  if (result !== undefined && !isLost) return result;
  const [said] = errors;
  if (said === undefined) throw lose(transaction, transactionExpired(target));
  const error = fromHranaError(said, { target });
  throw isLost ? lose(transaction, lostWith(error)) : error;
}

function lose(transaction: OpenTransaction, error: DriverError): DriverError {
  transaction.lost = error;
  return error;
}

async function commit(transaction: OpenTransaction): Promise<void> {
  const { session, stream, options } = transaction;
  if (transaction.lost !== undefined) throw transaction.lost;
  assertOpen(session);
  throwIfAborted(options.signal);
  const committed: HranaBatchStep[] = [
    { stmt: controlStatement("COMMIT"), condition: inTransaction },
    {
      stmt: controlStatement("ROLLBACK"),
      condition: {
        type: "and",
        conds: [{ type: "not", cond: { type: "ok", step: 0 } }, inTransaction],
      },
    },
    ...endSteps(transaction.kind),
  ];
  const [answer] = await stream.end([batchOf(committed)], { effect: "write", signal: options.signal });
  const target = session.server.target.host;
  // The server had ended the stream, so that nothing was sent.
  if (answer === undefined) throw transactionExpired(target);
  const { results, errors, replicationIndex } = commitAnswer(session, answer);
  if (errors[0] !== undefined) throw fromBatchFailure({ kind: "commit-failed", error: errors[0] }, target);
  if (results[0] === undefined) throw transactionExpired(target);
  session.replicationIndex = replicationIndex ?? session.replicationIndex;
}

/** What failed as a whole may have failed behind its COMMIT. */
function commitAnswer(session: RemoteSession, answer: RequestAnswer): BatchAnswer {
  try {
    return batchAnswer(session, answer);
  } catch (error) {
    const isCertain = answer.kind === "failed" && isRefused(answer.error);
    if (isCertain || !(error instanceof DriverError)) throw error;
    throw amendDriverError(error, { outcome: "unknown" });
  }
}

/** Rolls back what is open and returns the error to throw. COMMIT was not sent, or its answer decides. */
async function rollBack(transaction: OpenTransaction, error: unknown): Promise<unknown> {
  const { stream } = transaction;
  const failed = withOutcome(error);
  try {
    const rolledBack = { stmt: controlStatement("ROLLBACK"), condition: inTransaction };
    await stream.end([batchOf([rolledBack, ...endSteps(transaction.kind)])], { effect: "open" });
    return failed;
  } catch (rollbackError) {
    // Without an answer the server rolls back when the stream expires.
    if (!(failed instanceof DriverError)) return failed;
    return amendDriverError(failed, { cleanupErrors: [...failed.cleanupErrors, rollbackError] });
  }
}

function withOutcome(error: unknown): unknown {
  if (!(error instanceof DriverError) || error.outcome !== undefined) return error;
  return amendDriverError(error, { outcome: "rolled-back" });
}

function batchOf(steps: readonly HranaBatchStep[]): HranaRequest {
  return { type: "batch", batch: { steps } };
}

function batchAnswer(session: RemoteSession, answer: RequestAnswer | undefined): BatchAnswer {
  const target = session.server.target.host;
  if (answer?.kind === "batch") return answer.batch;
  if (answer?.kind === "failed") throw fromHranaError(answer.error, { target });
  throw new DriverError("network", "the server answered another question", { reason: "protocol", target });
}

function assertOpen(session: RemoteSession): void {
  if (!session.closed) return;
  throw new DriverError("closed", "the connection is closed", { target: session.server.target.host });
}
