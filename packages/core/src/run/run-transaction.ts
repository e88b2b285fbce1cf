import type { BatchStatement } from "../batch/batch-plan.ts";
import { amendDriverError, DriverError } from "../driver/driver-error.ts";
import type { Connection, Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import type { Operation } from "../ops/operation.ts";
import { readHeads } from "../version/read-heads.ts";
import type { VersionTable } from "../version/version-table.ts";
import { assertNoLoss, diffContents, readContents } from "./data-loss.ts";
import { isEmptyDatabase } from "./empty-database.ts";
import { fitsOneBatch, runGuardedUnit } from "./run-guarded-unit.ts";
import { executeUnit, type ExecuteContext } from "./execute-unit.ts";
import { assertNoNewViolations, readViolations } from "./foreign-key-check.ts";
import { createPace } from "./progress.ts";
import { journalUnit } from "./journal-unit.ts";
import { assertParentKeys } from "./parent-key-guard.ts";
import { planReaders } from "./plan-readers.ts";
import { mayRebuild } from "./read-batch-plan.ts";
import type { StepResult } from "./result.ts";
import type { Session } from "./session.ts";
import { commitRecovered, sameHeads, settleCommit } from "./settle-commit.ts";
import { SuppositionFailed } from "./supposition.ts";
import type { TransactionOptions, TransactionOutcome } from "./transaction.ts";
import { stepResult, type Unit } from "./unit.ts";

/** Leaves the transaction when the heads under the lock are not those the plan began with. */
class HeadsMoved extends Error {
  readonly heads: readonly string[];

  constructor(heads: readonly string[]) {
    super("the heads moved");
    this.heads = heads;
  }
}

/**
 * Runs prepared units in one write transaction: guards, statements, checks and version rows commit
 * together or not at all.
 */
export async function runTransaction(
  session: Session,
  units: readonly Unit[],
  given: TransactionOptions,
): Promise<TransactionOutcome> {
  const [only] = units;
  const connection = await session.openForWriting();
  const options = { ...given, foreignKeys: enforcementFor(units, connection, given) };
  const sendsBatch = connection.transaction === undefined || connection.capabilities.lock === "server";
  try {
    if (sendsBatch && units.length === 1 && only !== undefined && fitsOneBatch(only, options)) {
      const outcome = await runGuardedUnit(session, only, options);
      if (outcome !== null) return outcome;
    }
    if (options.isSupposed) throw new SuppositionFailed();
    return await runInteractive(session, connection, units, options);
  } catch (error) {
    if (error instanceof HeadsMoved) return { kind: "moved", heads: error.heads };
    if (!(error instanceof DriverError) || error.outcome !== "unknown") throw error;
    const { emit, isSupposed } = options;
    const expected = expectationOf(units);
    const settled = await settleCommit(session, { ...expected, emit }, error);
    if (settled.kind === "moved" && isSupposed) throw new SuppositionFailed(settled.heads);
    if (settled.kind === "moved") return settled;
    if (settled.kind === "not-applied") throw amendDriverError(error, { outcome: "rolled-back" });
    emit(commitRecovered(error, { isSupposed }));
    return {
      kind: "committed",
      steps: units.map((unit) => stepResult(unit, 0, 0)),
      heads: expected.headsAfter,
      readBack: expected.headsAfter,
    };
  }
}

/**
 * Foreign keys can be suspended only before BEGIN, so it is decided by what the bodies have recorded until
 * then. A rebuild that comes later leaves the transaction, see {@link NeedsSuspension}.
 */
export function enforcementFor(
  units: readonly Unit[],
  { capabilities }: Pick<Connection, "capabilities">,
  { foreignKeys }: Pick<TransactionOptions, "foreignKeys">,
): TransactionOptions["foreignKeys"] {
  const operations = units.flatMap((unit) => unit.first.operations);
  const rebuilds = operations.some(
    (operation) => operation.kind === "batchAlterTable" && mayRebuild(operation),
  );
  return rebuilds && capabilities.foreignKeysOff ? "suspended" : foreignKeys;
}

async function runInteractive(
  session: Session,
  connection: Connection,
  units: readonly Unit[],
  options: TransactionOptions,
): Promise<TransactionOutcome> {
  const steps = await begin(connection, session, options, async (tx) => {
    return await executeUnits(tx, units, { ...options, session, connection });
  });
  return { kind: "committed", steps, heads: expectationOf(units).headsAfter };
}

async function begin<T>(
  connection: Connection,
  session: Session,
  options: TransactionOptions,
  work: (tx: Executor) => Promise<T>,
): Promise<T> {
  if (connection.transaction === undefined) {
    throw new DriverError("unsupported", "this engine has no interactive transactions");
  }
  return await connection.transaction(work, {
    foreignKeys: options.foreignKeys,
    waitMs: session.options.waitMs,
    signal: options.signal,
    onWait: (waitedMs) => {
      options.emit({ kind: "wait", waitedMs });
    },
  });
}

function expectationOf(units: readonly Unit[]) {
  return {
    headsBefore: units[0]?.step.headsBefore ?? [],
    headsAfter: units.at(-1)?.step.headsAfter ?? [],
  };
}

interface ExecutionContext extends TransactionOptions {
  readonly session: Session;
  readonly connection: Connection;
}

async function executeUnits(
  tx: Executor,
  units: readonly Unit[],
  context: ExecutionContext,
): Promise<readonly StepResult[]> {
  const { versionTable } = context.session.options;
  const expected = expectationOf(units);
  await tx.query(versionTable.create);
  const { journal } = context.session.options;
  if (journal !== undefined) await tx.query(journal.create);
  const heads = await readHeads(tx, versionTable);
  if (!sameHeads(heads, expected.headsBefore)) throw new HeadsMoved(heads);
  if (context.fence !== undefined) await assertTurn(tx, context.fence, heads);
  // The run is planned again, and for a database that holds something there is no snapshot.
  const isJump = units[0]?.snapshot !== undefined;
  if (isJump && !(await isEmptyDatabase(tx, context.session.options))) throw new HeadsMoved(heads);

  const suspended = context.foreignKeys === "suspended";
  const violations = suspended ? await readViolations(tx) : undefined;
  const contents = context.dataLoss === "refuse" ? await readContents(tx, versionTable.name) : undefined;

  const executed: Operation[] = [];
  const parentKeys: BatchStatement[] = [];
  const { capabilities } = context.connection;
  const lint = context.lateLint?.begin(tx, { capabilities, foreignKeys: context.foreignKeys });
  const results = await executeAll(tx, units, { ...context, executed, parentKeys, lint });

  context.position.unit = undefined;
  await writeReaders(tx, expected.headsAfter, context);
  if (contents !== undefined) {
    const now = await readContents(tx, versionTable.name);
    assertNoLoss(diffContents(contents, now, executed));
  }
  if (violations !== undefined) await assertNoNewViolations(tx, violations, executed);
  await assertParentKeys(tx, parentKeys);
  assertNoLateUse(units);
  await assertHeads(tx, versionTable, expected.headsAfter);
  lint?.commit();
  return results;
}

async function writeReaders(
  tx: Executor,
  heads: readonly string[],
  { graph, session, connection }: ExecutionContext,
): Promise<void> {
  const wasAsked = connection.capabilities.lock === "server";
  const statements = await planReaders(tx, session, { graph, heads, wasAsked });
  for (const statement of statements) await tx.query(statement);
  if (statements.length > 0) session.noteReaders();
}

/** Where another run took the turn over, this one gets in line again, as it does when the heads moved. */
async function assertTurn(tx: Executor, fence: Statement, heads: readonly string[]): Promise<void> {
  try {
    await tx.query(fence);
  } catch (error) {
    if (error instanceof DriverError && error.kind === "sql") throw new HeadsMoved(heads);
    throw error;
  }
}

async function executeAll(
  tx: Executor,
  units: readonly Unit[],
  context: ExecutionContext & Pick<ExecuteContext, "executed" | "parentKeys" | "lint">,
): Promise<readonly StepResult[]> {
  const { session, connection, emit, position, signal, executed, parentKeys, offset, total } = context;
  const { versionTable } = session.options;
  const pace = createPace(() => performance.now());
  const results: StepResult[] = [];
  for (const [index, unit] of units.entries()) {
    const { step, message, downRevisions } = unit;
    emit({ kind: "step-start", step, index: offset + index, total, message, downRevisions });
    const startedAt = performance.now();
    const statements = await executeUnit(tx, unit, {
      versionTable,
      capabilities: connection.capabilities,
      foreignKeys: context.foreignKeys,
      signal,
      position,
      executed,
      parentKeys,
      lint: context.lint,
      pace,
      emit,
    });
    const durationMs = performance.now() - startedAt;
    const { journal } = session.options;
    if (journal !== undefined) {
      for (const line of journalUnit(journal, unit, durationMs)) await tx.query(line);
    }
    emit({ kind: "step-end", step, index: offset + index, total, durationMs, statements });
    results.push(stepResult(unit, durationMs, statements));
  }
  return results;
}

function assertNoLateUse(units: readonly Unit[]): void {
  for (const unit of units) {
    const late: MigrationError | undefined = unit.recording?.lateUse();
    if (late !== undefined) throw late;
  }
}

/** Under the lock only a revision itself can have written other rows. */
async function assertHeads(tx: Executor, table: VersionTable, expected: readonly string[]): Promise<void> {
  const found = await readHeads(tx, table);
  if (sameHeads(found, expected)) return;
  throw new MigrationError("SKM_VERSION_MOVED", "the version rows are not those that the run has written", {
    details: { expected, found },
    hint: "a revision must not write the version table itself",
  });
}
