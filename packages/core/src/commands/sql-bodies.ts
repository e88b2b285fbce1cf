import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { asBatch } from "../batch/as-batch.ts";
import { compileBatch } from "../batch/compile-batch.ts";
import type { Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Operation } from "../ops/operation.ts";
import { compileOperation } from "../plan/compile-operation.ts";
import { isUsageGuard } from "../run/offline/compile-chunk.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import type { Revision } from "../script/revision.ts";
import { inlineParameters } from "../sql/inline-parameters.ts";
import { loadSchema, proveDirections } from "./prove-directions.ts";
import type { SchemaContext } from "./schema-side.ts";
import { withScratch, type Scratch } from "./scratch.ts";

/** The two sections of a revision that is an SQL script. */
export interface SqlBodies {
  readonly upgrade: string;
  readonly downgrade: string;
}

export interface SqlBodiesRequest {
  readonly before: DatabaseSchema;
  readonly target: DatabaseSchema;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  readonly options: DiffOptions;
}

/**
 * Writes operations as SQL, and runs the script in memory in both directions: it must make the second schema, then
 * the first one again. Statements are those of SQLite before 3.53, as the engine that runs them later is not known.
 *
 * @throws {SKM_NEEDS_REBUILD} a table has to be rebuilt: foreign keys are suspended for that and rows are counted,
 * which a script of statements cannot do.
 */
export async function renderSqlBodies(context: SchemaContext, request: SqlBodiesRequest): Promise<SqlBodies> {
  const { before, target, options } = request;
  const bodies = await compileScripts(context, request);
  const there = scriptRevision("there", null, bodies.upgrade);
  const back = scriptRevision("back", "there", bodies.downgrade);
  await withScratch(context.scratch, async (scratch) => {
    await loadSchema(scratch, before);
    await proveDirections(context, scratch, { before, target, options, there, back });
  });
  return bodies;
}

/**
 * Writes the operations of both directions as SQL, for an empty database with the schema before them.
 *
 * @throws {SKM_NEEDS_REBUILD} as {@link renderSqlBodies}
 */
export async function compileScripts(
  context: SchemaContext,
  { before, upgrade, downgrade }: Pick<SqlBodiesRequest, "before" | "upgrade" | "downgrade">,
): Promise<SqlBodies> {
  const rebuilt = new Set<string>();
  const bodies = await withScratch(context.scratch, async (scratch) => {
    await loadSchema(scratch, before);
    return {
      upgrade: await renderAll(scratch, upgrade, rebuilt),
      downgrade: await renderAll(scratch, downgrade, rebuilt),
    };
  });
  if (rebuilt.size > 0) throw needsRebuild([...rebuilt].toSorted());
  return bodies;
}

async function renderAll(
  scratch: Scratch,
  operations: readonly Operation[],
  rebuilt: Set<string>,
): Promise<string> {
  const lines: string[] = [];
  for (const operation of operations) {
    const statements = await compile(scratch, operation, rebuilt);
    for (const statement of statements) await scratch.connection.unit([statement], suspended);
    lines.push(...statements.filter((one) => !isUsageGuard(one)).map(inlineParameters));
  }
  return lines.join("\n\n");
}

const suspended = { foreignKeys: "suspended" } as const;

/** No parameters are sent, so that no engine's limit applies. */
const limits = { parameters: 32_766 };

/** Rebuilds too, so that what follows can be compiled and all tables be named. */
async function compile(
  scratch: Scratch,
  operation: Operation,
  rebuilt: Set<string>,
): Promise<readonly Statement[]> {
  const batch = asBatch(operation);
  if (batch === null) return compileOperation(operation, limits).map(bare);
  const schema = await scratch.readSchema();
  const plan = compileBatch(batch, { schema, alterConstraints: false, rows: undefined });
  if (plan.method === "rebuild") rebuilt.add(batch.table);
  return plan.statements.map(bare);
}

const bare = ({ sql, params }: Statement): Statement => (params === undefined ? { sql } : { sql, params });

function scriptRevision(revision: string, downRevision: string | null, sql: string): Revision {
  return {
    revision,
    downRevision,
    upgrade: (op) => {
      if (sql !== "") op.executeScript(sql);
    },
  };
}

function needsRebuild(tables: readonly string[]): MigrationError {
  const names = tables.map((table) => quoteForMessage(table)).join(", ");
  return new MigrationError(
    "SKM_NEEDS_REBUILD",
    `cannot write the revision as SQL: ${tables.length === 1 ? "table" : "tables"} ${names} would have to be rebuilt, in one direction at least`,
    {
      details: { tables },
      exitCode: 9,
      hint: 'leave out --sql (`template: "sql"`): op.batchAlterTable rebuilds a table safely, a script of statements cannot',
    },
  );
}
