import { object, list, oneOf, isRecord, wrongType, type Accept } from "./accept.ts";
import {
  acceptAddColumn,
  acceptAlterColumn,
  acceptBatchDropIndex,
  acceptBatchIndex,
  acceptConstraint,
  acceptDropColumn,
  acceptDropConstraint,
} from "./accept-change.ts";
import { acceptName } from "./accept-sql.ts";
import { acceptTable, acceptTableArgs } from "./accept-table.ts";
import type { BatchAlterTableOperation } from "./operation.ts";
import type { BatchOperations, BatchOptions } from "./operations.ts";
import { argumentOf } from "./place.ts";
import type { TableChange } from "./table-change.ts";
import { changesOf } from "./table-args.ts";

const acceptConvention: Accept<Readonly<Record<string, string>>> = (value, place) => {
  if (!isRecord(value)) throw wrongType(value, place, "an object of kinds and name patterns");
  const entries = Object.entries(value).map(([key, pattern]): readonly [string, string] => [
    key,
    acceptName(pattern, { parent: place, key, value: pattern }),
  ]);
  return Object.freeze(Object.fromEntries(entries));
};

const acceptOptions = object<BatchOptions>(
  {
    recreate: oneOf("auto", "always", "never"),
    partialReordering: list(list(acceptName)),
    namingConvention: acceptConvention,
    copyFrom: acceptTable,
    tableArgs: acceptTableArgs,
  },
  [],
);

/** Runs the body of a batch, which only records, and returns the whole batch as one operation. */
export function batchAlterTable(
  table: unknown,
  optionsOrBody: unknown,
  maybeBody: unknown,
): BatchAlterTableOperation {
  const method = "op.batchAlterTable";
  const name = acceptName(table, argumentOf(method, "table", table));
  const body = typeof optionsOrBody === "function" ? optionsOrBody : maybeBody;
  if (!isBody(body)) throw wrongType(body, argumentOf(method, "body", body), "a function");
  const options =
    typeof optionsOrBody === "function"
      ? {}
      : acceptOptions(optionsOrBody, argumentOf(method, "options", optionsOrBody));
  const { recreate, tableArgs, ...others } = options;
  const changes = [...recordChanges(name, body), ...changesOf(tableArgs)];
  return {
    kind: "batchAlterTable",
    table: name,
    ...(recreate === undefined || recreate === "auto" ? {} : { recreate }),
    ...others,
    changes: Object.freeze(changes),
  };
}

function isBody(value: unknown): value is (batch: BatchOperations) => unknown {
  return typeof value === "function";
}

/** @throws {TypeError} the body is asynchronous: what it records after its first `await` would be lost. */
function recordChanges(table: string, body: (batch: BatchOperations) => unknown): readonly TableChange[] {
  const changes: TableChange[] = [];
  let isOpen = true;
  const batch = createBatch(table, (change) => {
    if (!isOpen) throw new TypeError("batch was used after the function of op.batchAlterTable had returned");
    changes.push(Object.freeze(change));
  });
  const returned = body(batch);
  isOpen = false;
  if (returned instanceof Promise) {
    returned.catch(() => undefined);
    throw new TypeError(
      "the function of op.batchAlterTable must not be async: ask the database before the batch",
    );
  }
  return changes;
}

function createBatch(table: string, record: (change: TableChange) => void): BatchOperations {
  const call = (method: string) => ({ method: `batch.${method}`, table });
  return Object.freeze<BatchOperations>({
    addColumn: (column, options) => record(acceptAddColumn(call("addColumn"), column, options)),
    dropColumn: (column, options) => record(acceptDropColumn(call("dropColumn"), column, options)),
    renameColumn: (column, to) =>
      record(acceptAlterColumn(call("renameColumn"), { column, changes: { name: to }, options: undefined })),
    alterColumn: (column, changes, options) =>
      record(acceptAlterColumn(call("alterColumn"), { column, changes, options })),
    createPrimaryKey: (key) => record(create(acceptConstraint(call("createPrimaryKey"), "primaryKey", key))),
    createUniqueConstraint: (unique) =>
      record(create(acceptConstraint(call("createUniqueConstraint"), "unique", unique))),
    createCheckConstraint: (check) =>
      record(create(acceptConstraint(call("createCheckConstraint"), "check", check))),
    createForeignKey: (key) => record(create(acceptConstraint(call("createForeignKey"), "foreignKey", key))),
    dropConstraint: (constraint, options) =>
      record(acceptDropConstraint(call("dropConstraint"), constraint, options)),
    createIndex: (index, options) => record(acceptBatchIndex(call("createIndex"), index, options)),
    dropIndex: (index, options) => record(acceptBatchDropIndex(call("dropIndex"), index, options)),
  });
}

function create(definition: ReturnType<typeof acceptConstraint>): TableChange {
  return { kind: "createConstraint", definition };
}

/** A batch of one change: the same operations outside of a batch. */
export function alterTable(table: string, change: TableChange): BatchAlterTableOperation {
  return {
    kind: "batchAlterTable",
    table,
    changes: Object.freeze([Object.freeze(change)]),
  };
}
