import { asBatch } from "../batch/as-batch.ts";
import type { BatchPlan, BatchStatement } from "../batch/batch-plan.ts";
import { compileBatch } from "../batch/compile-batch.ts";
import type { Statement } from "../driver/statement.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import { compileOperation, limitsOf } from "../plan/compile-operation.ts";
import { effectOf, tableOf, type OperationEffect } from "../plan/operation-effect.ts";
import type { PlanWarning } from "../plan/plan-warning.ts";
import { lintOperation } from "./lint-operation.ts";
import type { PlanKnowledge } from "./plan-knowledge.ts";
import { readBatchPlan } from "./read-batch-plan.ts";

export interface Preview {
  readonly statements: readonly Statement[];
  /** The operations whose statements depend on tables as they will be, described. */
  readonly dependsOnSchema: readonly string[];
  /** What each operation does, in their order. */
  readonly effects: readonly OperationEffect[];
  readonly warnings: readonly PlanWarning[];
}

/** SQLite's own default for parameters in one statement (sqlite.org/limits.html), until the engine tells. */
const assumedLimits = { parameters: 32_766 };

/**
 * Compiles operations without running them, and says what they will do to the rows that are there now. A
 * batch is compiled against the database, or, after an operation of this revision or an earlier one that changes
 * the schema, against the tables as they will be, as long as that can be foretold.
 */
export async function previewOperations(
  operations: readonly Operation[],
  knowledge: PlanKnowledge,
): Promise<Preview> {
  const statements: Statement[] = [];
  const dependsOnSchema: string[] = [];
  const effects: OperationEffect[] = [];
  const warnings: PlanWarning[] = [];
  for (const operation of operations) {
    const { compiled, plan } = await previewOperation(operation, knowledge);
    if (compiled === undefined) dependsOnSchema.push(describeOperation(operation));
    else statements.push(...compiled.map(withoutGuard));
    const effect = await readEffect(operation, plan, knowledge);
    effects.push(effect);
    warnings.push(...(await lintOperation(operation, { knowledge, plan, effect })));
    knowledge.pass(operation, compiled);
  }
  return { statements, dependsOnSchema, effects, warnings };
}

interface Compiled {
  /** `undefined` while the table is not known. */
  readonly compiled: readonly BatchStatement[] | undefined;
  readonly plan: BatchPlan | undefined;
}

async function previewOperation(operation: Operation, knowledge: PlanKnowledge): Promise<Compiled> {
  const { connection, foresight } = knowledge;
  const batch = asBatch(operation);
  if (batch === null) {
    const limits = connection === undefined ? assumedLimits : limitsOf(connection.capabilities);
    return { compiled: compileOperation(operation, limits), plan: undefined };
  }
  if (connection !== undefined && !foresight.isNeeded()) {
    const plan = await readBatchPlan(connection, batch, connection.capabilities);
    return { compiled: plan.statements, plan };
  }
  const schema = foresight.isNeeded() ? await foresight.read() : undefined;
  const capabilities = connection?.capabilities ?? foresight.capabilities();
  if (schema === undefined || capabilities === undefined) return { compiled: undefined, plan: undefined };
  const { alterConstraints } = capabilities;
  const plan = compileBatch(batch, { schema, alterConstraints, rows: undefined });
  return { compiled: plan.statements, plan };
}

/** What an operation does to the rows that are there now. */
export async function readEffect(
  operation: Operation,
  plan: BatchPlan | undefined,
  knowledge: PlanKnowledge,
): Promise<OperationEffect> {
  const name = tableOf(operation);
  const table = name === null ? undefined : await knowledge.table(name);
  const size = table === undefined ? undefined : await knowledge.size(table.name);
  return effectOf(operation, { plan, size, indexes: table?.indexes.length ?? 0 });
}

/** The guard is for the one who runs the statement; a plan is read, and printed as JSON. */
function withoutGuard({ sql, params, comment }: BatchStatement): Statement {
  return {
    sql,
    ...(params === undefined ? {} : { params }),
    ...(comment === undefined ? {} : { comment }),
  };
}
