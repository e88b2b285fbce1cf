import type { Executor } from "../driver/driver.ts";
import { resolveRevisions } from "../revision/resolve-revisions.ts";
import { stampPath } from "../revision/stamp-path.ts";
import type { RunResult } from "../run/result.ts";
import { runRequest } from "../run/run-request.ts";
import { changeVersionRows } from "../version/version-table.ts";
import { readHeads } from "../version/read-heads.ts";
import type { CommandContext } from "./context.ts";
import { assertSound } from "./revision-library.ts";
import { explainFailure } from "../run/explain-failure.ts";

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
  for (const identifier of typeof target === "string" ? [target] : target)
    resolveRevisions(graph, identifier);
  if (options.purge === true) {
    const steps = stampPath(graph, [], targets);
    return await purge(context, steps.at(-1)?.headsAfter ?? []);
  }
  const heads = await session.readHeads("write");
  const steps = stampPath(graph, heads, targets);
  if (steps.length === 0) {
    return { command: "stamp", outcome: "nothing-to-do", headsBefore: heads, headsAfter: heads, steps: [] };
  }
  return await runRequest(
    session,
    { command: "stamp", heads, steps, loadRevision, replan: (moved) => stampPath(graph, moved, targets) },
    { transactionPer: "run", foreignKeys: "enforced", dataLoss: "allow", signal, emit },
  );
}

/** Does not read the rows it replaces: they may be the very thing that has to be repaired. */
async function purge(context: CommandContext, heads: readonly string[]): Promise<RunResult> {
  const { session } = context;
  const { versionTable, waitMs } = session.options;
  const write = [versionTable.create, versionTable.clear, ...changeVersionRows(versionTable, [], heads)];
  try {
    const connection = await session.openForWriting();
    await connection.unit(write, { waitMs });
    const now = await readHeads(connection satisfies Executor, versionTable);
    return { command: "stamp", outcome: "applied", headsBefore: [], headsAfter: now, steps: [] };
  } catch (error) {
    throw explainFailure(error, { step: undefined, applied: [], pending: heads, heads: [] });
  }
}
