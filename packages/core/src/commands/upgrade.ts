import { syncReplica } from "../run/confirm-heads.ts";
import type { RunResult } from "../run/result.ts";
import type { Session } from "../run/session.ts";
import { sameHeads } from "../run/settle-commit.ts";
import { findNewer, isRelative, markNewer } from "./accept-newer.ts";
import { backedUp, type BackedUpOptions } from "./backup/backed-up.ts";
import type { CommandContext } from "./context.ts";
import { lintRun, type LintOptions } from "./lint-run.ts";
import { assertSound } from "./revision-library.ts";
import { assertResolvable } from "./resolve-early.ts";
import { lookForJump } from "./snapshot/look-for-jump.ts";
import { planUpgrade, runUpgrade } from "./run-upgrade.ts";
import { upgradeAhead } from "./upgrade-ahead.ts";

export interface UpgradeOptions extends LintOptions, BackedUpOptions {
  /**
   * `"refuse"`: roll the transaction back with SKM_DESTRUCTIVE when it would end with fewer rows or columns than
   * it began with. With a transaction for each revision, those before it stay committed.
   */
  readonly dataLoss?: "allow" | "refuse";
  /** `false`: the revisions are replayed also where a snapshot could stand for them. */
  readonly snapshot?: boolean;
  /** Overrides `newer` of the migrator. */
  readonly newer?: "refuse" | "allow";
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
  const mayBeNewer = (options.newer ?? context.newer) === "allow";
  const ahead = isBare(options) && !mayBeNewer ? await upgradeAhead(context, target, options) : {};
  if (ahead.result !== undefined) return ahead.result;
  const found = ahead.heads ?? (await session.readHeads("write"));
  if (isGoalReached(context, target, found)) return await nothingToDo(session, found);
  const library = assertSound(await context.library());
  const { graph } = library;
  assertResolvable(graph, target);
  const accepts = mayBeNewer && !isRelative(graph, target);
  const { heads, isNewer } = await findNewer(session, graph, { heads: found, accepts });
  if (isNewer) return await nothingToDo(session, heads, "newer");
  if (target === "head" && graph.heads.length === 1 && sameHeads(heads, graph.heads))
    return await nothingToDo(session, heads);
  const targets = typeof target === "string" ? [target] : target;
  const lateLint = await lintRun(context, targets, { direction: "upgrade", ...options });
  const steps = planUpgrade(graph, heads, target);
  if (steps.length === 0) return await nothingToDo(session, heads);
  const { dataLoss = "allow", backup, snapshot } = options;
  const jump = await lookForJump(context, { library, heads, steps, snapshot, asksServer: "in the run" });
  const { emit } = context;
  const planned = {
    target,
    library,
    heads,
    steps,
    jump,
    dataLoss,
    emit,
    lateLint,
    accepts,
    isSupposed: false,
  };
  const result = await backedUp(context, backup, async () => await runUpgrade(context, planned));
  return accepts ? await markNewer(session, graph, result) : result;
}

/** Whether all that is wanted is the run. */
function isBare({ lint = "off", dataLoss = "allow", backup = false }: UpgradeOptions): boolean {
  return lint === "off" && dataLoss === "allow" && backup === false;
}

/**
 * Answers the most frequent question, whether anything is to be done at all, without reading the revisions. At base
 * there is, so that they are not looked at twice.
 */
function isGoalReached(
  context: CommandContext,
  target: string | readonly string[],
  heads: readonly string[],
): boolean {
  if ((target !== "head" && target !== "heads") || heads.length === 0) return false;
  const known = context.knownHeads();
  if (known === null || (target === "head" && known.heads.length !== 1)) return false;
  return sameHeads(heads, known.realHeads.toSorted());
}

async function nothingToDo(
  session: Session,
  heads: readonly string[],
  outcome: RunResult["outcome"] = "nothing-to-do",
): Promise<RunResult> {
  await syncReplica(session);
  return { command: "upgrade", outcome, headsBefore: heads, headsAfter: heads, steps: [] };
}
