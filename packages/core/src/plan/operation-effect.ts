import type { BatchPlan } from "../batch/batch-plan.ts";
import { describeOperation } from "../ops/describe.ts";
import type { AddColumnOperation, Operation } from "../ops/operation.ts";
import type { TableChange } from "../ops/table-change.ts";
import { assertNever } from "../util/assert-never.ts";

/**
 * - `none`: nothing to do
 * - `metadata`: changes the schema and touches no row
 * - `scan`: reads every row
 * - `index`: reads every row and writes an index
 * - `rewrite`: writes every row in its place
 * - `rebuild`: copies every row into a new table and makes the indexes again
 * - `insert`: writes new rows
 * - `drop`: deletes a table with its rows
 * - `sql`: whatever the author's statement does
 * - `unknown`: it depends on tables that change before
 */
export type EffectMethod =
  | "none"
  | "metadata"
  | "scan"
  | "index"
  | "rewrite"
  | "rebuild"
  | "insert"
  | "drop"
  | "sql"
  | "unknown";

/** How large a table is, as far as that can be told. */
export interface TableSize {
  readonly rows: number;
  /** Of the table and its indexes; `null` where the engine does not tell. */
  readonly bytes: number | null;
}

/** What an operation does to the rows of a table. */
export interface OperationEffect {
  /** The operation in one line. */
  readonly operation: string;
  readonly method: EffectMethod;
  /** The table whose rows count, or `null`. */
  readonly table: string | null;
  /** Rows that are read or written; `null` where nobody knows. */
  readonly rows: number | null;
  /** Bytes that are written anew, which must be free on the disk; `null` where nobody knows. */
  readonly bytes: number | null;
  /** About how long it takes, in milliseconds; `null` where nobody knows. */
  readonly estimatedMs: number | null;
}

/**
 * Rows in a second, rounded down from 1,000,000 rows of 10 columns and 100 bytes each, measured on 2 shared
 * cores with a local file: copy 1.4 to 1.6 million, one index 0.45 s, a CHECK 2 million, DROP COLUMN 0.5
 * million. Wide rows take longer, those in the page cache less.
 */
const rowsPerSecond = {
  scan: 2_000_000,
  index: 1_500_000,
  rewrite: 500_000,
  insert: 400_000,
  copy: 1_000_000,
};

export interface EffectContext {
  /** How the batch would be done, where the operation is one and the table is known. */
  readonly plan: BatchPlan | undefined;
  readonly size: TableSize | undefined;
  /** Indexes that a rebuild makes again. */
  readonly indexes: number;
}

/** Tells what an operation will do to rows, and about how long that takes. */
export function effectOf(operation: Operation, context: EffectContext): OperationEffect {
  const method = methodOf(operation, context);
  const table = tableOf(operation);
  const { size } = context;
  const counts = method !== "metadata" && method !== "none" && method !== "sql" && method !== "unknown";
  const rows = operation.kind === "bulkInsert" ? operation.rowCount : counts ? (size?.rows ?? null) : null;
  return {
    operation: describeOperation(operation),
    method,
    table,
    rows,
    bytes: method === "rebuild" || method === "rewrite" ? (size?.bytes ?? null) : null,
    estimatedMs: rows === null ? null : estimate(method, rows, context.indexes),
  };
}

function methodOf(operation: Operation, { plan, size }: EffectContext): EffectMethod {
  switch (operation.kind) {
    case "batchAlterTable":
      return plan === undefined ? "unknown" : methodOfBatch(plan, operation.changes);
    case "dropColumn":
      return plan === undefined ? "unknown" : methodOfBatch(plan, [{ ...operation, kind: "dropColumn" }]);
    case "addColumn":
      if (plan !== undefined) return methodOfBatch(plan, [{ ...operation, kind: "addColumn" }]);
      return readsRows(operation) ? "scan" : "metadata";
    case "createIndex":
      return size === undefined ? "metadata" : "index";
    case "dropTable":
      return size === undefined ? "metadata" : "drop";
    case "bulkInsert":
      return "insert";
    case "execute":
    case "require":
      return "sql";
    case "createTable":
    case "renameTable":
    case "renameColumn":
    case "dropIndex":
    case "createTrigger":
    case "dropTrigger":
    case "createView":
    case "dropView":
      return "metadata";
    default:
      return assertNever(operation);
  }
}

function methodOfBatch(plan: BatchPlan, changes: readonly TableChange[]): EffectMethod {
  if (plan.method !== "native") return plan.method;
  const methods = new Set(changes.map(methodOfChange));
  return (["rewrite", "index", "scan"] as const).find((method) => methods.has(method)) ?? "metadata";
}

/** What SQLite's own statement for a change does (lang_altertable.html). */
function methodOfChange(change: TableChange): EffectMethod {
  switch (change.kind) {
    case "dropColumn":
      return "rewrite";
    case "createIndex":
      return "index";
    case "createConstraint":
      return "scan";
    case "alterColumn":
      return change.changes.nullable === false ? "scan" : "metadata";
    case "addColumn":
      return readsRows(change) ? "scan" : "metadata";
    case "dropConstraint":
    case "dropIndex":
    case "alterTableOptions":
      return "metadata";
    default:
      return assertNever(change);
  }
}

/** ADD COLUMN tests the rows for a CHECK, and for NOT NULL of a generated column. */
function readsRows({ column }: Pick<AddColumnOperation, "column">): boolean {
  return column.check !== undefined || (column.generated !== undefined && column.nullable === false);
}

function estimate(method: EffectMethod, rows: number, indexes: number): number {
  const ms = (rate: number): number => (rows / rate) * 1000;
  const { scan, index, rewrite, insert, copy } = rowsPerSecond;
  const times: Partial<Record<EffectMethod, number>> = {
    scan: ms(scan),
    index: ms(index),
    rewrite: ms(rewrite),
    insert: ms(insert),
    rebuild: ms(copy) + indexes * ms(index),
  };
  return times[method] ?? 0;
}

/** The table that exists before the operation and whose rows it concerns. */
export function tableOf(operation: Operation): string | null {
  if (operation.kind === "createIndex") return operation.index.table;
  return "table" in operation && typeof operation.table === "string" ? operation.table : null;
}
