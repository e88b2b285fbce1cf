import type { Statement } from "../driver/statement.ts";
import { describeOperation } from "../ops/describe.ts";
import { downgradePath } from "../revision/downgrade-path.ts";
import type { Step } from "../revision/revision-info.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import { guardExit } from "../run/exit-guard.ts";
import { explainFailure } from "../run/explain-failure.ts";
import { prepareUnit, type PrepareOptions } from "../run/unit.ts";
import { previewOperations, type SchemaKnowledge } from "../run/preview-operations.ts";
import { changeVersionRows } from "../version/version-table.ts";
import type { CommandContext } from "./context.ts";
import { assertSound } from "./revision-library.ts";
import { assertResolvable } from "./resolve-early.ts";

export interface PlanOptions {
  readonly direction?: "upgrade" | "downgrade";
}

export interface PlannedStep {
  readonly step: Step;
  readonly message: string | undefined;
  /** The ids that the revision follows; empty at a base. */
  readonly downRevisions: readonly string[];
  /** One line for each recorded operation. */
  readonly operations: readonly string[];
  readonly statements: readonly Statement[];
  /** Changes of tables that an earlier operation makes or alters: their statements are known only then. */
  readonly dependsOnSchema: readonly string[];
  /** The query at which the rest of the step depends on data and cannot be foretold, or `null`. */
  readonly dependsOnQuery: string | null;
}

export interface Plan {
  readonly command: "upgrade" | "downgrade";
  readonly headsBefore: readonly string[];
  readonly headsAfter: readonly string[];
  readonly steps: readonly PlannedStep[];
}

/** Says what a run would do, statement by statement, without opening the database for writing. */
export async function plan(
  context: CommandContext,
  target: string,
  options: PlanOptions = {},
): Promise<Plan> {
  const { graph, loadRevision } = assertSound(await context.library());
  const command = options.direction ?? "upgrade";
  assertResolvable(graph, target);
  const heads = await context.session.readHeads("read");
  const path = command === "upgrade" ? upgradePath : downgradePath;
  const steps = path(graph, heads, target);
  const guard = guardExit(() => undefined);
  const planned: PlannedStep[] = [];
  const knowledge: SchemaKnowledge = { connection: context.session.connection(), isCurrent: true };
  try {
    for (const step of steps)
      planned.push(await planStep(context, step, { loadRevision, signal: guard.signal, knowledge }));
  } catch (error) {
    const step = steps[planned.length];
    throw explainFailure(error, { step, applied: [], pending: steps.map(({ revision }) => revision), heads });
  } finally {
    guard.release();
  }
  return { command, headsBefore: heads, headsAfter: steps.at(-1)?.headsAfter ?? heads, steps: planned };
}

async function planStep(
  context: CommandContext,
  step: Step,
  { knowledge, ...options }: PrepareOptions & { readonly knowledge: SchemaKnowledge },
): Promise<PlannedStep> {
  const { versionTable } = context.session.options;
  const { first, message, downRevisions, recording } = await prepareUnit(step, options);
  const { statements, dependsOnSchema } = await previewOperations(first.operations, knowledge);
  recording?.abandon(new Error("the plan ends here"));
  return {
    step,
    message,
    downRevisions,
    operations: first.operations.map(describeOperation),
    statements:
      first.query === null
        ? [...statements, ...changeVersionRows(versionTable, step.headsBefore, step.headsAfter)]
        : statements,
    dependsOnSchema,
    dependsOnQuery: first.query?.statement.sql ?? null,
  };
}
