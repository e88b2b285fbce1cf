import type { AddColumnOperation, BatchAlterTableOperation, Operation } from "../ops/operation.ts";
import { isSqlFragment } from "../schema/sql-fragment.ts";
import { columnPrimaryKeyOf } from "../schema/table-definition.ts";

/**
 * The batch that an operation is, or `null` when it can be compiled without looking at the database. Adding,
 * dropping and renaming a column may need a look: whether a rebuild is needed, or something uses the column.
 */
export function asBatch(operation: Operation): BatchAlterTableOperation | null {
  if (operation.kind === "batchAlterTable") return operation;
  if (operation.kind === "addColumn" && !isSimple(operation)) {
    const { table, column } = operation;
    return { kind: "batchAlterTable", table, changes: [{ kind: "addColumn", column }] };
  }
  if (operation.kind === "dropColumn") {
    const { table, column } = operation;
    return { kind: "batchAlterTable", table, changes: [{ kind: "dropColumn", column }] };
  }
  if (operation.kind === "renameColumn") {
    const { table, column, to } = operation;
    return {
      kind: "batchAlterTable",
      table,
      changes: [{ kind: "alterColumn", column, changes: { name: to } }],
    };
  }
  return null;
}

/** A column that ADD COLUMN takes whatever the table holds, or that a rebuild would refuse as well. */
function isSimple({ column }: AddColumnOperation): boolean {
  const isUnique = column.unique !== undefined && column.unique !== false;
  return (
    columnPrimaryKeyOf(column) === undefined &&
    !isUnique &&
    column.generated?.stored !== true &&
    !isSqlFragment(column.default) &&
    (column.references === undefined || column.default === undefined)
  );
}
