import type { BatchAlterTableOperation } from "../../ops/operation.ts";
import type { ColumnPlace, ConstraintDefinition, TableChange } from "../../ops/table-change.ts";
import { assertNever } from "../../util/assert-never.ts";
import { callLayout } from "./call-layout.ts";
import type { Layout } from "./layout.ts";
import { valueLayout } from "./value-layout.ts";

/** The changes of a table: one that has a method of `op` is a call of it, all else is a batch. */
export function batchLayout(operation: BatchAlterTableOperation): Layout {
  const { kind: _kind, table, changes: all, ...others } = operation;
  const changes = all.filter((change) => change.kind !== "alterTableOptions");
  const settings = { ...others, tableArgs: tableArgsOf(all) };
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

type MethodChange = Exclude<TableChange, { readonly kind: "alterTableOptions" }>;

/** What a batch says about the table itself, which comes after its other changes. */
function tableArgsOf(changes: readonly TableChange[]): unknown {
  const options = changes.find((change) => change.kind === "alterTableOptions");
  if (options === undefined) return undefined;
  const { kind: _kind, ...args } = options;
  return args;
}

/** Outside of a batch, `op.addColumn` and the like are operations of their own, unless they have options. */
function hasMethod(change: MethodChange): boolean {
  if (change.kind === "addColumn") return optionsOf(change) !== undefined;
  if (change.kind === "dropColumn") return change.ifExists === true;
  return (
    change.kind === "alterColumn" || change.kind === "createConstraint" || change.kind === "dropConstraint"
  );
}

/** The options of a method, without what only the reverse needs. */
function optionsOf(change: ColumnPlace & { readonly ifExists?: boolean; readonly ifNotExists?: boolean }) {
  const { insertBefore, insertAfter, ifExists, ifNotExists } = change;
  const options = { insertBefore, insertAfter, ifExists, ifNotExists };
  return Object.values(options).every((value) => value === undefined) ? undefined : options;
}

function changeLayout(object: "op" | "batch", change: MethodChange, table: readonly string[]): Layout {
  const call = (method: string, ...args: readonly unknown[]): Layout =>
    callLayout(`${object}.${method}`, [...table, ...args]);
  switch (change.kind) {
    case "addColumn":
      return call(change.kind, change.column, optionsOf(change));
    case "dropColumn":
      return call(change.kind, change.column, change.ifExists === true ? { ifExists: true } : undefined);
    case "alterColumn": {
      const { name, ...others } = change.changes;
      const options = optionsOf(change);
      const isPlain = Object.keys(others).length === 0 && options === undefined;
      return object === "batch" && name !== undefined && isPlain
        ? call("renameColumn", change.column, name)
        : call(change.kind, change.column, change.changes, options);
    }
    case "createConstraint":
      return call(constraintMethods[change.definition.kind], change.definition.constraint);
    case "dropConstraint": {
      const { name, ...rest } = change.constraint;
      const isNamed = name !== undefined && Object.keys(rest).every((key) => key === "kind");
      return call(change.kind, isNamed ? name : change.constraint, optionsOf(change));
    }
    case "createIndex": {
      const { table: _table, ...index } = change.index;
      return call(change.kind, index, optionsOf(change));
    }
    case "dropIndex":
      return call(change.kind, change.index, optionsOf(change));
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
