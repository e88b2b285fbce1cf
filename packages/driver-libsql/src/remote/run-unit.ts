import {
  amendDriverError,
  DriverError,
  retryWhileBusy,
  throwIfAborted,
  type ConditionalResult,
  type QueryResult,
  type Statement,
  type UnitOptions,
} from "@skillmeat/migrate-core/driver";
import { assertReadOnly } from "./ask-read-only.ts";
import { checkStatement, onlyReads, type CheckedStatement } from "./check-statement.ts";
import { exchange } from "./exchange.ts";
import { fromHranaError, isRefused, isRefusedText, type HranaFault } from "./hrana-error.ts";
import { controlStatement, never, type HranaRequest, type HranaStatement } from "./hrana-request.ts";
import { fromBatchFailure } from "./outcome-error.ts";
import type { RequestAnswer } from "./read-answer.ts";
import { assertIdle, type RemoteSession } from "./remote-session.ts";
import { clockQuestion } from "./server-clock.ts";
import {
  answerBehind,
  buildConditionalBatch,
  buildUnitBatch,
  readUnitBatch,
  type BatchOutcome,
} from "./unit-batch.ts";

/**
 * Runs all statements as one transaction in one request. Where all of them only read, no lock is taken.
 *
 * @throws {DriverError} with `step` and `outcome`. A lost answer is of outcome `unknown`: the server may have
 * committed, or not, but nothing between.
 */
export async function runUnit(
  session: RemoteSession,
  steps: readonly Statement[],
  options: UnitOptions,
): Promise<readonly QueryResult[]> {
  const result = await runUnitIf(session, { first: [], steps }, options);
  if (result.kind !== "done") throw wrongAnswer(session.server.target.host);
  return result.results;
}

export interface ConditionalUnit {
  /** The condition of the unit and the questions for where it fails; nothing where it has none. */
  readonly first: readonly Statement[];
  readonly steps: readonly Statement[];
}

/**
 * Does the same where a condition holds, and else asks questions, in the same request.
 *
 * @throws {DriverError} the same.
 */
export async function runUnitIf(
  session: RemoteSession,
  { first, steps }: ConditionalUnit,
  options: UnitOptions,
): Promise<ConditionalResult> {
  assertIdle(session);
  session.inUse = true;
  try {
    const { readAfter } = options;
    const unit: CheckedUnit = {
      first: first.map((statement) => checkStatement(statement, "autocommit")),
      statements: checkSteps(steps),
      after: readAfter === undefined ? [] : [checkStatement(readAfter, "autocommit")],
    };
    throwIfAborted(options.signal);
    if (unit.statements.length === 0) return { kind: "done", results: [] };
    if (session.readOnly) {
      await assertReadOnly(unit.statements, async (requests) => await ask(session, requests, options.signal));
    }
    return await retryWhileBusy(async () => await sendUnit(session, unit, options), {
      waitMs: options.waitMs ?? session.waitMs,
      signal: options.signal,
      onWait: (ms) => options.onWait?.(ms),
    });
  } catch (error) {
    throw withOutcome(error);
  } finally {
    session.inUse = false;
  }
}

/** Nothing was sent, or the server said that it did nothing, unless the error says otherwise. */
function withOutcome(error: unknown): unknown {
  if (!(error instanceof DriverError) || error.outcome !== undefined) return error;
  return amendDriverError(error, { outcome: "rolled-back" });
}

function checkSteps(steps: readonly Statement[]): readonly CheckedStatement[] {
  return steps.map((statement, step) => {
    try {
      return checkStatement(statement, "transaction");
    } catch (error) {
      throw error instanceof DriverError ? amendDriverError(error, { step }) : error;
    }
  });
}

interface CheckedUnit {
  readonly first: readonly CheckedStatement[];
  readonly statements: readonly CheckedStatement[];
  /** Queries for after COMMIT: one or none. */
  readonly after: readonly CheckedStatement[];
}

/** Once more where the server's clock was set forward since it was last told: it did nothing, and said its time. */
async function sendUnit(
  session: RemoteSession,
  unit: CheckedUnit,
  options: UnitOptions,
): Promise<ConditionalResult> {
  const sent = await sendBatch(session, unit, options);
  const final = sent.outcome.kind === "late" ? await sendBatch(session, unit, options) : sent;
  return readCommitted(session, unit, final);
}

interface SentBatch {
  readonly answers: readonly RequestAnswer[];
  readonly outcome: BatchOutcome | Extract<ConditionalResult, { readonly kind: "refused" }>;
}

async function sendBatch(
  session: RemoteSession,
  { first, statements, after }: CheckedUnit,
  options: UnitOptions,
): Promise<SentBatch> {
  const { server, learned } = session;
  const onlyReading = session.readOnly || statements.every(({ shape }) => onlyReads(shape));
  const deadline = onlyReading ? undefined : server.clock.latestAfter(server.timeoutMs);
  const batch = buildUnitBatch(statements.map(encodedOf), {
    foreignKeys: options.foreignKeys ?? "enforced",
    mode: onlyReading ? "read" : "write",
    deadline,
    after: after.map(encodedOf),
  });
  const steps = buildConditionalBatch(first.map(encodedOf), batch);
  const requests: readonly HranaRequest[] = [
    { type: "batch", batch: { steps } },
    ...learned.questions(),
    clockQuestion,
    { type: "close" },
  ];
  const sentAt = performance.now();
  const { answers } = await untilDeadline(
    exchange(server, requests, { effect: onlyReading ? "read" : "write", signal: options.signal }),
    deadline,
  );
  const [answer] = answers;
  learned.learn(answers.slice(1, -2));
  server.clock.learn(answers.at(-2), sentAt);
  if (answer?.kind === "failed") throw await describeRefusal(session, statements, answer.error);
  if (answer?.kind !== "batch") throw wrongAnswer(server.target.host);
  if (first.length > 0 && answer.batch.results[0] === undefined) {
    return { answers, outcome: { kind: "refused", answers: answer.batch.results.slice(1, first.length) } };
  }
  return { answers, outcome: readUnitBatch(answerBehind(answer.batch, first.length), statements.length) };
}

/** Says with a lost answer from when on the request behind it can do nothing any more. */
async function untilDeadline<T>(work: Promise<T>, deadline: number | undefined): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (deadline === undefined || !(error instanceof DriverError) || error.outcome !== "unknown") throw error;
    throw amendDriverError(error, { undecidedUntil: deadline });
  }
}

function readCommitted(
  session: RemoteSession,
  { after }: CheckedUnit,
  { answers, outcome }: SentBatch,
): ConditionalResult {
  if (outcome.kind === "refused") return outcome;
  const [answer] = answers;
  if (outcome.kind !== "committed") throw fromBatchFailure(outcome, session.server.target.host);
  if (answer?.kind !== "batch") throw wrongAnswer(session.server.target.host);
  session.replicationIndex = answer.batch.replicationIndex ?? session.replicationIndex;
  const read = after.length === 0 ? [] : answer.batch.results.slice(-after.length);
  return { kind: "done", results: [...outcome.results, ...read.filter((result) => result !== undefined)] };
}

const encodedOf = ({ encoded }: CheckedStatement): HranaStatement => encoded;

function wrongAnswer(target: string): DriverError {
  return new DriverError("network", "the server answered another question", {
    reason: "protocol",
    outcome: "unknown",
    target,
  });
}

/**
 * A server that does not understand one statement refuses the whole batch before it runs, without saying
 * which one it was: it is asked about each, in one request. (`describe` does not refuse the same texts.)
 */
async function describeRefusal(
  session: RemoteSession,
  statements: readonly CheckedStatement[],
  refusal: HranaFault,
): Promise<DriverError> {
  const outcome = isRefused(refusal) ? "rolled-back" : "unknown";
  const error = fromHranaError(refusal, { outcome, target: session.server.target.host });
  if (!isRefusedText(refusal)) return error;
  try {
    const answers = await ask(
      session,
      statements.map(({ encoded: { sql } }) => ({
        type: "batch",
        batch: { steps: [{ stmt: controlStatement(sql), condition: never }] },
      })),
    );
    const step = answers.findIndex((answer) => answer.kind === "failed" && isRefusedText(answer.error));
    return step === -1 ? error : amendDriverError(error, { step });
  } catch (searchError) {
    return amendDriverError(error, { cleanupErrors: [searchError] });
  }
}

// oxlint-disable-next-line max-params -- a signal is optional
async function ask(
  session: RemoteSession,
  requests: readonly HranaRequest[],
  signal?: AbortSignal,
): Promise<readonly RequestAnswer[]> {
  return (await exchange(session.server, [...requests, { type: "close" }], { effect: "read", signal }))
    .answers;
}
