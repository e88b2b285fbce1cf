import type { BatchAlterTableOperation } from "../../ops/operation.ts";
import type { ConstraintDefinition, TableChange } from "../../ops/table-change.ts";
import { assertNever } from "../../util/assert-never.ts";
import { callLayout } from "./call-layout.ts";
import type { Layout } from "./layout.ts";
import { valueLayout } from "./value-layout.ts";

/** The changes of a table: one that has a method of `op` is a call of it, all else is a batch. */
export function batchLayout(operation: BatchAlterTableOperation): Layout {
  const { kind: _kind, table, changes, ...settings } = operation;
  const [only] = changes;
  const hasSettings = Object.values(settings).some((value) => value !== undefined);
  if (changes.length === 1 && only !== undefined && !hasSettings && hasMethod(only)) {
    return changeLayout("op", only, [table]);
  }
  return {
    kind: "call",
    callee: "op.batchAlterTable",
    args: [
      valueLayout(table),
      ...(hasSettings ? [valueLayout(settings)] : []),
      {
        kind: "function",
        head: changes.length === 0 ? "() =>" : "(batch) =>",
        body: changes.map((change) => changeLayout("batch", change, [])),
      },
    ],
  };
}

/** Outside of a batch, `op.addColumn` and the like are operations of their own. */
function hasMethod(change: TableChange): boolean {
  return (
    change.kind === "alterColumn" || change.kind === "createConstraint" || change.kind === "dropConstraint"
  );
}

function changeLayout(object: "op" | "batch", change: TableChange, table: readonly string[]): Layout {
  const call = (method: string, ...args: readonly unknown[]): Layout =>
    callLayout(`${object}.${method}`, [...table, ...args]);
  switch (change.kind) {
    case "addColumn": {
      const { kind, column, ...place } = change;
      return call(kind, column, Object.keys(place).length === 0 ? undefined : place);
    }
    case "dropColumn":
      return call(change.kind, change.column);
    case "alterColumn": {
      const { name, ...others } = change.changes;
      const isRename = object === "batch" && name !== undefined && Object.keys(others).length === 0;
      return isRename
        ? call("renameColumn", change.column, name)
        : call(change.kind, change.column, change.changes);
    }
    case "createConstraint":
      return call(constraintMethods[change.definition.kind], change.definition.constraint);
    case "dropConstraint": {
      const { name, ...rest } = change.constraint;
      const isNamed = name !== undefined && Object.keys(rest).every((key) => key === "kind");
      return call(change.kind, isNamed ? name : change.constraint);
    }
    case "createIndex": {
      const { table: _table, ...index } = change.index;
      return call(change.kind, index);
    }
    case "dropIndex":
      return call(change.kind, change.index);
    default:
      return assertNever(change);
  }
}

const constraintMethods: Readonly<Record<ConstraintDefinition["kind"], string>> = {
  primaryKey: "createPrimaryKey",
  unique: "createUniqueConstraint",
  check: "createCheckConstraint",
  foreignKey: "createForeignKey",
};
