import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { downgradePath } from "../revision/downgrade-path.ts";
import type { Step } from "../revision/revision-info.ts";
import type { RunResult } from "../run/result.ts";
import { sameHeads } from "../run/settle-commit.ts";
import { backedUp, type BackedUpOptions } from "./backup/backed-up.ts";
import type { CommandContext } from "./context.ts";
import { lintRun, type LintOptions } from "./lint-run.ts";
import { assertSound } from "./revision-library.ts";
import { assertResolvable } from "./resolve-early.ts";

export interface DowngradeOptions extends LintOptions, BackedUpOptions {
  /**
   * `"refuse"`: roll the transaction back with SKM_DESTRUCTIVE when it would end with fewer rows or columns than
   * it began with. With a transaction for each revision, those before it stay committed.
   */
  readonly dataLoss?: "allow" | "refuse";
}

/** Undoes the revisions above the target, newest first. The version table itself always stays. */
export async function downgrade(
  context: CommandContext,
  target: string,
  options: DowngradeOptions = {},
): Promise<RunResult> {
  const { session, transactionPer, foreignKeys, signal, emit } = context;
  const { graph, loadRevision } = assertSound(await context.library());
  assertResolvable(graph, target);
  const heads = await session.readHeads("write");
  const steps = downgradePath(graph, heads, target);
  if (steps.length === 0) {
    return {
      command: "downgrade",
      outcome: "nothing-to-do",
      headsBefore: heads,
      headsAfter: heads,
      steps: [],
    };
  }
  const lateLint = await lintRun(context, [target], { direction: "downgrade", ...options });
  const goal = steps.at(-1)?.headsAfter ?? [];
  // Where another process has written the rows of replaced revisions anew, nothing else is done yet.
  const work = steps.findIndex(({ kind }) => kind === "downgrade");
  const replan = (moved: readonly string[]): readonly Step[] => {
    if (sameHeads(moved, goal)) return [];
    if (sameHeads(moved, steps[work]?.headsBefore ?? [])) return steps.slice(work);
    if (/[+-]\d+$/u.test(target)) throw moving(target, heads, moved);
    return downgradePath(graph, moved, target);
  };
  const { runRequest } = await import("./running.ts");
  const run = async (): Promise<RunResult> =>
    await runRequest(
      session,
      { command: "downgrade", graph, heads, steps, loadRevision, replan },
      { transactionPer, foreignKeys, signal, emit, dataLoss: options.dataLoss ?? "allow", lateLint },
    );
  return await backedUp(context, options.backup, run);
}

/** A relative downgrade from other heads than the caller saw could undo what nobody asked to undo. */
function moving(target: string, before: readonly string[], now: readonly string[]): MigrationError {
  return new MigrationError(
    "SKM_VERSION_MOVED",
    `cannot downgrade ${quoteForMessage(target)}: another process changed the current revision while this one waited`,
    {
      details: { target, expected: before, found: now },
      hint: "look at `current` and name the revision to go back to",
    },
  );
}
