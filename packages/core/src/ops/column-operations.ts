import { acceptAddColumn, acceptDropColumn } from "./accept-change.ts";
import { acceptName } from "./accept-sql.ts";
import { alterTable } from "./batch-operations.ts";
import type {
  AddColumnOperation,
  BatchAlterTableOperation,
  DropColumnOperation,
  RenameColumnOperation,
} from "./operation.ts";
import { argumentOf } from "./place.ts";

/** With options, which need a look at the table, it is a batch of one change. */
export function addColumn(
  table: unknown,
  column: unknown,
  options: unknown,
): AddColumnOperation | BatchAlterTableOperation {
  const method = "op.addColumn";
  const name = acceptName(table, argumentOf(method, "table", table));
  const change = acceptAddColumn({ method, table: name }, column, options);
  const isPlain = Object.keys(change).length === 2;
  return isPlain ? { kind: "addColumn", table: name, column: change.column } : alterTable(name, change);
}

export function dropColumn(
  table: unknown,
  column: unknown,
  options: unknown,
): DropColumnOperation | BatchAlterTableOperation {
  const method = "op.dropColumn";
  const name = acceptName(table, argumentOf(method, "table", table));
  const change = acceptDropColumn({ method, table: name }, column, options);
  return change.ifExists === true ? alterTable(name, change) : { ...change, table: name };
}

export function renameColumn(table: unknown, column: unknown, to: unknown): RenameColumnOperation {
  return {
    kind: "renameColumn",
    table: acceptName(table, argumentOf("op.renameColumn", "table", table)),
    column: acceptName(column, argumentOf("op.renameColumn", "column", column)),
    to: acceptName(to, argumentOf("op.renameColumn", "to", to)),
  };
}
