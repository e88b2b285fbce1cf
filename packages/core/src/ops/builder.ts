import type { QueryResult, Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { batchAlterTable } from "./batch-operations.ts";
import { addColumn, dropColumn, renameColumn } from "./column-operations.ts";
import { alterColumn, createConstraint, dropConstraint } from "./constraint-operations.ts";
import { bulkInsert, execute, executeScript, query } from "./data-operations.ts";
import { createIndex, dropIndex } from "./index-operations.ts";
import type { Operation } from "./operation.ts";
import type { MapRowsOptions, Operations, SetRowsOptions } from "./operations.ts";
import { requireRows, requireTrue } from "./require-operations.ts";
import { rowsOf } from "./rows-of.ts";
import { createTable, dropTable, renameTable } from "./table-operations.ts";
import { createTrigger, dropTrigger } from "./trigger-operations.ts";
import { hasMap, mapRows, updateRows, type MapRowsRequest } from "./update-operations.ts";
import { createView, dropView } from "./view-operations.ts";

export type { Operations } from "./operations.ts";

/** Where operations go: into a recording, a plan, a script. */
export interface OperationSink {
  record(operation: Operation): void;
  /** Answers after everything recorded before has run. */
  query(statement: Statement): Promise<QueryResult>;
  /** Reads rows and records what a function makes of them; left out where no database answers. */
  mapRows?(request: MapRowsRequest): Promise<number>;
}

/**
 * Makes the `op` of a revision. It checks what the author passes, copies and freezes it, and hands it to the
 * sink; the sink decides whether and when it runs. A call that throws has recorded nothing.
 */
export function createOperations(sink: OperationSink): Operations {
  const record = (operation: Operation): void => {
    sink.record(Object.freeze(operation));
  };
  function changeRows(table: string, options: SetRowsOptions): void;
  function changeRows(table: string, options: MapRowsOptions): Promise<number>;
  function changeRows(table: unknown, options: unknown): void | Promise<number> {
    if (!hasMap(options)) return record(updateRows(table, options));
    const request = mapRows(table, options);
    return sink.mapRows === undefined ? refuseMap(request) : sink.mapRows(request);
  }
  const operations: Operations = {
    createTable: (table, options) => record(createTable(table, options)),
    dropTable: (table, options) => record(dropTable(table, options)),
    renameTable: (table, to) => record(renameTable(table, to)),
    addColumn: (table, column, options) => record(addColumn(table, column, options)),
    dropColumn: (table, column, options) => record(dropColumn(table, column, options)),
    renameColumn: (table, column, to) => record(renameColumn(table, column, to)),
    alterColumn: (table, column, changes, options) =>
      record(alterColumn({ table, column, changes, options })),
    createPrimaryKey: (table, key) => record(createConstraint("primaryKey", table, key)),
    createUniqueConstraint: (table, unique) => record(createConstraint("unique", table, unique)),
    createCheckConstraint: (table, check) => record(createConstraint("check", table, check)),
    createForeignKey: (table, key) => record(createConstraint("foreignKey", table, key)),
    dropConstraint: (table, constraint, options) => record(dropConstraint(table, constraint, options)),
    batchAlterTable: (table: string, options: unknown, body?: unknown) =>
      record(batchAlterTable(table, options, body)),
    createIndex: (index, options) => record(createIndex(index, options)),
    dropIndex: (index, options) => record(dropIndex(index, options)),
    createTrigger: (trigger, options) => record(createTrigger(trigger, options)),
    dropTrigger: (trigger, options) => record(dropTrigger(trigger, options)),
    createView: (view, options) => record(createView(view, options)),
    dropView: (view, options) => record(dropView(view, options)),
    execute: (sql, params, options) => record(execute(sql, params, options)),
    executeScript: (sql) => {
      for (const operation of executeScript(sql)) record(operation);
    },
    updateRows: changeRows,
    require: (sql, message) => record(requireTrue(sql, message)),
    requireRows: (table, options) => record(requireRows(table, options)),
    bulkInsert: (table, rows, options) => record(bulkInsert(table, rows, options)),
    query: (sql, params) => sink.query(query(sql, params)).then(rowsOf),
  };
  return Object.freeze(operations);
}

function refuseMap({ table }: MapRowsRequest): Promise<number> {
  return Promise.reject(
    new MigrationError(
      "SKM_UNSUPPORTED",
      `cannot update rows of ${quoteForMessage(table)} with a function here: no database answers`,
      { details: { table }, hint: "use op.updateRows with set, which is one statement" },
    ),
  );
}
