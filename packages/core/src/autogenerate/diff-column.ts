import type { ColumnChanges } from "../ops/table-change.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import { textOf } from "../schema/sql-fragment.ts";
import { foldName } from "../schema/table-definition.ts";
import { renderDefault } from "../sql/render-column.ts";
import type { ComparedColumn, DiffOptions } from "./diff-options.ts";
import { normalSql } from "./normal-sql.ts";
import type { ColumnModel, TableModel } from "./table-model.ts";
import { affinityOf } from "../sql/type-affinity.ts";

/** A column on both sides. */
export interface ColumnPair {
  readonly table: TableModel;
  readonly from: ColumnModel;
  readonly to: ColumnModel;
}

export interface ColumnDiff {
  readonly changes: ColumnChanges;
  /** Something differs for which there is no change: only a new definition of the table brings it. */
  readonly needsDefinition: boolean;
}

/** What to change of a column so that it becomes the other one. Case of the name does not count. */
export function diffColumn(pair: ColumnPair, options: DiffOptions): ColumnDiff {
  const { from, to } = pair;
  const [before, after] = [from.definition, to.definition];
  const isSameType = sameType(pair, options);
  const changes: ColumnChanges = {
    ...(isSameType || after.type === undefined ? {} : { type: after.type }),
    ...(to.neverNull || from.isNotNull === to.isNotNull ? {} : { nullable: !to.isNotNull }),
    ...(sameDefault(pair, options) && !leavesDefault(pair) ? {} : { default: after.default ?? null }),
    ...(collationOf(before) === collationOf(after) ? {} : { collate: after.collate ?? null }),
    ...(generatedOf(before) === generatedOf(after) ? {} : { generated: after.generated ?? null }),
  };
  return {
    changes,
    needsDefinition: (!isSameType && after.type === undefined) || !sameNotNull(pair),
  };
}

/** The collation that a column has when nothing is said is BINARY. */
export function collationOf({ collate }: ColumnDefinition): string {
  return foldName(collate ?? "BINARY");
}

function sameType({ table, from, to }: ColumnPair, { compareType = "declared" }: DiffOptions): boolean {
  const types = [from.definition.type, to.definition.type];
  const [before = "", after = ""] = types.map((type) => normalSql(type ?? ""));
  if (before === after) return true;
  if (typeof compareType === "function") {
    return compareType(compared({ table, from, to }, types)) ?? false;
  }
  const isLoose = compareType === "affinity" && table.definition.strict !== true;
  return isLoose && affinityOf(types[0] ?? "") === affinityOf(types[1] ?? "");
}

function sameDefault(pair: ColumnPair, options: DiffOptions): boolean {
  const sides = [defaultOf(pair.from.definition), defaultOf(pair.to.definition)];
  const [before = null, after = null] = sides;
  const isSame =
    before === after || (before !== null && after !== null && normalSql(before) === normalSql(after));
  return isSame || (options.compareDefault?.(compared(pair, sides)) ?? false);
}

/** A generated column cannot even have DEFAULT NULL. */
function leavesDefault({ from, to }: ColumnPair): boolean {
  return to.definition.generated !== undefined && from.definition.default !== undefined;
}

/** The default as SQL. `DEFAULT NULL` is no default. */
export function defaultOf(column: ColumnDefinition): string | null {
  if (column.default === undefined || column.default === null) return null;
  const sql = renderDefault(column.default);
  return normalSql(sql) === "null" ? null : sql;
}

function compared(
  { table, to }: ColumnPair,
  [from, after]: readonly (string | null | undefined)[],
): ComparedColumn {
  return { table: table.name, column: to.definition.name, from: from ?? null, to: after ?? null };
}

function generatedOf({ generated }: ColumnDefinition): string | null {
  if (generated === undefined) return null;
  return `${generated.stored === true ? "stored" : "virtual"} ${normalSql(textOf(generated.as))}`;
}

/** The name of NOT NULL counts where the second side gives one. */
function sameNotNull({ from, to }: ColumnPair): boolean {
  const [before, after] = [from.definition.notNull, to.definition.notNull];
  if (to.neverNull || !to.isNotNull) return true;
  const isSameName = after?.name === undefined || foldName(after.name) === foldName(before?.name ?? "");
  return isSameName && (before?.onConflict ?? "abort") === (after?.onConflict ?? "abort");
}
