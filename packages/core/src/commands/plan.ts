import type { Statement } from "../driver/statement.ts";
import { describeOperation } from "../ops/describe.ts";
import type { OperationEffect } from "../plan/operation-effect.ts";
import type { PlanWarning } from "../plan/plan-warning.ts";
import { downgradePath } from "../revision/downgrade-path.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { Step } from "../revision/revision-info.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import { guardExit } from "../run/exit-guard.ts";
import { explainFailure } from "../run/explain-failure.ts";
import { createPlanKnowledge, type PlanKnowledge } from "../run/plan-knowledge.ts";
import { prepareUnit, type Unit } from "../run/unit.ts";
import { lintStep } from "../run/lint-step.ts";
import { previewOperations } from "../run/preview-operations.ts";
import { enforcementFor } from "../run/run-transaction.ts";
import { compileOperation } from "../plan/compile-operation.ts";
import { changeVersionRows } from "../version/version-table.ts";
import type { CommandContext } from "./context.ts";
import { findNewer, isRelative } from "./accept-newer.ts";
import { lintReaders, olderReaders } from "./lint-readers.ts";
import { withReaderRows } from "./plan-reader-rows.ts";
import { lookForJump } from "./snapshot/look-for-jump.ts";
import { assertSound } from "./revision-library.ts";
import { assertResolvable } from "./resolve-early.ts";

export interface PlanOptions {
  readonly direction?: "upgrade" | "downgrade";
  /** `false`: an upgrade is planned as if there were no snapshot. */
  readonly snapshot?: boolean;
  /** Overrides `newer` of the migrator: nothing is planned for a newer database that is accepted. */
  readonly newer?: "refuse" | "allow";
}

export interface PlannedStep {
  readonly step: Step;
  readonly message: string | undefined;
  /** The ids that the revision follows; empty at a base. */
  readonly downRevisions: readonly string[];
  /** One line for each recorded operation. */
  readonly operations: readonly string[];
  readonly statements: readonly Statement[];
  /** Changes of tables that cannot be foretold, described: their statements are known only then. */
  readonly dependsOnSchema: readonly string[];
  /** What each operation does to rows, in the order of `operations`. */
  readonly effects: readonly OperationEffect[];
  readonly warnings: readonly PlanWarning[];
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
  const library = assertSound(await context.library());
  const { graph, loadRevision } = library;
  const command = options.direction ?? "upgrade";
  assertResolvable(graph, target);
  const accepts =
    command === "upgrade" && (options.newer ?? context.newer) === "allow" && !isRelative(graph, target);
  const found = { heads: await context.session.readHeads("read"), accepts };
  const { heads, isNewer } = await findNewer(context.session, graph, found);
  if (isNewer) return { command, headsBefore: heads, headsAfter: heads, steps: [] };
  const path = command === "upgrade" ? upgradePath : downgradePath;
  const replayed = path(graph, heads, target);
  const jump =
    command === "upgrade"
      ? await lookForJump(context, {
          library,
          heads,
          steps: replayed,
          snapshot: options.snapshot,
          asksServer: "before",
        })
      : null;
  const steps = jump?.steps ?? replayed;
  const guard = guardExit(() => undefined);
  const units: Unit[] = [];
  const planned: PlannedStep[] = [];
  let complete: readonly PlannedStep[] = [];
  const connection = context.session.connection();
  let knowledge: PlanKnowledge | undefined;
  try {
    for (const step of steps) {
      const { signal } = guard;
      units.push(await prepareUnit(step, { loadRevision, prepareSnapshot: jump?.prepareSnapshot, signal }));
    }
    const foreignKeys =
      connection === undefined ? context.foreignKeys : enforcementFor(units, connection, context);
    const { driver, scratch = driver.scratch } = context.session.options;
    knowledge = createPlanKnowledge({ connection, foreignKeys, scratch });
    for (const unit of units) planned.push(await planUnit(context, unit, { knowledge, graph }));
    complete = await withReaderRows(context, graph, planned);
  } catch (error) {
    const step = units.length < steps.length ? steps[units.length] : steps[planned.length];
    throw explainFailure(error, { step, applied: [], pending: steps.map(({ revision }) => revision), heads });
  } finally {
    guard.release();
    await knowledge?.foresight.close();
    for (const unit of units) unit.recording?.abandon(new Error("the plan ends here"));
  }
  return { command, headsBefore: heads, headsAfter: steps.at(-1)?.headsAfter ?? heads, steps: complete };
}

interface UnitKnowledge {
  readonly knowledge: PlanKnowledge;
  readonly graph: RevisionGraph;
}

async function planUnit(
  context: CommandContext,
  unit: Unit,
  { knowledge, graph }: UnitKnowledge,
): Promise<PlannedStep> {
  if (unit.step.snapshot !== undefined) return planSnapshot(context, unit, knowledge);
  const { versionTable } = context.session.options;
  const { step, first, message, downRevisions } = unit;
  const readers = olderReaders(graph, step);
  const look = async () => (readers.length === 0 ? undefined : await knowledge.foresight.read());
  const before = await look();
  const { statements, dependsOnSchema, effects, warnings } = await previewOperations(
    first.operations,
    knowledge,
  );
  const breaks = lintReaders(readers, { before, after: await look() });
  // What the body does after its question may be anything.
  if (first.query !== null) knowledge.lose();
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
    effects,
    warnings: [
      ...warnings,
      ...breaks,
      ...lintStep({ connection: context.session.connection(), dependsOnSchema, asks: first.query !== null }),
    ],
    dependsOnQuery: first.query?.statement.sql ?? null,
  };
}

/** A snapshot meets an empty database: there is nothing to warn of, and nothing to look at. */
function planSnapshot(context: CommandContext, { step, first }: Unit, knowledge: PlanKnowledge): PlannedStep {
  const { versionTable } = context.session.options;
  const compiled = first.operations.map((one) => compileOperation(one, { parameters: Infinity }));
  for (const [index, one] of first.operations.entries()) knowledge.pass(one, compiled[index]);
  const operation = `apply a snapshot of ${step.snapshot?.revisions ?? 0} revisions`;
  const unknown = { table: null, rows: null, bytes: null, estimatedMs: null };
  return {
    step,
    message: undefined,
    downRevisions: [],
    operations: [operation],
    statements: [...compiled.flat(), ...changeVersionRows(versionTable, step.headsBefore, step.headsAfter)],
    dependsOnSchema: [],
    effects: [{ operation, method: "sql", ...unknown }],
    warnings: [],
    dependsOnQuery: null,
  };
}
