import { sameHeads } from "../run/settle-commit.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import type { CommandContext } from "./context.ts";
import { assertSound } from "./revision-library.ts";

export interface CheckResult {
  /** Every revision is applied. */
  readonly upToDate: boolean;
  readonly heads: readonly string[];
  /** The revisions that `upgrade heads` would apply, in order. */
  readonly pending: readonly string[];
}

/** Compares the database's heads with the revision files. Writes nothing. */
export async function check(context: CommandContext): Promise<CheckResult> {
  const { graph } = assertSound(await context.library());
  const heads = await context.session.readHeads("read");
  if (sameHeads(heads, graph.realHeads.toSorted())) return { upToDate: true, heads, pending: [] };
  const pending = upgradePath(graph, heads, "heads").map((step) => step.revision);
  return { upToDate: pending.length === 0, heads, pending };
}
