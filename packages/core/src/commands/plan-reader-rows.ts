import type { Statement } from "../driver/statement.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import { planReaders, planReadersOffline } from "../run/plan-readers.ts";
import type { CommandContext } from "./context.ts";
import type { PlannedStep } from "./plan.ts";

/** Adds to the steps that end a transaction what it writes about the code that may open the database. */
export async function withReaderRows(
  context: CommandContext,
  graph: RevisionGraph,
  planned: readonly PlannedStep[],
): Promise<readonly PlannedStep[]> {
  const isOnServer = context.session.connection()?.capabilities.lock === "server";
  const perStep = isOnServer || context.transactionPer === "revision";
  const steps: PlannedStep[] = [];
  for (const [index, one] of planned.entries()) {
    const isEnd = (perStep || index === planned.length - 1) && one.dependsOnQuery === null;
    const rows = isEnd ? await readerRows(context, graph, one.step.headsAfter) : [];
    steps.push(rows.length === 0 ? one : { ...one, statements: [...one.statements, ...rows] });
  }
  return steps;
}

async function readerRows(
  { session }: CommandContext,
  graph: RevisionGraph,
  heads: readonly string[],
): Promise<readonly Statement[]> {
  const connection = session.connection();
  if (connection === undefined) {
    return planReadersOffline(session.options.versionTable.readers, { graph, heads, hasReaders: false });
  }
  const wasAsked = connection.capabilities.lock === "server";
  return await planReaders(connection, session, { graph, heads, wasAsked });
}
