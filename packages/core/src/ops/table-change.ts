import type {
  Collation,
  ColumnDefinition,
  ColumnType,
  GeneratedDefinition,
} from "../schema/column-definition.ts";
import type {
  CheckDefinition,
  ForeignKeyDefinition,
  PrimaryKeyDefinition,
  UniqueDefinition,
} from "../schema/constraint-definition.ts";
import type { IndexDefinition } from "../schema/index-definition.ts";
import type { LiteralValue, SqlFragment, SqlText } from "../schema/sql-fragment.ts";

/** Where a column goes; at the end unless told. */
export interface ColumnPlace {
  readonly insertBefore?: string;
  readonly insertAfter?: string;
}

export interface AddColumnChange extends ColumnPlace {
  readonly kind: "addColumn";
  readonly column: ColumnDefinition;
  readonly ifNotExists?: boolean;
}

export interface DropColumnChange extends ColumnPlace {
  readonly kind: "dropColumn";
  readonly column: string;
  readonly ifExists?: boolean;
  /** What is dropped; with it the change can be reversed. */
  readonly definition?: ColumnDefinition;
}

/** The properties of a column that can change. What is left out stays as it is. */
export interface ColumnChanges {
  /** The new name. */
  readonly name?: string;
  readonly type?: ColumnType;
  readonly nullable?: boolean;
  /** `null` takes the default away. */
  readonly default?: LiteralValue | SqlFragment;
  /** `null` takes the collation away. */
  readonly collate?: Collation | null;
  /** `null` makes an ordinary column of a generated one; it keeps the values. */
  readonly generated?: GeneratedDefinition | null;
  readonly autoincrement?: boolean;
}

/** With a place, the column moves there. */
export interface AlterColumnChange extends ColumnPlace {
  readonly kind: "alterColumn";
  readonly column: string;
  readonly changes: ColumnChanges;
  /** What the changed properties were before; with it the change can be reversed. */
  readonly existing?: ColumnChanges;
}

/** A table constraint with its kind. */
export type ConstraintDefinition =
  | { readonly kind: "primaryKey"; readonly constraint: PrimaryKeyDefinition }
  | { readonly kind: "unique"; readonly constraint: UniqueDefinition }
  | { readonly kind: "check"; readonly constraint: CheckDefinition }
  | { readonly kind: "foreignKey"; readonly constraint: ForeignKeyDefinition };

export interface CreateConstraintChange {
  readonly kind: "createConstraint";
  readonly definition: ConstraintDefinition;
}

export type ConstraintKind = ConstraintDefinition["kind"] | "notNull";

/** Which constraint: by its name, or by what it says when it has none. */
export interface ConstraintReference {
  readonly name?: string;
  readonly kind?: ConstraintKind;
  /** Of a UNIQUE, PRIMARY KEY or FOREIGN KEY. */
  readonly columns?: readonly string[];
  /** Of a CHECK; white space and comments do not count. */
  readonly expression?: SqlText;
}

export interface DropConstraintChange {
  readonly kind: "dropConstraint";
  readonly constraint: ConstraintReference;
  readonly ifExists?: boolean;
  /** What is dropped; with it the change can be reversed. */
  readonly definition?: ConstraintDefinition;
}

export interface CreateIndexChange {
  readonly kind: "createIndex";
  readonly index: IndexDefinition;
  readonly ifNotExists?: boolean;
}

export interface DropIndexChange {
  readonly kind: "dropIndex";
  readonly index: string;
  readonly ifExists?: boolean;
  readonly definition?: IndexDefinition;
}

/** What stands after the columns of a table. What is left out stays as it is. */
export interface AlterTableOptionsChange {
  readonly kind: "alterTableOptions";
  readonly strict?: boolean;
  readonly withoutRowid?: boolean;
}

/** One change of a table in a batch. */
export type TableChange =
  | AddColumnChange
  | DropColumnChange
  | AlterColumnChange
  | CreateConstraintChange
  | DropConstraintChange
  | CreateIndexChange
  | DropIndexChange
  | AlterTableOptionsChange;
