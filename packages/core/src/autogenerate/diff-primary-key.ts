import type { TableChange } from "../ops/table-change.ts";
import type { PrimaryKeyDefinition } from "../schema/constraint-definition.ts";
import { foldName, keyColumnOf } from "../schema/table-definition.ts";
import { keyColumnSignature, type ConstraintContext } from "./constraint-model.ts";
import { findColumn, type TableModel } from "./table-model.ts";

export interface KeyDiff {
  /** What takes an old key away, before all else. */
  readonly drop: readonly TableChange[];
  /** What makes the new key, when its columns are there. */
  readonly create: readonly TableChange[];
  readonly needsDefinition: boolean;
}

const nothing: KeyDiff = { drop: [], create: [], needsDefinition: false };

/** What to change of the primary key. */
export function diffPrimaryKey(from: TableModel, to: TableModel, context: ConstraintContext): KeyDiff {
  const [before, after] = [from.key, to.key];
  if (after === undefined) {
    if (before === undefined) return nothing;
    const columns = before.columns.map((column) => keyColumnOf(column).column);
    const definition = { kind: "primaryKey" as const, constraint: before };
    return {
      ...nothing,
      drop: [{ kind: "dropConstraint", constraint: { kind: "primaryKey", columns }, definition }],
    };
  }
  const isRenamed = after.name !== undefined && foldName(after.name) !== foldName(before?.name ?? "");
  const isSameKey =
    before !== undefined &&
    !isRenamed &&
    columnsOf(before, context) === columnsOf(after, context) &&
    (from.rowid === undefined) === (to.rowid === undefined) &&
    (before.onConflict ?? "abort") === (after.onConflict ?? "abort");
  const autoincrement = after.autoincrement === true;
  if (isSameKey && (before.autoincrement === true) === autoincrement) return nothing;
  const [first = ""] = after.columns.map((column) => keyColumnOf(column).column);
  if (isSameKey) {
    const change = { kind: "alterColumn" as const, column: first, changes: { autoincrement } };
    return { ...nothing, create: [{ ...change, existing: { autoincrement: !autoincrement } }] };
  }
  if (isNoRowid(to, first)) return { ...nothing, needsDefinition: true };
  return {
    ...nothing,
    create: [{ kind: "createConstraint", definition: { kind: "primaryKey", constraint: after } }],
  };
}

function columnsOf(key: PrimaryKeyDefinition, context: ConstraintContext): string {
  return key.columns.map((column) => keyColumnSignature(column, context)).join(" ");
}

/** `INTEGER PRIMARY KEY DESC` at the column is no rowid; as a constraint of the table it would be. */
function isNoRowid(table: TableModel, column: string): boolean {
  const isSingle = table.key?.columns.length === 1;
  const type = findColumn(table, column)?.definition.type?.toUpperCase();
  return (
    isSingle && type === "INTEGER" && table.rowid === undefined && table.definition.withoutRowid !== true
  );
}
