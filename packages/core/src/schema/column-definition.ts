import type {
  CheckDefinition,
  ConflictResolution,
  ForeignKeyRules,
  SortOrder,
} from "./constraint-definition.ts";
import type { LiteralValue, SqlFragment, SqlText } from "./sql-fragment.ts";

/** Any text, with the names that an editor should offer first. */
type OrText<Suggestion extends string> = Suggestion | (string & Record<never, never>);

/**
 * The declared type, as it stands in the table. SQLite derives the affinity from it and accepts any name
 * (datatype3.html); a STRICT table takes the six names of stricttables.html only.
 */
export type ColumnType = OrText<
  | "INTEGER"
  | "INT"
  | "TEXT"
  | "REAL"
  | "BLOB"
  | "ANY"
  | "NUMERIC"
  | "BOOLEAN"
  | "DATE"
  | "DATETIME"
  | "TIMESTAMP"
  | "JSON"
  | `VARCHAR(${number})`
  | `DECIMAL(${number}, ${number})`
>;

export type Collation = OrText<"BINARY" | "NOCASE" | "RTRIM">;

export interface NotNullDefinition {
  readonly name?: string;
  readonly onConflict?: ConflictResolution;
}

export interface ColumnPrimaryKey {
  readonly name?: string;
  /** Never reuses an id; the type must be INTEGER (autoinc.html). */
  readonly autoincrement?: boolean;
  /** `INTEGER PRIMARY KEY DESC` is not an alias of the rowid (lang_createtable.html#rowid). */
  readonly order?: SortOrder;
  readonly onConflict?: ConflictResolution;
}

export interface ColumnUnique {
  readonly name?: string;
  readonly onConflict?: ConflictResolution;
}

export interface ColumnReference extends ForeignKeyRules {
  readonly name?: string;
  readonly table: string;
  /** The primary key of `table` unless named. */
  readonly column?: string;
}

/** A column computed from others (gencol.html). */
export interface GeneratedDefinition {
  readonly as: SqlText;
  /** Kept in the row instead of computed on reading; `false` unless told. */
  readonly stored?: boolean;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type?: ColumnType;
  /**
   * `true` unless told, but `false` for a column of the primary key: there SQLite itself lets NULL in by a
   * historical accident (lang_createtable.html#the_primary_key), which has to be asked for.
   */
  readonly nullable?: boolean;
  /** The name or ON CONFLICT clause of the NOT NULL constraint; implies `nullable: false`. */
  readonly notNull?: NotNullDefinition;
  /** A value, or `` sql`…` `` for an expression such as `` sql`CURRENT_TIMESTAMP` ``. */
  readonly default?: LiteralValue | SqlFragment;
  readonly collate?: Collation;
  readonly generated?: GeneratedDefinition;
  readonly primaryKey?: boolean | ColumnPrimaryKey;
  readonly unique?: boolean | ColumnUnique;
  readonly check?: SqlText | CheckDefinition;
  readonly references?: ColumnReference;
}
