import { asBatch } from "../batch/as-batch.ts";
import type { BatchPlan, RowidRange } from "../batch/batch-plan.ts";
import { compileBatch } from "../batch/compile-batch.ts";
import { readableRowid } from "../batch/copy-statements.ts";
import { cutRowids, isWorthCutting } from "../batch/rowid-ranges.ts";
import type { Capabilities } from "../driver/capabilities.ts";
import type { Executor } from "../driver/driver.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { BatchAlterTableOperation } from "../ops/operation.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";

export { asBatch };

/**
 * Compiles a batch against the database as it is at this moment. Rows are counted only for a rebuild, which
 * reads them all anyway.
 */
export async function readBatchPlan(
  executor: Executor,
  operation: BatchAlterTableOperation,
  capabilities: Pick<Capabilities, "alterConstraints" | "interactive" | "lock">,
): Promise<BatchPlan> {
  const { alterConstraints } = capabilities;
  const schema = await readSchema(executor);
  const plan = compileBatch(operation, { schema, alterConstraints, rows: undefined });
  if (plan.method !== "rebuild") return plan;
  const rows = await countRows(executor, [operation.table, ...plan.linkedTables]);
  const total = rows.get(foldName(operation.table)) ?? 0;
  // Each statement is a round trip on a server, and a long unit there may be ended at any time.
  const mayCut = capabilities.interactive && capabilities.lock !== "server" && isWorthCutting(total);
  const table = schema.tables.find(({ name }) => isSameName(name, operation.table));
  const copyRanges = mayCut ? await readRanges(executor, table, total) : [];
  return compileBatch(operation, { schema, alterConstraints, rows, copyRanges });
}

/**
 * The same for a unit that is sent as one batch, from tables that were read before it. With foreign keys
 * suspended no rebuild can touch other rows; where they are not, the rows are counted, and a unit that finds
 * another number is refused.
 */
export async function planAhead(
  executor: Executor,
  operation: BatchAlterTableOperation,
  context: PlanAheadContext,
): Promise<BatchPlan> {
  const { schema, alterConstraints } = context;
  const plan = compileBatch(operation, { schema, alterConstraints, rows: undefined });
  const isCounted = context.foreignKeys === "enforced" && !context.isLater;
  if (plan.method !== "rebuild" || !isCounted) return plan;
  const rows = await countRows(executor, [operation.table, ...plan.linkedTables]);
  return compileBatch(operation, { schema, alterConstraints, rows });
}

export interface PlanAheadContext {
  readonly schema: DatabaseSchema;
  readonly alterConstraints: boolean;
  readonly foreignKeys: "enforced" | "suspended";
  /** The tables are those that operations before this one will make. */
  readonly isLater: boolean;
}

/** Two subqueries: of a single minimum or maximum SQLite reads one row (optoverview.html#minmax). */
async function readRanges(
  executor: Executor,
  table: InspectedTable | undefined,
  rows: number,
): Promise<readonly RowidRange[]> {
  const rowid = table === undefined ? undefined : readableRowid(table);
  if (table === undefined || rowid === undefined) return [];
  const name = quoteIdentifier(table.name);
  const { rows: found } = await executor.query({
    sql: `SELECT (SELECT min(${rowid}) FROM ${name}), (SELECT max(${rowid}) FROM ${name})`,
  });
  const [first, last] = found[0] ?? [];
  if (!isInteger(first) || !isInteger(last)) return [];
  return cutRowids({ first: BigInt(first), last: BigInt(last), rows });
}

const isInteger = (value: unknown): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";

async function countRows(
  executor: Executor,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for (const table of new Set(tables)) {
    const { rows: found } = await executor.query({ sql: `SELECT count(*) FROM ${quoteIdentifier(table)}` });
    rows.set(foldName(table), Number(found[0]?.[0] ?? 0));
  }
  return rows;
}

/**
 * Leaves a transaction that enforces foreign keys because a rebuild in it needs them suspended, which can
 * only be done before BEGIN (pragma.html#pragma_foreign_keys).
 */
export class NeedsSuspension extends Error {
  constructor() {
    super("a table rebuild needs foreign keys suspended");
  }
}

export interface EnforcementContext {
  readonly foreignKeys: "enforced" | "suspended";
  readonly capabilities: Pick<Capabilities, "foreignKeysOff">;
}

/**
 * Sees to it that no rebuild runs where dropping the old table would fire foreign-key actions.
 *
 * @throws {NeedsSuspension} the run can begin again with foreign keys suspended.
 * @throws {SKM_UNSUPPORTED} it cannot, and a table that refers to the rebuilt one has rows.
 */
export async function assertEnforcementFits(
  executor: Executor,
  operation: BatchAlterTableOperation,
  { plan, context }: { readonly plan: BatchPlan; readonly context: EnforcementContext },
): Promise<void> {
  if (plan.linkedTables.length === 0 || context.foreignKeys === "suspended") return;
  if (context.capabilities.foreignKeysOff) throw new NeedsSuspension();
  const counts = await countRows(executor, plan.linkedTables);
  const endangered = plan.linkedTables.filter((table) => (counts.get(foldName(table)) ?? 0) > 0);
  if (endangered.length === 0) return;
  const list = endangered.map(
    (table) => `${quoteForMessage(table)} (${counts.get(foldName(table)) ?? 0} rows)`,
  );
  throw new MigrationError(
    "SKM_UNSUPPORTED",
    `cannot rebuild table ${quoteForMessage(operation.table)}: this engine always enforces foreign keys, and dropping the old table would change rows of ${list.join(", ")}`,
    {
      details: { table: operation.table, endangered },
      hint: "run this revision on a copy of the database with another driver, or change only what needs no rebuild",
    },
  );
}

/** Tells whether a batch can need a rebuild: with it, a run begins with foreign keys suspended. */
export function mayRebuild(operation: BatchAlterTableOperation): boolean {
  if (operation.recreate !== undefined) return operation.recreate === "always";
  if (operation.copyFrom !== undefined || operation.partialReordering !== undefined) return true;
  return operation.changes.some((change) => {
    if (change.kind === "createIndex" || change.kind === "dropIndex") return false;
    return (
      change.kind !== "alterColumn" || Object.keys(change.changes).some((property) => property !== "name")
    );
  });
}
