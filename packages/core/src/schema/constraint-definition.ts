import type { SqlText } from "./sql-fragment.ts";

/** What SQLite does when a row breaks a constraint; `"abort"` when none is named (lang_conflict.html). */
export type ConflictResolution = "rollback" | "abort" | "fail" | "ignore" | "replace";

/** What happens to the child rows when their parent row goes or changes its key (foreignkeys.html). */
export type ForeignKeyAction = "no action" | "restrict" | "set null" | "set default" | "cascade";

/**
 * When a foreign key is checked. Only `"initially deferred"` waits for COMMIT; `true` (DEFERRABLE),
 * `"initially immediate"` and `false` (NOT DEFERRABLE) are checked after every statement
 * (foreignkeys.html section 4.2).
 */
export type Deferrable = boolean | "initially immediate" | "initially deferred";

export type SortOrder = "asc" | "desc";

/** A column of a table-level PRIMARY KEY or UNIQUE: its name, or the name with a collation and an order. */
export type KeyColumn = string | KeyColumnDefinition;

export interface KeyColumnDefinition {
  readonly column: string;
  readonly collate?: string;
  readonly order?: SortOrder;
}

export interface PrimaryKeyDefinition {
  readonly name?: string;
  readonly columns: readonly KeyColumn[];
  /** Never reuses an id. Needs exactly one column, of type INTEGER (autoinc.html). */
  readonly autoincrement?: boolean;
  readonly onConflict?: ConflictResolution;
}

export interface UniqueDefinition {
  readonly name?: string;
  readonly columns: readonly KeyColumn[];
  readonly onConflict?: ConflictResolution;
}

export interface CheckDefinition {
  readonly name?: string;
  /** Without the parentheses around it. */
  readonly expression: SqlText;
}

/** The parts of a foreign key that do not name columns. */
export interface ForeignKeyRules {
  readonly onDelete?: ForeignKeyAction;
  readonly onUpdate?: ForeignKeyAction;
  /** Parsed by SQLite and without effect (foreignkeys.html section 6). */
  readonly match?: string;
  readonly deferrable?: Deferrable;
}

export interface ForeignKeyTarget extends ForeignKeyRules {
  readonly table: string;
  /** The primary key of `table` unless named. */
  readonly columns?: readonly string[];
}

export interface ForeignKeyDefinition {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly references: ForeignKeyTarget;
}
