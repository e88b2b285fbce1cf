import type { BatchAlterTableOperation } from "../ops/operation.ts";
import type { ColumnPlace, ConstraintDefinition, TableChange } from "../ops/table-change.ts";
import { assertNever } from "../util/assert-never.ts";
import { call, type Call } from "./call.ts";

/** The changes of a table: one that has a method of `op` is a call of it, all else is a batch. */
export function callOfBatch(operation: BatchAlterTableOperation): Call {
  const { kind, table, changes: all, ...others } = operation;
  const changes = all.filter((change) => change.kind !== "alterTableOptions");
  const settings = withoutUndefined({ ...others, tableArgs: tableArgsOf(all) });
  const [only] = changes;
  if (changes.length === 1 && only !== undefined && settings === undefined && hasMethod(only)) {
    return callOfChange("op", only, [table]);
  }
  return {
    ...call(kind, table, settings),
    body: changes.map((change) => callOfChange("batch", change, [])),
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
function optionsOf(
  change: ColumnPlace & { readonly ifExists?: boolean; readonly ifNotExists?: boolean },
): object | undefined {
  const { insertBefore, insertAfter, ifExists, ifNotExists } = change;
  return withoutUndefined({ insertBefore, insertAfter, ifExists, ifNotExists });
}

function withoutUndefined(options: object): object | undefined {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function callOfChange(object: "op" | "batch", change: MethodChange, table: readonly string[]): Call {
  const callIt = (method: string, ...args: readonly unknown[]): Call => call(method, ...table, ...args);
  switch (change.kind) {
    case "addColumn":
      return callIt(change.kind, change.column, optionsOf(change));
    case "dropColumn":
      return callIt(change.kind, change.column, change.ifExists === true ? { ifExists: true } : undefined);
    case "alterColumn": {
      const { name, ...others } = change.changes;
      const options = optionsOf(change);
      const isPlain = Object.keys(others).length === 0 && options === undefined;
      return object === "batch" && name !== undefined && isPlain
        ? callIt("renameColumn", change.column, name)
        : callIt(change.kind, change.column, change.changes, options);
    }
    case "createConstraint":
      return callIt(constraintMethods[change.definition.kind], change.definition.constraint);
    case "dropConstraint": {
      const { name, ...rest } = change.constraint;
      const isNamed = name !== undefined && Object.keys(rest).every((key) => key === "kind");
      return callIt(change.kind, isNamed ? name : change.constraint, optionsOf(change));
    }
    case "createIndex": {
      const { table: _table, ...index } = change.index;
      return callIt(change.kind, index, optionsOf(change));
    }
    case "dropIndex":
      return callIt(change.kind, change.index, optionsOf(change));
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
