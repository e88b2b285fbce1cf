import { isMigrationError, MigrationError } from "../errors/migration-error.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { Step } from "../revision/revision-info.ts";
import type { Revision } from "../script/revision.ts";
import type { RunEvent, RunListener } from "./events.ts";
import type { Position } from "./execute-unit.ts";
import { guardExit } from "./exit-guard.ts";
import { confirmHeads, syncReplica } from "./confirm-heads.ts";
import { explainFailure, type FailurePlace } from "./explain-failure.ts";
import type { LateLint } from "./late-lint.ts";
import { NeedsSuspension } from "./read-batch-plan.ts";
import { createQueue, type Queue } from "./queue.ts";
import type { RunResult, StepResult } from "./result.ts";
import { runTransaction } from "./run-transaction.ts";
import type { Session } from "./session.ts";
import { sameHeads } from "./settle-commit.ts";
import { SuppositionFailed } from "./supposition.ts";
import type { TransactionOutcome } from "./transaction.ts";
import { prepareUnit, type Unit } from "./unit.ts";

export interface RunRequest {
  readonly command: Step["kind"];
  readonly graph: RevisionGraph;
  readonly heads: readonly string[];
  readonly steps: readonly Step[];
  /** Plans again for other heads, towards the goal that `steps` had. */
  replan(heads: readonly string[]): readonly Step[];
  readonly loadRevision: (id: string) => Promise<Revision>;
  /** Makes the unit of a step that is a snapshot. */
  readonly prepareSnapshot?: ((step: Step) => Unit) | undefined;
  /** `heads` are only supposed: see `SuppositionFailed`. */
  readonly isSupposed?: boolean;
  /** Told when the first step was one small request, which another database with these heads could be sent first. */
  readonly onPlainStart?: (heads: readonly string[]) => void;
}

export interface RunOptions {
  /** One transaction for all steps, or one for each. */
  readonly transactionPer: "run" | "revision";
  readonly foreignKeys: "enforced" | "suspended";
  readonly dataLoss: "allow" | "refuse";
  readonly lateLint?: LateLint | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly emit: RunListener;
}

interface Progress {
  heads: readonly string[];
  /** The heads as they were read after the last COMMIT, where its driver did that. */
  readBack: readonly string[] | undefined;
  steps: readonly Step[];
  /** Index of the next step in `steps`. */
  next: number;
  readonly done: StepResult[];
  isSupposed: boolean;
}

/**
 * Takes a database through the steps of a request. When another process moves the heads while this one
 * waits for the lock, the rest is planned again; often nothing is left to do, and that is success too.
 *
 * @throws {MigrationError} what failed, with the revision, the statement and the state of the database.
 * @throws {SuppositionFailed} the heads were supposed, and are others; nothing was done.
 */
export async function runRequest(
  session: Session,
  request: RunRequest,
  options: RunOptions,
): Promise<RunResult> {
  const { emit } = options;
  const progress: Progress = {
    heads: request.heads,
    readBack: undefined,
    steps: request.steps,
    next: 0,
    done: [],
    isSupposed: request.isSupposed ?? false,
  };
  emit({ kind: "run-start", steps: request.steps, heads: request.heads });
  const position: Position = { preparing: undefined, unit: undefined, statement: 0, sql: undefined };
  const guard = guardExit(() => {
    emit({ kind: "process-exit", revision: (position.preparing ?? position.unit?.step)?.revision });
  });
  const ended = new AbortController();
  try {
    const signal =
      options.signal === undefined
        ? guard.signal
        : AbortSignal.any([explainAbort(options.signal, ended.signal), guard.signal]);
    const queue = createQueue(session, { signal, emit });
    try {
      await runAll(session, request, progress, { ...options, signal, position, queue });
    } finally {
      await queue.leave();
    }
    if (progress.done.length > 0) {
      const { heads, readBack } = progress;
      progress.heads = await confirmHeads(session, { before: request.heads, after: heads, readBack, emit });
    }
    await syncReplica(session);
  } finally {
    // Without a reason it would make an error with its stack, for nobody.
    ended.abort("the run has ended");
    guard.release();
  }
  emit({ kind: "run-end", heads: progress.heads });
  return {
    command: request.command,
    outcome: progress.done.length > 0 ? "applied" : "nothing-to-do",
    headsBefore: request.heads,
    headsAfter: progress.heads,
    steps: progress.done,
  };
}

/** A signal that fires with the caller's, and whose reason says what that means for the run. */
function explainAbort(caller: AbortSignal, end: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(
      new MigrationError("SKM_MIGRATION_ABORTED", "the caller cancelled the run", { cause: caller.reason }),
    );
  };
  if (caller.aborted) abort();
  else caller.addEventListener("abort", abort, { once: true, signal: end });
  return controller.signal;
}

interface NextOptions extends RunOptions {
  readonly signal: AbortSignal;
  readonly position: Position;
  readonly queue: Queue;
}

/** How often a run whose transaction was taken away gets in line and tries again. */
const mostRetries = 3;

/** On a server, a run that another one got in the way of waits in line for the rest of its steps. */
async function runAll(
  session: Session,
  request: RunRequest,
  progress: Progress,
  options: NextOptions,
): Promise<void> {
  const { queue } = options;
  let queues = isOnServer(session) && (session.options.queue === true || session.seesLock());
  let retries = 0;
  while (progress.next < progress.steps.length) {
    if (queues) await waitForTurn(session, request, progress, options);
    if (progress.next >= progress.steps.length) return;
    try {
      const { kind } = await runNext(session, request, progress, options);
      if (kind === "moved") queue.doubt();
      queues ||= kind === "moved" && isOnServer(session);
    } catch (error) {
      // With the turn in hand it is no run that takes the transaction away, but a writer that knows of no line.
      if (!isMigrationError(error, "SKM_REMOTE_TX_EXPIRED") || queue.isHeld() || retries === mostRetries)
        throw error;
      retries += 1;
      queues = true;
    }
  }
}

function isOnServer(session: Session): boolean {
  return session.connection()?.capabilities.lock === "server";
}

/** Waits, and plans again for what others did meanwhile. */
async function waitForTurn(
  session: Session,
  request: RunRequest,
  progress: Progress,
  { queue, position, emit }: NextOptions,
): Promise<void> {
  try {
    if ((await queue.enter()) === "held") return;
  } catch (error) {
    position.unit = undefined;
    throw failure(error, position, progress);
  }
  const heads = await session.readHeads("write");
  if (!sameHeads(heads, progress.heads)) replan(request, progress, { heads, emit });
}

function replan(
  request: RunRequest,
  progress: Progress,
  { heads, emit }: { readonly heads: readonly string[]; readonly emit: RunListener },
): void {
  progress.heads = heads;
  emit({ kind: "replan", heads });
  progress.steps = request.replan(heads);
  progress.next = 0;
}

async function runNext(
  session: Session,
  request: RunRequest,
  progress: Progress,
  options: NextOptions,
): Promise<TransactionOutcome> {
  // A server may abort or take over a long transaction: there, each revision is one of its own.
  const onServer = isOnServer(session);
  const end = options.transactionPer === "run" && !onServer ? progress.steps.length : progress.next + 1;
  const startedAt = performance.now();
  const outcome = await runSuspendable(session, request, progress, { ...options, end });
  progress.isSupposed = false;
  progress.heads = outcome.heads;
  progress.readBack = outcome.kind === "committed" ? outcome.readBack : undefined;
  if (outcome.kind === "committed") {
    if (outcome.isPlain === true && progress.done.length === 0) {
      request.onPlainStart?.(outcome.steps[0]?.headsBefore ?? []);
    }
    progress.done.push(...outcome.steps);
    progress.next = end;
    const durationMs = performance.now() - startedAt;
    const commit: RunEvent = { kind: "commit", steps: outcome.steps.length, durationMs };
    announceCommit([...(outcome.ended === undefined ? [] : [outcome.ended]), commit], {
      ...options,
      progress,
    });
    return outcome;
  }
  replan(request, progress, { heads: outcome.heads, emit: options.emit });
  return outcome;
}

/** What fails from here on, such as a listener, cannot undo what is committed, and must not claim to. */
function announceCommit(
  events: readonly RunEvent[],
  { emit, position, progress }: NextOptions & { readonly progress: Progress },
): void {
  position.unit = undefined;
  try {
    for (const event of events) emit(event);
  } catch (error) {
    throw failure(error, position, progress);
  }
}

type ChunkOptions = NextOptions & { readonly end: number };

/**
 * Runs a chunk, and once more with foreign keys suspended when only then it turns out that a table has to be
 * rebuilt. The transaction before was rolled back; the bodies run again from their beginning.
 */
async function runSuspendable(
  session: Session,
  request: RunRequest,
  progress: Progress,
  options: ChunkOptions,
): Promise<TransactionOutcome> {
  try {
    return await runChunk(session, request, progress, options);
  } catch (error) {
    if (!(error instanceof NeedsSuspension)) throw error;
    options.emit({ kind: "restart", reason: "foreign-keys" });
    return await runChunk(session, request, progress, { ...options, foreignKeys: "suspended" });
  }
}

async function runChunk(
  session: Session,
  request: RunRequest,
  progress: Progress,
  options: ChunkOptions,
): Promise<TransactionOutcome> {
  const { position, signal } = options;
  const units: Unit[] = [];
  try {
    for (const step of progress.steps.slice(progress.next, options.end)) {
      position.preparing = step;
      const { loadRevision, prepareSnapshot } = request;
      units.push(await prepareUnit(step, { loadRevision, prepareSnapshot, signal }));
    }
    position.preparing = undefined;
    const outcome = await runTransaction(session, units, {
      ...options,
      graph: request.graph,
      offset: progress.done.length,
      total: progress.done.length + progress.steps.length - progress.next,
      fence: options.queue.fence(),
      isSupposed: progress.isSupposed,
    });
    if (outcome.kind === "moved") abandon(units, movedOn());
    return outcome;
  } catch (error) {
    if (error instanceof NeedsSuspension || error instanceof SuppositionFailed) {
      abandon(units, error);
      throw error;
    }
    if (progress.isSupposed && position.unit === undefined) {
      // What fails before the database is asked is no failure where the database does not need the step.
      abandon(units, error);
      throw new SuppositionFailed();
    }
    const explained = failure(error, position, progress);
    abandon(units, error instanceof MigrationError ? error : explained);
    throw explained;
  }
}

/** No body may wait for ever: what it still asks or records is refused. */
function abandon(units: readonly Unit[], reason: unknown): void {
  for (const unit of units) unit.recording?.abandon(reason);
}

function movedOn(): MigrationError {
  return new MigrationError("SKM_VERSION_MOVED", "another process was faster; the run is planned again");
}

function failure(error: unknown, position: Position, progress: Progress): MigrationError {
  const place: FailurePlace = {
    step: position.preparing ?? position.unit?.step,
    statement:
      position.preparing === undefined && position.unit !== undefined && position.sql !== undefined
        ? { number: position.statement, sql: position.sql }
        : undefined,
    applied: progress.done.map((step) => step.revision),
    pending: progress.steps.slice(progress.next).map((step) => step.revision),
    heads: progress.heads,
  };
  return explainFailure(error, place);
}
