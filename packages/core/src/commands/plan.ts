import type { Statement } from "../driver/statement.ts";
import { compileOperation } from "../plan/compile-operation.ts";
import { describeOperation } from "../ops/describe.ts";
import { downgradePath } from "../revision/downgrade-path.ts";
import type { Step } from "../revision/revision-info.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import { guardExit } from "../run/exit-guard.ts";
import { explainFailure } from "../run/explain-failure.ts";
import { prepareUnit } from "../run/unit.ts";
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
  /** The query at which the rest of the step depends on data and cannot be foretold, or `null`. */
  readonly dependsOnQuery: string | null;
}

export interface Plan {
  readonly command: "upgrade" | "downgrade";
  readonly headsBefore: readonly string[];
  readonly headsAfter: readonly string[];
  readonly steps: readonly PlannedStep[];
}

/** SQLite's own default for parameters in one statement (sqlite.org/limits.html), until the engine tells. */
const assumedLimits = { parameters: 32_766 };

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
  try {
    for (const step of steps)
      planned.push(await planStep(context, step, { loadRevision, signal: guard.signal }));
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
  options: Parameters<typeof prepareUnit>[1],
): Promise<PlannedStep> {
  const { versionTable } = context.session.options;
  const limits = context.session.connection()?.capabilities.limits ?? assumedLimits;
  const { first, message, downRevisions, recording } = await prepareUnit(step, options);
  const statements = first.operations.flatMap((operation) => compileOperation(operation, limits));
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
    dependsOnQuery: first.query?.statement.sql ?? null,
  };
}
