import type { BulkInsertOperation, ExecuteOperation, Operation } from "../../ops/operation.ts";
import { assertNever } from "../../util/assert-never.ts";
import { batchLayout } from "./batch-layout.ts";
import { callLayout } from "./call-layout.ts";
import type { Layout } from "./layout.ts";

/**
 * The call of `op` that records an operation. What a dropped object was is not written: the other body of the
 * revision creates it.
 */
export function operationLayout(operation: Operation): Layout {
  const { kind } = operation;
  switch (kind) {
    case "createTable":
      return call(kind, operation.table, options(operation));
    case "dropTable":
      return call(kind, operation.table, options(operation));
    case "renameTable":
      return call(kind, operation.table, operation.to);
    case "addColumn":
      return call(kind, operation.table, operation.column);
    case "dropColumn":
      return call(kind, operation.table, operation.column);
    case "renameColumn":
      return call(kind, operation.table, operation.column, operation.to);
    case "createIndex":
      return call(kind, operation.index, options(operation));
    case "dropIndex":
      return call(kind, operation.index, options(operation));
    case "createTrigger":
      return call(kind, operation.trigger.sql, options(operation));
    case "dropTrigger":
      return call(kind, operation.trigger, options(operation));
    case "createView":
      return call(kind, operation.view.sql, options(operation));
    case "dropView":
      return call(kind, operation.view, options(operation));
    case "execute":
      return call(kind, operation.sql, ...paramsOf(operation));
    case "require":
      return call(kind, operation.sql, operation.message);
    case "bulkInsert":
      return call(kind, operation.table, ...rowsOf(operation));
    case "batchAlterTable":
      return batchLayout(operation);
    default:
      return assertNever(operation);
  }
}

function call(method: Operation["kind"], ...args: readonly unknown[]): Layout {
  return callLayout(`op.${method}`, args);
}

function options(operation: {
  readonly ifExists?: boolean;
  readonly ifNotExists?: boolean;
  readonly allowDataLoss?: readonly string[];
}): unknown {
  const { ifExists, ifNotExists, allowDataLoss } = operation;
  const given = Object.entries({ ifExists, ifNotExists, allowDataLoss }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** No values are written as an empty list where options follow. */
function paramsOf(operation: ExecuteOperation): readonly unknown[] {
  const allowed = options({ ...operation });
  return [operation.params ?? (allowed === undefined ? undefined : []), allowed];
}

/** The columns are named where the rows do not tell them in their order: an object puts numbers first. */
function rowsOf({ columns, rowCount, blocks, onConflict }: BulkInsertOperation): readonly unknown[] {
  const width = columns.length;
  const objects = blocks.flatMap((values) =>
    Array.from({ length: values.length / width }, (_, row) =>
      Object.fromEntries(columns.map((column, index) => [column, values[row * width + index]])),
    ),
  );
  const asRead = Object.keys(Object.fromEntries(columns.map((column) => [column, null])));
  const isTold = rowCount > 0 && asRead.every((column, index) => column === columns[index]);
  const settings = { columns: isTold ? undefined : columns, onConflict };
  const isPlain = settings.columns === undefined && onConflict === undefined;
  return [objects, isPlain ? undefined : settings];
}
