import type { BatchStatement } from "../batch/batch-plan.ts";
import type { Connection } from "../driver/driver.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { BatchAlterTableOperation } from "../ops/operation.ts";
import { compileOperation, limitsOf } from "../plan/compile-operation.ts";
import { lockTable } from "../version/courtesy-lock.ts";
import { readerTableName } from "../version/reader-table.ts";
import { assertVersionRows, assertViolationsAtMost } from "../version/version-guards.ts";
import { changeVersionRows } from "../version/version-table.ts";
import type { Batch } from "./batch-failure.ts";
import { cascadeGuards } from "./cascade-guard.ts";
import { assertEmptyDatabase } from "./empty-database.ts";
import { createForesight, type Foresight } from "./foresight.ts";
import { journalUnit } from "./journal-unit.ts";
import { dropsIndex, parentKeyGuards, withoutBroken } from "./parent-key-guard.ts";
import { planReaders } from "./plan-readers.ts";
import { asBatch, assertEnforcementFits, planAhead } from "./read-batch-plan.ts";
import type { Session } from "./session.ts";
import { unseenTables } from "./supposition.ts";
import { createTablesAhead, type TablesAhead } from "./tables-ahead.ts";
import type { TransactionOptions } from "./transaction.ts";
import type { Unit } from "./unit.ts";

/** @returns `null` for a unit that has to be run interactively. */
export async function buildBatch(
  session: Session,
  connection: Connection,
  unit: Unit,
  options: TransactionOptions,
): Promise<Batch | null> {
  const { versionTable, journal } = session.options;
  const { headsBefore, headsAfter } = unit.step;
  const tables = options.isSupposed
    ? unseenTables
    : createTablesAhead(connection, {
        own: [
          versionTable.name,
          lockTable,
          readerTableName,
          ...(journal === undefined ? [] : [journal.name]),
        ],
        withViolations: options.foreignKeys === "suspended",
      });
  const body = await compileUnit(session, connection, unit, { ...options, tables });
  if (body === null) return null;
  const violations = options.foreignKeys === "suspended" ? await tables.countViolations() : undefined;
  if (connection.transaction !== undefined && (violations ?? 0) > 0) return null;
  const foreignKeys = violations === undefined ? [] : [assertViolationsAtMost(violations)];
  const fence = options.fence === undefined ? [] : [options.fence];
  const guards = [
    ...fence,
    ...tables.guards(),
    versionTable.create,
    ...(journal === undefined ? [] : [journal.create]),
    ...(unit.snapshot === undefined ? [] : [assertEmptyDatabase(session.options)]),
    assertVersionRows(versionTable, headsBefore),
  ];
  const readers = await planReaders(connection, session, {
    graph: options.graph,
    heads: headsAfter,
    wasAsked: connection.capabilities.lock === "server",
  });
  return {
    statements: [
      ...guards,
      ...body,
      ...foreignKeys,
      ...changeVersionRows(versionTable, headsBefore, headsAfter),
      ...readers,
      ...(journal === undefined ? [] : journalUnit(journal, unit, null)),
      assertVersionRows(versionTable, headsAfter),
    ],
    fence: fence.length - 1,
    guard: guards.length - 1,
    body: guards.length,
    bodyLength: body.length,
    hasReaders: readers.length > 0,
    isBlind: tables.guards().length === 0,
  };
}

interface CompileOptions extends TransactionOptions {
  readonly tables: TablesAhead;
}

/**
 * Compiles the operations of a unit without a transaction: a batch against the tables as they are before the
 * unit, or as SQLite says that its operations will make them. The guards of the tables and of the version rows
 * refuse the unit when another process has changed them.
 *
 * @returns `null` when the tables cannot be foretold, and the engine can be asked in a transaction.
 * @throws {SKM_UNSUPPORTED} it cannot.
 */
async function compileUnit(
  session: Session,
  connection: Connection,
  unit: Unit,
  options: CompileOptions,
): Promise<readonly BatchStatement[] | null> {
  const { driver, scratch = driver.scratch } = session.options;
  const foresight = createForesight({ scratch, readNow: async () => await options.tables.read() });
  try {
    return await compileAll(connection, unit, { ...options, foresight });
  } catch (error) {
    if (error instanceof Unforeseen && connection.transaction !== undefined) return null;
    throw error instanceof Unforeseen ? unknownSchema(error.batch) : error;
  } finally {
    await foresight.close();
  }
}

/** Leaves a unit that depends on tables which only the engine can tell. */
class Unforeseen extends Error {
  readonly batch: BatchAlterTableOperation;

  constructor(batch: BatchAlterTableOperation) {
    super("the tables cannot be foretold");
    this.batch = batch;
  }
}

interface CompileContext extends CompileOptions {
  readonly foresight: Foresight;
}

async function compileAll(
  connection: Connection,
  unit: Unit,
  context: CompileContext,
): Promise<readonly BatchStatement[]> {
  const { foreignKeys, tables, foresight } = context;
  const statements: BatchStatement[] = [];
  for (const [index, operation] of unit.first.operations.entries()) {
    const batch = asBatch(operation);
    if (batch === null && foreignKeys === "enforced") {
      const before = unit.first.operations.slice(0, index);
      statements.push(...(await cascadeGuards(operation, before, async () => await tables.read())));
    }
    const compiled =
      batch === null
        ? compileOperation(operation, limitsOf(connection.capabilities))
        : await compileAhead(connection, batch, context);
    foresight.pass(operation, compiled);
    statements.push(...compiled);
  }
  const { operations } = unit.first;
  if (foreignKeys !== "enforced" || !operations.some(dropsIndex)) return statements;
  const guards = parentKeyGuards(await tables.read(), operations);
  return [...statements, ...(await withoutBroken(connection, guards))];
}

async function compileAhead(
  connection: Connection,
  batch: BatchAlterTableOperation,
  { foresight, foreignKeys }: CompileContext,
): Promise<readonly BatchStatement[]> {
  const { capabilities } = connection;
  const { alterConstraints } = capabilities;
  const schema = await foresight.read();
  if (schema === undefined) throw new Unforeseen(batch);
  const isLater = foresight.isNeeded();
  const context = { schema, alterConstraints, foreignKeys, isLater };
  const plan = await planAhead(connection, batch, context);
  // The rows of tables that are not there yet cannot be counted.
  const mustCount = isLater && foreignKeys === "enforced" && !capabilities.foreignKeysOff;
  if (mustCount && plan.linkedTables.length > 0) throw new Unforeseen(batch);
  await assertEnforcementFits(connection, batch, { plan, context: { foreignKeys, capabilities } });
  return plan.statements;
}

function unknownSchema(batch: BatchAlterTableOperation): MigrationError {
  return new MigrationError(
    "SKM_UNSUPPORTED",
    `cannot alter table ${quoteForMessage(batch.table)} here: an operation before it in the same revision changes the schema, and this engine cannot be asked for the tables in between`,
    { details: { table: batch.table }, hint: "put it into a revision of its own" },
  );
}
