import { upgradePath } from "../revision/upgrade-path.ts";
import { syncReplica } from "../run/confirm-heads.ts";
import type { RunResult } from "../run/result.ts";
import type { Session } from "../run/session.ts";
import { sameHeads } from "../run/settle-commit.ts";
import { backedUp, type BackedUpOptions } from "./backup/backed-up.ts";
import type { CommandContext } from "./context.ts";
import { lintRun, type LintOptions } from "./lint-run.ts";
import { assertSound } from "./revision-library.ts";
import { assertResolvable } from "./resolve-early.ts";
import { lookForJump } from "./snapshot/look-for-jump.ts";

export interface UpgradeOptions extends LintOptions, BackedUpOptions {
  /**
   * `"refuse"`: roll the transaction back with SKM_DESTRUCTIVE when it would end with fewer rows or columns than
   * it began with. With a transaction for each revision, those before it stay committed.
   */
  readonly dataLoss?: "allow" | "refuse";
  /** `false`: the revisions are replayed also where a snapshot could stand for them. */
  readonly snapshot?: boolean;
}

/**
 * Applies the revisions between the current heads and the target.
 *
 * The goal is fixed by what this process read first: when another process gets there in the meantime,
 * nothing is left to do, also for `+1`.
 */
export async function upgrade(
  context: CommandContext,
  target: string | readonly string[],
  options: UpgradeOptions = {},
): Promise<RunResult> {
  const { session } = context;
  const there = await findGoalReached(context, target);
  if (there !== null) return await nothingToDo(session, there);
  const library = assertSound(await context.library());
  const { graph, loadRevision } = library;
  assertResolvable(graph, target);
  const heads = await session.readHeads("write");
  if (target === "head" && graph.heads.length === 1 && sameHeads(heads, graph.heads))
    return await nothingToDo(session, heads);
  const targets = typeof target === "string" ? [target] : target;
  for (const one of targets) await lintRun(context, one, { direction: "upgrade", ...options });
  const steps = upgradePath(graph, heads, typeof target === "string" ? target : [...target]);
  if (steps.length === 0) return await nothingToDo(session, heads);
  const goal = [...(steps.at(-1)?.headsAfter ?? [])];
  const { snapshot } = options;
  const jump = await lookForJump(context, { library, heads, steps, snapshot, asksServer: "in the run" });
  const { runRequest } = await import("../run/run-request.ts");
  const run = async (): Promise<RunResult> =>
    await runRequest(
      session,
      {
        command: "upgrade",
        heads,
        steps: jump?.steps ?? steps,
        loadRevision,
        prepareSnapshot: jump?.prepareSnapshot,
        replan: (moved) => upgradePath(graph, moved, goal),
      },
      runOptions(context, options.dataLoss ?? "allow"),
    );
  return await backedUp(context, options.backup, run);
}

/** Answers the most frequent question, whether anything is to be done at all, without reading the revisions. */
async function findGoalReached(
  context: CommandContext,
  target: string | readonly string[],
): Promise<readonly string[] | null> {
  if (target !== "head" && target !== "heads") return null;
  const known = context.knownHeads();
  if (known === null || (target === "head" && known.heads.length !== 1)) return null;
  const heads = await context.session.readHeads("write");
  return sameHeads(heads, known.realHeads.toSorted()) ? heads : null;
}

async function nothingToDo(session: Session, heads: readonly string[]): Promise<RunResult> {
  await syncReplica(session);
  return { command: "upgrade", outcome: "nothing-to-do", headsBefore: heads, headsAfter: heads, steps: [] };
}

function runOptions(context: CommandContext, dataLoss: "allow" | "refuse") {
  const { transactionPer, foreignKeys, signal, emit } = context;
  return { transactionPer, foreignKeys, signal, emit, dataLoss };
}
