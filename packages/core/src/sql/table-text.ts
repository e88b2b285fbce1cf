import type { TableClause } from "./table-clause.ts";

/** A column of a CREATE TABLE text. Indexes count in {@link TableItem.text}. */
export interface ColumnPart {
  readonly kind: "column";
  readonly name: string;
  readonly nameEnd: number;
  /** The declared type as written, `undefined` without one. */
  readonly type: string | undefined;
  /** Index after the type, or after the name. */
  readonly typeEnd: number;
  readonly clauses: readonly TableClause[];
}

export interface ConstraintPart {
  readonly kind: "constraint";
  readonly clause: TableClause;
}

/** One column or constraint, with the text around it: nothing of the statement is outside of an item. */
export interface TableItem<Part extends ColumnPart | ConstraintPart = ColumnPart | ConstraintPart> {
  /** White space and comments before the text. */
  readonly before: string;
  readonly text: string;
  /** White space and comments before the separator. */
  readonly after: string;
  /** The comma, if there is one, and what follows it on the same line: a comment there is about this item. */
  readonly separator: string;
  readonly part: Part;
}

export type ColumnItem = TableItem<ColumnPart>;
export type ConstraintItem = TableItem<ConstraintPart>;

/** The text of a CREATE TABLE, cut so that a part can change and the rest stays byte for byte. */
export interface TableText {
  /** From CREATE to the opening parenthesis. */
  readonly head: string;
  /** Where the name of the table stands in `head`, without a schema name. */
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly name: string;
  readonly columns: readonly ColumnItem[];
  readonly constraints: readonly ConstraintItem[];
  /** From the closing parenthesis to the end. */
  readonly foot: string;
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

export function isColumnItem(item: TableItem): item is ColumnItem {
  return item.part.kind === "column";
}

export function isConstraintItem(item: TableItem): item is ConstraintItem {
  return item.part.kind === "constraint";
}
