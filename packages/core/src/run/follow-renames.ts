import type { Operation } from "../ops/operation.ts";
import type { TableChange } from "../ops/table-change.ts";
import { isSameName } from "../schema/table-definition.ts";

/** Whether an operation can give a table or column another name. What SQL of an author renames is not seen. */
export function mayRename({ kind }: Operation): boolean {
  return kind === "renameTable" || kind === "renameColumn" || kind === "batchAlterTable";
}

/** The name that a table has after the operations. */
export function followTable(table: string, operations: readonly Operation[]): string {
  let name = table;
  for (const operation of operations) {
    if (operation.kind === "renameTable" && isSameName(operation.table, name)) name = operation.to;
  }
  return name;
}

/** The name that a column has after the operations; `table` is the name of its table before them. */
export function followColumn(table: string, column: string, operations: readonly Operation[]): string {
  let name = table;
  let result = column;
  for (const operation of operations) {
    if (operation.kind === "renameTable" && isSameName(operation.table, name)) name = operation.to;
    if (
      operation.kind === "renameColumn" &&
      isSameName(operation.table, name) &&
      isSameName(operation.column, result)
    ) {
      result = operation.to;
    }
    if (operation.kind === "batchAlterTable" && isSameName(operation.table, name)) {
      result = followBatch(result, operation.changes);
    }
  }
  return result;
}

function followBatch(column: string, changes: readonly TableChange[]): string {
  let name = column;
  for (const change of changes) {
    if (change.kind === "alterColumn" && isSameName(change.column, name)) name = change.changes.name ?? name;
  }
  return name;
}
