import type { Collation } from "./column-definition.ts";
import type { SortOrder } from "./constraint-definition.ts";
import type { SqlFragment, SqlText } from "./sql-fragment.ts";

/** A column name, an expression, or either with a collation and an order. */
export type IndexColumn = string | SqlFragment | IndexedColumn | IndexedExpression;

export interface IndexedColumn {
  readonly column: string;
  readonly collate?: Collation;
  readonly order?: SortOrder;
}

/** An index on an expression (expridx.html). */
export interface IndexedExpression {
  readonly sql: SqlText;
  readonly collate?: Collation;
  readonly order?: SortOrder;
}

export interface IndexDefinition {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly IndexColumn[];
  readonly unique?: boolean;
  /** The rows that are indexed (partialindex.html). */
  readonly where?: SqlText;
}
