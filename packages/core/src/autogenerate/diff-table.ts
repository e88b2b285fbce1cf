import { refersToColumn } from "../batch/mentions.ts";
import type { Operation } from "../ops/operation.ts";
import type { ColumnChanges, TableChange } from "../ops/table-change.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import { textOf } from "../schema/sql-fragment.ts";
import { isSameName, type TableDefinition } from "../schema/table-definition.ts";
import { referenceTo, type ConstraintContext, type ConstraintModel } from "./constraint-model.ts";
import { collationOf, diffColumn, type ColumnDiff } from "./diff-column.ts";
import { diffConstraints } from "./diff-constraints.ts";
import type { DiffOptions } from "./diff-options.ts";
import { diffPrimaryKey } from "./diff-primary-key.ts";
import { findColumn, type TableModel } from "./table-model.ts";

export interface TablePair {
  readonly from: TableModel;
  readonly to: TableModel;
  /** The primary key of a table of the second side. */
  readonly keyOf: (table: string) => readonly string[];
}

/** The operation that turns a table into the other one, or `undefined` when they are the same. */
export function diffTable(pair: TablePair, options: DiffOptions): Operation | undefined {
  const { from, to } = pair;
  const changes = listChanges(pair, options);
  const table = from.name;
  if (changes === "needs definition") {
    return { kind: "batchAlterTable", table, copyFrom: { ...to.definition, name: table }, changes: [] };
  }
  const [only] = changes;
  if (only === undefined) return undefined;
  if (changes.length === 1 && only.kind === "addColumn")
    return { kind: "addColumn", table, column: only.column };
  if (changes.length === 1 && only.kind === "dropColumn") return { ...only, kind: "dropColumn", table };
  return { kind: "batchAlterTable", table, changes };
}

/** In an order in which every column is there while something is about it. */
function listChanges(pair: TablePair, options: DiffOptions): readonly TableChange[] | "needs definition" {
  const { from, to } = pair;
  const context = contextOf(pair);
  const removed = from.columns.filter(({ definition }) => findColumn(to, definition.name) === undefined);
  const added = to.columns.filter(({ definition }) => findColumn(from, definition.name) === undefined);
  const constraints = diffConstraints(
    from.constraints.filter(isWithout(removed.map(({ definition }) => definition))),
    to.constraints.filter(isWithout(added.map(({ definition }) => definition))),
    context,
  );
  const columns = diffColumns(pair, options);
  const key = diffPrimaryKey(from, to, context);
  if (key.needsDefinition || columns.some(({ diff }) => diff.needsDefinition)) return "needs definition";
  return [
    ...constraints.removed.map(dropConstraint),
    ...key.drop,
    ...inOrder(added.map(({ definition }) => definition)).map((definition): TableChange => ({
      kind: "addColumn",
      column: withoutKey(definition),
    })),
    ...columns.flatMap(({ name, diff, existing }): readonly TableChange[] =>
      Object.keys(diff.changes).length === 0
        ? []
        : [{ kind: "alterColumn", column: name, changes: diff.changes, existing }],
    ),
    ...constraints.added.map(({ definition }): TableChange => ({ kind: "createConstraint", definition })),
    ...key.create,
    ...inOrder(removed.map(({ definition }) => definition))
      .toReversed()
      .map((definition): TableChange => ({ kind: "dropColumn", column: definition.name, definition })),
    ...diffTableOptions(pair),
  ];
}

/** A column without its primary key, which comes after all columns; only beside a key NULL has to be allowed. */
function withoutKey({ primaryKey: _key, ...column }: ColumnDefinition): ColumnDefinition {
  if (column.nullable !== true) return column;
  const { nullable: _nullable, ...rest } = column;
  return rest;
}

function diffTableOptions({ from, to }: TablePair): readonly TableChange[] {
  const before = optionsOf(from.definition);
  const after = optionsOf(to.definition);
  const changed = {
    ...(before.strict === after.strict ? {} : { strict: after.strict }),
    ...(before.withoutRowid === after.withoutRowid ? {} : { withoutRowid: after.withoutRowid }),
  };
  return Object.keys(changed).length === 0 ? [] : [{ kind: "alterTableOptions", ...changed }];
}

function optionsOf({ strict = false, withoutRowid = false }: TableDefinition) {
  return { strict, withoutRowid };
}

function contextOf({ to, keyOf }: TablePair): ConstraintContext {
  return {
    table: to.name,
    keyOf,
    collationOf: (name) => collationOf(findColumn(to, name)?.definition ?? { name }),
  };
}

/** A constraint in the definition of a column comes and goes with the column. */
function isWithout(columns: readonly ColumnDefinition[]): (constraint: ConstraintModel) => boolean {
  const names = new Set(columns.map(({ name }) => name));
  return ({ owner }) => owner === undefined || !names.has(owner);
}

interface NamedDiff {
  readonly name: string;
  readonly diff: ColumnDiff;
  readonly existing: ColumnChanges;
}

function diffColumns({ from, to }: TablePair, options: DiffOptions): readonly NamedDiff[] {
  return to.columns.flatMap((column) => {
    const before = findColumn(from, column.definition.name);
    if (before === undefined) return [];
    const diff = diffColumn({ table: to, from: before, to: column }, options);
    return [{ name: before.definition.name, diff, existing: existingOf(before.definition, diff.changes) }];
  });
}

/** What the changed properties were before. A column without a type cannot be told so: it has no entry. */
function existingOf(column: ColumnDefinition, changes: ColumnChanges): ColumnChanges {
  const { type } = column;
  const isNotNull = column.nullable === false || column.notNull !== undefined;
  return {
    ...("type" in changes && type !== undefined ? { type } : {}),
    ...("nullable" in changes ? { nullable: !isNotNull } : {}),
    ...("default" in changes ? { default: column.default ?? null } : {}),
    ...("collate" in changes ? { collate: column.collate ?? null } : {}),
    ...("generated" in changes ? { generated: column.generated ?? null } : {}),
  };
}

function dropConstraint(constraint: ConstraintModel): TableChange {
  return { kind: "dropConstraint", constraint: referenceTo(constraint), definition: constraint.definition };
}

/** Columns after those that they are computed from. */
function inOrder(columns: readonly ColumnDefinition[]): readonly ColumnDefinition[] {
  const ordered: ColumnDefinition[] = [];
  const seen = new Set<ColumnDefinition>();
  const visit = (column: ColumnDefinition): void => {
    if (seen.has(column)) return;
    seen.add(column);
    const { generated } = column;
    if (generated !== undefined) {
      for (const other of columns) if (refersTo(textOf(generated.as), other, column)) visit(other);
    }
    ordered.push(column);
  };
  for (const column of columns) visit(column);
  return ordered;
}

function refersTo(expression: string, other: ColumnDefinition, column: ColumnDefinition): boolean {
  return !isSameName(other.name, column.name) && refersToColumn(expression, other.name);
}
