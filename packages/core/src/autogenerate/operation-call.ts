import type { Operations } from "../ops/operations.ts";
import type { BulkInsertOperation, ExecuteOperation, Operation } from "../ops/operation.ts";
import { assertNever } from "../util/assert-never.ts";
import { callOfBatch } from "./batch-call.ts";
import { call, type Call } from "./call.ts";

/**
 * The call of `op` that records an operation. What a dropped object was does not stand in it: the other
 * direction of the revision creates it.
 */
export function callOf(operation: Operation): Call {
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
      return callOfBatch(operation);
    default:
      return assertNever(operation);
  }
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
  const settings = {
    ...(isTold ? {} : { columns }),
    ...(onConflict === undefined ? {} : { onConflict }),
  };
  return [objects, Object.keys(settings).length === 0 ? undefined : settings];
}

/**
 * Makes the calls on a real `op`: what a revision file with these calls would record, and refuse.
 *
 * @throws whatever the methods throw.
 */
export function makeCalls(op: Operations, operations: readonly Operation[]): void {
  for (const operation of operations) makeCall(op, callOf(operation));
}

function makeCall(object: object, { method, args, body }: Call): void {
  const found: unknown = Reflect.get(object, method);
  if (typeof found !== "function") throw new TypeError(`no method ${method}`);
  const last =
    body === undefined
      ? []
      : [
          (batch: object): void => {
            for (const one of body) makeCall(batch, one);
          },
        ];
  Reflect.apply(found, object, [...args, ...last]);
}
