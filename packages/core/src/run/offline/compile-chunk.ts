import { asBatch } from "../../batch/as-batch.ts";
import type { BatchPlan, BatchStatement } from "../../batch/batch-plan.ts";
import { compileBatch } from "../../batch/compile-batch.ts";
import type { Connection } from "../../driver/driver.ts";
import type { Statement } from "../../driver/statement.ts";
import { readSchema } from "../../inspect/read-schema.ts";
import type { BatchAlterTableOperation, Operation } from "../../ops/operation.ts";
import { compileOperation } from "../../plan/compile-operation.ts";
import type { DatabaseSchema } from "../../schema/database-schema.ts";
import { classifyStatement } from "../../sql/classify-statement.ts";
import { cascadeGuards } from "../cascade-guard.ts";
import { explainGuard } from "../guard-error.ts";
import type { Journal } from "../../version/journal.ts";
import { mayRebuild } from "../read-batch-plan.ts";
import { assertParentKeys, readParentKeyGuards } from "../parent-key-guard.ts";
import type { Unit } from "../unit.ts";
import { journalParts } from "./journal-parts.ts";
import { tableCheck, type SchemaChange } from "./schema-checks.ts";
import { check, type ScriptPart } from "./script-part.ts";

/** Units that one transaction of a script runs, compiled. */
export interface OfflineChunk {
  readonly units: readonly OfflineUnit[];
  readonly foreignKeys: "enforced" | "suspended";
  readonly change: SchemaChange;
}

export interface OfflineUnit {
  readonly unit: Unit;
  readonly parts: readonly ScriptPart[];
}

/** No parameters are sent, so no engine's limit applies; it only says how many rows one INSERT has. */
const limits = { parameters: 32_766 };

/** SQLite before 3.53, so that any shell can run the script. */
const alterConstraints = false;

export interface CompileOptions {
  readonly foreignKeys: "enforced" | "suspended";
  /** Where the script notes its steps, if anywhere. */
  readonly journal: Journal | undefined;
  /** Kept up to date, so that the caller can say where a failure happened. */
  readonly position: { unit: Unit | undefined };
}

/**
 * Compiles units against a scratch database that has the schema before them, and brings it to the schema
 * after them. The statements of the revisions run there too: what SQLite refuses is found now.
 */
export async function compileChunk(
  scratch: Connection,
  units: readonly Unit[],
  { foreignKeys, journal, position }: CompileOptions,
): Promise<OfflineChunk> {
  const before = await readSchema(scratch);
  const compiled: OfflineUnit[] = [];
  const parentKeys: BatchStatement[] = [];
  let suspended = foreignKeys === "suspended";
  for (const unit of units) {
    const parts: ScriptPart[] = [];
    position.unit = unit;
    for (const operation of unit.first.operations) {
      parentKeys.push(...(await readParentKeyGuards(scratch, operation)));
      const { parts: more, rebuilds } = await compile(scratch, operation);
      parts.push(...more);
      suspended ||= rebuilds;
    }
    if (journal !== undefined) parts.push(...(await journalParts(journal, unit)));
    compiled.push({ unit, parts });
  }
  const operations = units.flatMap((unit) => unit.first.operations);
  await assertParentKeys(scratch, parentKeys);
  return {
    units: compiled,
    foreignKeys: suspended ? "suspended" : "enforced",
    change: { before, after: await readSchema(scratch), mayExist: operations.some(saysIfNotExists) },
  };
}

interface Compiled {
  readonly parts: readonly ScriptPart[];
  /** Foreign keys have to be suspended for it. */
  readonly rebuilds: boolean;
}

async function compile(scratch: Connection, operation: Operation): Promise<Compiled> {
  const batch = asBatch(operation);
  if (batch !== null) return await compileChange(scratch, batch);
  const guards = await cascadeGuards(operation, [], async () => await readSchema(scratch));
  const statements = compileOperation(operation, limits);
  // What must be true of the rows is not true of a database without any.
  if (operation.kind !== "require") await runAll(scratch, statements);
  return {
    parts: [
      ...guards.map((guard): ScriptPart => ({ ...guardCheck(guard), onlyEnforced: true })),
      ...statements.flatMap((statement) => partsOf(operation, statement)),
    ],
    rebuilds: false,
  };
}

async function compileChange(scratch: Connection, batch: BatchAlterTableOperation): Promise<Compiled> {
  const schema = await readSchema(scratch);
  const plan = compileBatch(batch, { schema, alterConstraints, rows: undefined });
  await runAll(scratch, plan.statements);
  return {
    parts: [...tableChecks(schema, batch, plan), ...plan.statements.flatMap(partsOfChange)],
    rebuilds: plan.linkedTables.length > 0 || mayRebuild(batch),
  };
}

/** Also a column that is dropped without a rebuild: whether something uses it was asked of the scratch database. */
function tableChecks(
  schema: DatabaseSchema,
  { table }: BatchAlterTableOperation,
  { method, statements }: BatchPlan,
): readonly ScriptPart[] {
  return method === "rebuild" || statements.some(isUsageGuard) ? [tableCheck(schema, table)] : [];
}

/** It asks whether a change leaves something behind that does not work any more. */
export const isUsageGuard = ({ sql }: Pick<Statement, "sql">): boolean =>
  classifyStatement(sql).verb === "EXPLAIN";

function partsOfChange(statement: BatchStatement): readonly ScriptPart[] {
  // EXPLAIN would print a program; its answer is known from the scratch database.
  if (isUsageGuard(statement)) return [];
  if (statement.guard?.code === "SKM_ROWCOUNT") return [guardCheck(statement)];
  const { comment } = statement;
  return [{ kind: "statement", statement, ...(comment === undefined ? {} : { comment }) }];
}

function partsOf(operation: Operation, statement: BatchStatement): readonly ScriptPart[] {
  if (operation.kind === "require") return [guardCheck(statement)];
  const part: ScriptPart = { kind: "statement", statement };
  if (operation.kind !== "bulkInsert" || operation.onConflict !== undefined) return [part];
  const rows = (statement.params?.length ?? 0) / operation.columns.length;
  return [part, check(`${rows === 1 ? "the row is" : `all ${rows} rows are`} in`, `changes() = ${rows}`)];
}

/** A guard fails by itself, with the error of json(); as a condition it is true whenever it does not. */
function guardCheck({ sql, comment: meaning = "" }: BatchStatement) {
  return check(meaning, `coalesce((${sql}), 1) IS NOT NULL`);
}

async function runAll(scratch: Connection, statements: readonly BatchStatement[]): Promise<void> {
  for (const { guard, progress: _progress, ...statement } of statements) {
    try {
      await scratch.unit([statement satisfies Statement], { foreignKeys: "suspended" });
    } catch (error) {
      throw explainGuard(guard, error);
    }
  }
}

function saysIfNotExists(operation: Operation): boolean {
  if (operation.kind === "execute") return /\bif\s+not\s+exists\b/iu.test(operation.sql);
  return "ifNotExists" in operation && operation.ifNotExists;
}
