import type { BatchPlan } from "../batch/batch-plan.ts";
import { cascadeLinks } from "../batch/cascade-links.ts";
import { describeRisk } from "../batch/value-risks.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import type { ColumnChanges, TableChange } from "../ops/table-change.ts";
import type { OperationEffect } from "../plan/operation-effect.ts";
import type { LintCode, PlanWarning } from "../plan/plan-warning.ts";
import { typeRisks } from "../sql/type-change.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import type { InspectedTable } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { droppedTableOf } from "../sql/dropped-table-of.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import type { PlanKnowledge } from "./plan-knowledge.ts";

export interface LintContext {
  readonly knowledge: PlanKnowledge;
  /** How a batch would be done, where that is known. */
  readonly plan: BatchPlan | undefined;
  readonly effect: OperationEffect;
}

type Finding = Pick<PlanWarning, "code" | "message" | "hint"> & { readonly rows?: number };

/** What is worth a second look about an operation, given what the database holds now. */
export async function lintOperation(
  operation: Operation,
  context: LintContext,
): Promise<readonly PlanWarning[]> {
  const { table } = context.effect;
  const findings = await findAll(operation, context);
  return findings.map(({ code, message, hint, rows = null }) => ({
    code,
    message,
    hint,
    operation: describeOperation(operation),
    table,
    rows,
  }));
}

async function findAll(operation: Operation, context: LintContext): Promise<readonly Finding[]> {
  const { kind } = operation;
  if (kind === "addColumn" || kind === "dropColumn") {
    return await lintChanges(operation.table, [changeOf(operation)], context);
  }
  if (kind === "batchAlterTable") return await lintChanges(operation.table, operation.changes, context);
  if (kind !== "dropTable" && kind !== "execute") return [];
  const dropped = kind === "dropTable" ? operation.table : droppedTableOf(operation.sql);
  return dropped === undefined ? [] : await lintDrop(dropped, operation.allowDataLoss, context);
}

function changeOf(operation: Extract<Operation, { readonly kind: "addColumn" | "dropColumn" }>): TableChange {
  return operation.kind === "addColumn"
    ? { kind: "addColumn", column: operation.column }
    : { kind: "dropColumn", column: operation.column };
}

async function lintDrop(
  name: string,
  allowDataLoss: readonly string[] | undefined,
  { knowledge }: LintContext,
): Promise<readonly Finding[]> {
  const table = await knowledge.table(name);
  if (table === undefined) return [];
  const { rows } = await knowledge.size(name);
  const findings: Finding[] = [];
  if (rows > 0) {
    findings.push({
      code: "SKM_LINT_DATA_LOSS",
      message: `${showRows(rows)} of table ${quoteForMessage(table.name)} will be deleted`,
      hint: "make a backup first",
      rows,
    });
  }
  if (knowledge.foreignKeys === "suspended") return findings;
  const allowed = new Set(allowDataLoss?.map(foldName));
  for (const link of cascadeLinks(await knowledge.schema(), name)) {
    if (allowed.has(foldName(link.table)) || (await knowledge.table(link.table)) === undefined) continue;
    const endangered = await knowledge.count(link.count);
    if (endangered === 0) continue;
    findings.push({
      code: "SKM_LINT_CASCADE",
      message: `dropping ${quoteForMessage(table.name)} would delete or change ${showRows(endangered)} of ${quoteForMessage(link.table)} (on delete ${link.action}) and will be refused while they are there`,
      hint: `use op.batchAlterTable to change the table, or say { allowDataLoss: [${JSON.stringify(link.table)}] }`,
      rows: endangered,
    });
  }
  return findings;
}

async function lintChanges(
  name: string,
  changes: readonly TableChange[],
  context: LintContext,
): Promise<readonly Finding[]> {
  const table = await context.knowledge.table(name);
  if (table === undefined) return [];
  const findings: Finding[] = [];
  for (const change of changes) findings.push(...(await lintChange(table, change, context.knowledge)));
  return context.plan?.method === "rebuild"
    ? [...findings, ...(await lintRebuild(table, context.plan, context))]
    : findings;
}

async function lintChange(
  table: InspectedTable,
  change: TableChange,
  knowledge: PlanKnowledge,
): Promise<readonly Finding[]> {
  const column = (name: string) => table.columns.find((one) => isSameName(one.name, name));
  if (change.kind === "dropColumn") {
    const dropped = column(change.column);
    if (dropped === undefined || dropped.generated !== "no") return [];
    const rows = await countWhere(table, knowledge, `${quoteIdentifier(dropped.name)} IS NOT NULL`);
    return rows === 0 ? [] : [lostColumn(table.name, dropped.name, rows)];
  }
  if (change.kind === "addColumn") {
    if (change.ifNotExists === true && column(change.column.name) !== undefined) return [];
    const { rows } = await knowledge.size(table.name);
    return rows > 0 && hasNoValue(change.column) ? [noValue(table.name, change.column.name, rows)] : [];
  }
  const altered = change.kind === "alterColumn" ? column(change.column) : undefined;
  if (change.kind !== "alterColumn" || altered === undefined) return [];
  return await lintColumn(table, altered, { change: change.changes, knowledge });
}

interface ColumnContext {
  readonly change: ColumnChanges;
  readonly knowledge: PlanKnowledge;
}

async function lintColumn(
  table: InspectedTable,
  { name, type, notNull }: InspectedTable["columns"][number],
  { change, knowledge }: ColumnContext,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const label = quoteForMessage(`${table.name}.${name}`);
  if (change.nullable === false && !notNull) {
    const rows = await countWhere(table, knowledge, `${quoteIdentifier(name)} IS NULL`);
    if (rows > 0) {
      findings.push({
        code: "SKM_LINT_NOT_NULL",
        message: `${label} is NULL in ${showRows(rows)}, so that NOT NULL will be refused`,
        hint: "give them a value first with op.updateRows",
        rows,
      });
    }
  }
  for (const risk of change.type === undefined ? [] : typeRisks(name, type, change.type)) {
    const rows = await countWhere(table, knowledge, risk.condition);
    if (rows === 0) continue;
    const where = { table: table.name, column: name };
    findings.push(changedValues({ ...risk, ...where }, rows));
  }
  return findings;
}

async function lintRebuild(
  table: InspectedTable,
  plan: BatchPlan,
  { knowledge, effect }: LintContext,
): Promise<readonly Finding[]> {
  const { connection } = knowledge;
  const findings: Finding[] = [];
  const links = cascadeLinks(await knowledge.schema(), table.name);
  for (const risk of plan.valueRisks.filter(({ kind }) => kind !== "type")) {
    const rows = await countWhere(table, knowledge, risk.condition);
    if (rows > 0) findings.push(changedValues(risk, rows));
  }
  let referring = 0;
  for (const { count } of links) referring += await knowledge.count(count);
  const capabilities = connection?.capabilities;
  if (capabilities?.foreignKeysOff === false && plan.linkedTables.length > 0) {
    findings.push({
      code: "SKM_LINT_UNSUPPORTED",
      message: `this engine always enforces foreign keys, and will not rebuild ${quoteForMessage(table.name)} while tables that refer to it have rows`,
      hint: "run the revision on a copy of the database with another driver, or change only what needs no rebuild",
    });
  } else if (referring > 0) {
    findings.push({
      code: "SKM_LINT_PARENT_REBUILD",
      message: `${showRows(referring)} of ${links.map((link) => quoteForMessage(link.table)).join(", ")} ${referring === 1 ? "refers" : "refer"} to ${quoteForMessage(table.name)} with an ON DELETE action: foreign keys are suspended for the whole transaction, and no action fires in it`,
      hint: "rows that refer to deleted ones then fail the run; keep such deletes in a transaction of their own",
      rows: referring,
    });
  }
  const limit = capabilities?.maxUnitMs ?? null;
  if (limit !== null && (effect.estimatedMs ?? 0) > limit) {
    findings.push({
      code: "SKM_LINT_REMOTE_REBUILD",
      message: `rebuilding ${quoteForMessage(table.name)} takes about ${Math.round((effect.estimatedMs ?? 0) / 1000)} s, and the server may end a transaction after ${limit / 1000} s`,
      hint: "run it while nobody writes, or block writes on the server for that time",
      rows: effect.rows ?? 0,
    });
  }
  return findings;
}

function changedValues(risk: Parameters<typeof describeRisk>[0], rows: number): Finding {
  return finding("SKM_LINT_TYPE", rows, {
    message: describeRisk(risk, rows),
    hint: "convert the values first with op.updateRows, or keep the type",
  });
}

async function countWhere(
  { name }: InspectedTable,
  knowledge: PlanKnowledge,
  condition: string,
): Promise<number> {
  return await knowledge.count(`SELECT count(*) FROM ${quoteIdentifier(name)} WHERE ${condition}`);
}

function hasNoValue({ nullable, notNull, default: value, generated }: ColumnDefinition): boolean {
  const isNotNull = nullable === false || notNull !== undefined;
  return isNotNull && generated === undefined && (value === undefined || value === null);
}

function lostColumn(table: string, column: string, rows: number): Finding {
  return finding("SKM_LINT_DATA_LOSS", rows, {
    message: `the values of ${quoteForMessage(`${table}.${column}`)} in ${showRows(rows)} will be deleted`,
    hint: "make a backup first",
  });
}

function noValue(table: string, column: string, rows: number): Finding {
  return finding("SKM_LINT_NOT_NULL", rows, {
    message: `${quoteForMessage(`${table}.${column}`)} is NOT NULL and has no default, and the table has ${showRows(rows)}: it will be refused`,
    hint: "give it a default, or add it as nullable, fill it with op.updateRows and then make it NOT NULL",
  });
}

const finding = (code: LintCode, rows: number, words: Pick<Finding, "message" | "hint">): Finding => ({
  code,
  rows,
  ...words,
});

function showRows(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}
