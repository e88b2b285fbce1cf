import { isKnownId } from "../revision/assess-heads.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { Step } from "../revision/revision-info.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import type { RunListener } from "../run/events.ts";
import type { LateLint } from "../run/late-lint.ts";
import type { RunResult } from "../run/result.ts";
import type { CommandContext } from "./context.ts";
import type { RevisionLibrary } from "./revision-library.ts";
import type { Jump } from "./snapshot/find-jump.ts";

export interface PlannedUpgrade {
  readonly target: string | readonly string[];
  readonly library: RevisionLibrary;
  readonly heads: readonly string[];
  /** Without a snapshot. */
  readonly steps: readonly Step[];
  readonly jump: Jump | null;
  /** A database that is newer by the time of the run is left as it is. */
  readonly accepts: boolean;
  readonly dataLoss: "allow" | "refuse";
  readonly lateLint: LateLint | undefined;
  readonly emit: RunListener;
  /** Nobody has read `heads` from this database. */
  readonly isSupposed: boolean;
}

/** The steps from these heads to the target. */
export function planUpgrade(
  graph: RevisionGraph,
  heads: readonly string[],
  target: string | readonly string[],
): readonly Step[] {
  return upgradePath(graph, heads, typeof target === "string" ? target : [...target]);
}

/**
 * Runs the steps. When another process gets to their goal in the meantime, nothing is left to do, also for `+1`.
 *
 * @throws what `runRequest` throws.
 */
export async function runUpgrade(context: CommandContext, planned: PlannedUpgrade): Promise<RunResult> {
  const { session, transactionPer, foreignKeys, signal, lastUpgrade } = context;
  const { target, library, heads, steps, jump, accepts, dataLoss, lateLint, emit, isSupposed } = planned;
  const { graph, loadRevision } = library;
  const goal = [...(steps.at(-1)?.headsAfter ?? [])];
  const hasReaders = session.seesReaders();
  const { runRequest } = await import("./running.ts");
  return await runRequest(
    session,
    {
      command: "upgrade",
      graph,
      heads,
      steps: jump?.steps ?? steps,
      loadRevision,
      prepareSnapshot: jump?.prepareSnapshot,
      replan: (moved) =>
        accepts && !moved.every((head) => isKnownId(graph, head)) ? [] : upgradePath(graph, moved, goal),
      isSupposed,
      onPlainStart: (before) => {
        lastUpgrade.note(target, { heads: before, hasReaders });
      },
    },
    { transactionPer, foreignKeys, signal, emit, dataLoss, lateLint },
  );
}
