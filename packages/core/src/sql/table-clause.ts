import type {
  ConflictResolution,
  Deferrable,
  ForeignKeyTarget,
  KeyColumnDefinition,
  SortOrder,
} from "../schema/constraint-definition.ts";

/** Where a clause stands in the text of its column or constraint, its CONSTRAINT name included. */
export interface ClauseSpan {
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
}

export interface NotNullClause extends ClauseSpan {
  readonly kind: "notNull";
  readonly onConflict: ConflictResolution | undefined;
}

/** `NULL`, which says nothing, and a CONSTRAINT name that nothing follows. */
export interface EmptyClause extends ClauseSpan {
  readonly kind: "null" | "nameOnly";
}

/** A part of the foreign key before it, when another constraint stands between the two. */
export interface DeferrableClause extends ClauseSpan {
  readonly kind: "deferrable";
  readonly deferrable: Deferrable;
}

export interface PrimaryKeyClause extends ClauseSpan {
  readonly kind: "primaryKey";
  /** `undefined` at a column. */
  readonly columns: readonly KeyColumnDefinition[] | undefined;
  readonly order: SortOrder | undefined;
  readonly autoincrement: boolean;
  readonly onConflict: ConflictResolution | undefined;
}

export interface UniqueClause extends ClauseSpan {
  readonly kind: "unique";
  readonly columns: readonly KeyColumnDefinition[] | undefined;
  readonly onConflict: ConflictResolution | undefined;
}

export interface CheckClause extends ClauseSpan {
  readonly kind: "check";
  /** As written, without the parentheses around it. */
  readonly expression: string;
}

export interface DefaultClause extends ClauseSpan {
  readonly kind: "default";
  /** As written after DEFAULT, parentheses included. */
  readonly expression: string;
}

export interface CollateClause extends ClauseSpan {
  readonly kind: "collate";
  readonly collation: string;
}

export interface ForeignKeyClause extends ClauseSpan {
  readonly kind: "foreignKey";
  /** `undefined` at a column. */
  readonly columns: readonly string[] | undefined;
  readonly references: ForeignKeyTarget;
}

export interface GeneratedClause extends ClauseSpan {
  readonly kind: "generated";
  readonly expression: string;
  readonly stored: boolean;
}

/** One constraint or property of a column, or one table constraint (lang_createtable.html). */
export type TableClause =
  | NotNullClause
  | EmptyClause
  | DeferrableClause
  | PrimaryKeyClause
  | UniqueClause
  | CheckClause
  | DefaultClause
  | CollateClause
  | ForeignKeyClause
  | GeneratedClause;
