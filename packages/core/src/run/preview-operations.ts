import type { BatchStatement } from "../batch/batch-plan.ts";
import type { Connection } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { changesSchema } from "../ops/changes-schema.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import { compileOperation } from "../plan/compile-operation.ts";
import { asBatch, readBatchPlan } from "./read-batch-plan.ts";

/** What a plan knows of the tables: those of the database, until an operation changes one. */
export interface SchemaKnowledge {
  /** `undefined` while there is no database to look at. */
  readonly connection: Connection | undefined;
  isCurrent: boolean;
}

export interface Preview {
  readonly statements: readonly Statement[];
  /** The operations whose statements depend on tables as they will be, described. */
  readonly dependsOnSchema: readonly string[];
}

/** SQLite's own default for parameters in one statement (sqlite.org/limits.html), until the engine tells. */
const assumedLimits = { parameters: 32_766 };

/**
 * Compiles operations without running them. A batch is compiled against the database as long as no
 * operation before it, of this revision or an earlier one, changes the schema.
 */
export async function previewOperations(
  operations: readonly Operation[],
  knowledge: SchemaKnowledge,
): Promise<Preview> {
  const statements: Statement[] = [];
  const dependsOnSchema: string[] = [];
  for (const operation of operations) {
    const found = await previewOperation(operation, knowledge);
    if (found === undefined) dependsOnSchema.push(describeOperation(operation));
    else statements.push(...found);
    knowledge.isCurrent &&= !changesSchema(operation);
  }
  return { statements, dependsOnSchema };
}

async function previewOperation(
  operation: Operation,
  { connection, isCurrent }: SchemaKnowledge,
): Promise<readonly Statement[] | undefined> {
  const batch = asBatch(operation);
  if (batch === null) {
    const limits = connection?.capabilities.limits ?? assumedLimits;
    return compileOperation(operation, limits).map(withoutGuard);
  }
  if (connection === undefined || !isCurrent) return undefined;
  const plan = await readBatchPlan(connection, batch, connection.capabilities);
  return plan.statements.map(withoutGuard);
}

/** The guard is for the one who runs the statement; a plan is read, and printed as JSON. */
function withoutGuard({ sql, params, comment }: BatchStatement): Statement {
  return {
    sql,
    ...(params === undefined ? {} : { params }),
    ...(comment === undefined ? {} : { comment }),
  };
}
