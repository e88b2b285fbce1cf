import { DriverError } from "../driver/driver-error.ts";
import type { Statement } from "../driver/statement.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { Step } from "../revision/revision-info.ts";
import { stampPath } from "../revision/stamp-path.ts";
import type { RunResult } from "../run/result.ts";
import { planReaders } from "../run/plan-readers.ts";
import { confirmHeads } from "../run/confirm-heads.ts";
import { explainFailure } from "../run/explain-failure.ts";
import { commitRecovered, sameHeads, settleCommit } from "../run/settle-commit.ts";
import type { Journal } from "../version/journal.ts";
import { changeVersionRows } from "../version/version-table.ts";
import type { CommandContext } from "./context.ts";
import { assertResolvable } from "./resolve-early.ts";
import { assertSound } from "./revision-library.ts";

export interface StampOptions {
  /** Empties the version table first, whatever it holds. */
  readonly purge?: boolean;
}

/** Sets the version rows without running a revision. The target is resolved before anything is emptied. */
export async function stamp(
  context: CommandContext,
  target: string | readonly string[],
  options: StampOptions = {},
): Promise<RunResult> {
  const { session, emit, signal } = context;
  const { graph, loadRevision } = assertSound(await context.library());
  const targets = typeof target === "string" ? target : [...target];
  assertResolvable(graph, targets);
  if (options.purge === true) {
    const steps = stampPath(graph, [], targets);
    return await purge(context, graph, steps);
  }
  const heads = await session.readHeads("write");
  const steps = stampPath(graph, heads, targets);
  if (steps.length === 0) {
    return { command: "stamp", outcome: "nothing-to-do", headsBefore: heads, headsAfter: heads, steps: [] };
  }
  const goal = steps.at(-1)?.headsAfter ?? [];
  // The goal is fixed by what this process read first: another one that was as far does not push it further.
  const replan = (moved: readonly string[]) =>
    sameHeads(moved, goal) ? [] : stampPath(graph, moved, fixTargets(targets, goal));
  const { runRequest } = await import("./running.ts");
  return await runRequest(
    session,
    { command: "stamp", graph, heads, steps, loadRevision, replan },
    { transactionPer: "run", foreignKeys: "enforced", dataLoss: "allow", signal, emit },
  );
}

/** Relative targets are counted from the rows that were read first, so that they become the goal itself. */
function fixTargets(targets: string | readonly string[], goal: readonly string[]) {
  const texts = typeof targets === "string" ? [targets] : targets;
  if (!texts.some((text) => /[+-]\d+$/u.test(text))) return targets;
  return goal.length === 0 ? "base" : goal;
}

/** Does not read the rows it replaces: they may be the very thing that has to be repaired. */
async function purge(
  context: CommandContext,
  graph: RevisionGraph,
  steps: readonly Step[],
): Promise<RunResult> {
  const { session, signal } = context;
  const { versionTable, waitMs, journal } = session.options;
  const heads = steps.at(-1)?.headsAfter ?? [];
  try {
    const connection = await session.openForWriting();
    const write = [
      versionTable.create,
      versionTable.clear,
      ...changeVersionRows(versionTable, [], heads),
      ...(await planReaders(connection, session, { graph, heads, wasAsked: false })),
      ...(journal === undefined ? [] : await noteStamps(journal, steps)),
    ];
    await connection.unit(write, { waitMs, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (!(await tookEffect(context, heads, error)))
      throw explainFailure(error, { step: undefined, applied: [], pending: heads, heads: undefined });
  }
  const now = await confirmHeads(session, { before: [], after: heads, emit: context.emit });
  return { command: "stamp", outcome: "applied", headsBefore: [], headsAfter: now, steps: [] };
}

async function noteStamps(journal: Journal, steps: readonly Step[]): Promise<readonly Statement[]> {
  const { journalStamps } = await import("./on-demand.ts");
  return journalStamps(journal, steps);
}

/** Whether the purge was committed although its COMMIT failed. */
async function tookEffect(
  { session, emit }: CommandContext,
  heads: readonly string[],
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof DriverError) || error.outcome !== "unknown") return false;
  await settleCommit(session, { headsAfter: heads, emit }, error);
  emit(commitRecovered(error));
  return true;
}
