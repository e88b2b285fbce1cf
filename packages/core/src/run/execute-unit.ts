import type { BatchPlan, BatchStatement, Guard } from "../batch/batch-plan.ts";
import { describeRisk } from "../batch/value-risks.ts";
import type { Capabilities } from "../driver/capabilities.ts";
import type { Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { compileOperation, limitsOf } from "../plan/compile-operation.ts";
import type { Operation } from "../ops/operation.ts";
import type { Step } from "../revision/revision-info.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { changeVersionRows, type VersionTable } from "../version/version-table.ts";
import { assertNoCascade } from "./cascade-guard.ts";
import type { RunListener } from "./events.ts";
import { mayRename } from "./follow-renames.ts";
import { explainGuard } from "./guard-error.ts";
import type { LintPass } from "./late-lint.ts";
import { readParentKeyGuards } from "./parent-key-guard.ts";
import { breathe, type Pace } from "./progress.ts";
import { asBatch, assertEnforcementFits, readBatchPlan } from "./read-batch-plan.ts";
import type { PendingQuery, Recording, Segment } from "./record-revision.ts";
import type { Unit } from "./unit.ts";

/** Where a run stands, for the error that may come: updated before each statement is sent. */
export interface Position {
  /** The step whose body records what needs no database, before the transaction begins. */
  preparing: Step | undefined;
  unit: Unit | undefined;
  /** 1 for the first statement of the unit. */
  statement: number;
  sql: string | undefined;
}

export interface ExecuteContext {
  readonly versionTable: VersionTable;
  readonly capabilities: Capabilities;
  readonly foreignKeys: "enforced" | "suspended";
  readonly signal: AbortSignal;
  readonly position: Position;
  /** Receives every operation that ran and may have renamed something, in order. */
  readonly executed: Operation[];
  /** Receives what must hold at the end of the transaction because of an index that was dropped. */
  readonly parentKeys: BatchStatement[];
  readonly pace: Pace;
  /** Looks at what the plan of the run did not see; where somebody wants to know. */
  readonly lint?: LintPass | undefined;
  readonly emit: RunListener;
}

/**
 * Runs one unit inside an open transaction: its statements, then the change of the version rows.
 *
 * @returns the number of statements that the revision itself ran.
 * @throws {MigrationError} SKM_VERSION_MOVED when the version rows are not those that the step expects.
 */
export async function executeUnit(tx: Executor, unit: Unit, context: ExecuteContext): Promise<number> {
  const { position, versionTable } = context;
  position.unit = unit;
  position.statement = 0;
  if (unit.recording !== null) await executeBody(tx, unit.recording, unit.first, context);
  const count = position.statement;
  position.sql = undefined;
  for (const statement of changeVersionRows(versionTable, unit.step.headsBefore, unit.step.headsAfter)) {
    const { changes } = await tx.query(statement);
    if (changes !== 1) throw versionMoved(unit, statement);
  }
  return count;
}

async function executeBody(
  tx: Executor,
  recording: Recording,
  first: Segment,
  context: ExecuteContext,
): Promise<void> {
  for (let segment = first; ; segment = await recording.advance(context.signal)) {
    for (const operation of segment.operations) {
      if (mayRename(operation)) context.executed.push(operation);
      const { statements, plan } = await compile(tx, operation, context);
      const revision = context.position.unit?.step.revision ?? "";
      await context.lint?.look(operation, { revision, plan, statements });
      for (const statement of statements) await send(tx, statement, context);
    }
    if (segment.query === null) return;
    context.lint?.ask();
    await answerQuery(tx, segment.query, context);
  }
}

interface Compiled {
  readonly statements: readonly BatchStatement[];
  /** How a batch is done. */
  readonly plan: BatchPlan | undefined;
}

/** A batch is compiled at its turn, against the tables that the operations before it have made. */
async function compile(tx: Executor, operation: Operation, context: ExecuteContext): Promise<Compiled> {
  const { capabilities } = context;
  // What fails from here on is no statement of the revision.
  context.position.sql = undefined;
  const batch = asBatch(operation);
  if (context.foreignKeys === "enforced") {
    context.parentKeys.push(...(await readParentKeyGuards(tx, operation)));
  }
  if (batch === null) {
    if (context.foreignKeys === "enforced") await assertNoCascade(tx, operation);
    return { statements: compileOperation(operation, limitsOf(capabilities)), plan: undefined };
  }
  const plan = await readBatchPlan(tx, batch, capabilities);
  await assertEnforcementFits(tx, batch, { plan, context });
  if (context.lint === undefined) await tellChangedValues(tx, plan, context);
  return { statements: plan.statements, plan };
}

/** Values that the copy changes are told of also where nobody asked for warnings: afterwards nobody could. */
async function tellChangedValues(
  tx: Executor,
  { valueRisks }: BatchPlan,
  { emit }: ExecuteContext,
): Promise<void> {
  for (const risk of valueRisks) {
    const count = `SELECT count(*) FROM ${quoteIdentifier(risk.table)} WHERE ${risk.condition}`;
    const rows = Number((await tx.query({ sql: count })).rows[0]?.[0] ?? 0);
    if (rows > 0) emit({ kind: "warning", code: "SKM_LINT_TYPE", message: describeRisk(risk, rows) });
  }
}

async function send(tx: Executor, statement: BatchStatement, context: ExecuteContext) {
  const { position, signal } = context;
  signal.throwIfAborted();
  position.statement += 1;
  position.sql = statement.sql;
  const revision = position.unit?.step.revision ?? "";
  context.emit({ kind: "statement", revision, number: position.statement, sql: statement.sql });
  const { guard, progress, ...plain } = statement;
  if (progress !== undefined) context.pace.begin(progress);
  const result = await sendGuarded(tx, plain, guard);
  if (progress !== undefined) {
    context.emit(context.pace.event(progress, { revision, changes: result.changes }));
    if (context.pace.isLate()) await breathe();
  }
  return result;
}

async function sendGuarded(tx: Executor, statement: Statement, guard: Guard | undefined) {
  try {
    return await tx.query(statement);
  } catch (error) {
    throw explainGuard(guard, error);
  }
}

/** A question that fails is the body's to handle: SQLite keeps the transaction open after a failed SELECT. */
async function answerQuery(tx: Executor, query: PendingQuery, context: ExecuteContext): Promise<void> {
  try {
    query.answer(await send(tx, query.statement, context));
  } catch (error) {
    query.fail(error);
  }
}

function versionMoved(unit: Unit, statement: Statement): MigrationError {
  return new MigrationError(
    "SKM_VERSION_MOVED",
    `the version rows changed while revision ${quoteForMessage(unit.step.revision)} ran: a row that should be there is not`,
    {
      details: { revision: unit.step.revision, expected: unit.step.headsBefore, sql: statement.sql },
      hint: "a revision must not write the version table itself",
    },
  );
}
