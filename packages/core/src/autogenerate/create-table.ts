import { isMigrationError } from "../errors/migration-error.ts";
import { createOperations } from "../ops/builder.ts";
import type { Operation } from "../ops/operation.ts";
import { renderTable } from "../sql/render-table.ts";
import { makeCalls } from "./operation-call.ts";
import { diffTable } from "./diff-table.ts";
import { buildTableModel, type TableModel } from "./table-model.ts";

/**
 * The operation that creates a table: with its definition, or with its text where a definition cannot say
 * everything.
 */
export function createTable(model: TableModel): Operation {
  const operation: Operation = { kind: "createTable", table: model.definition };
  return canRecord(operation) && saysAll(model) ? operation : { kind: "execute", sql: model.inspected.sql };
}

/** Whether `op` takes the operation. */
function canRecord(operation: Operation): boolean {
  const op = createOperations({
    record: () => undefined,
    query: () => Promise.reject(new TypeError("nothing is asked here")),
  });
  try {
    makeCalls(op, [operation]);
    return true;
  } catch (error) {
    // SQLite accepts what our definitions do not, such as a type of any words.
    if (isMigrationError(error) || error instanceof TypeError) return false;
    throw error;
  }
}

function saysAll(model: TableModel): boolean {
  const rendered = buildTableModel({ ...model.inspected, sql: renderTable(model.definition) });
  return diffTable({ from: rendered, to: model, keyOf: () => [] }, {}) === undefined;
}
