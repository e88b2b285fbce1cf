import type { SqlValue } from "../driver/statement.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import type { ConflictResolution } from "../schema/constraint-definition.ts";
import type { IndexDefinition } from "../schema/index-definition.ts";
import type { TableDefinition } from "../schema/table-definition.ts";
import type { TriggerDefinition } from "../schema/trigger-definition.ts";
import type { ViewDefinition } from "../schema/view-definition.ts";
import type { TableChange } from "./table-change.ts";

export interface CreateTableOperation {
  readonly kind: "createTable";
  readonly table: TableDefinition;
  readonly ifNotExists?: boolean;
}

export interface DropTableOperation {
  readonly kind: "dropTable";
  readonly table: string;
  readonly ifExists?: boolean;
  /** What the table was, so that the drop can be reversed. */
  readonly definition?: TableDefinition;
  /** Tables whose rows may be lost or changed by foreign keys that refer to the table. */
  readonly allowDataLoss?: readonly string[];
}

export interface RenameTableOperation {
  readonly kind: "renameTable";
  readonly table: string;
  readonly to: string;
}

export interface AddColumnOperation {
  readonly kind: "addColumn";
  readonly table: string;
  readonly column: ColumnDefinition;
}

export interface DropColumnOperation {
  readonly kind: "dropColumn";
  readonly table: string;
  readonly column: string;
  readonly definition?: ColumnDefinition;
}

export interface RenameColumnOperation {
  readonly kind: "renameColumn";
  readonly table: string;
  readonly column: string;
  readonly to: string;
}

export interface CreateIndexOperation {
  readonly kind: "createIndex";
  readonly index: IndexDefinition;
  readonly ifNotExists?: boolean;
}

export interface DropIndexOperation {
  readonly kind: "dropIndex";
  readonly index: string;
  readonly ifExists?: boolean;
  readonly definition?: IndexDefinition;
}

export interface CreateTriggerOperation {
  readonly kind: "createTrigger";
  readonly trigger: TriggerDefinition;
  readonly ifNotExists?: boolean;
}

export interface DropTriggerOperation {
  readonly kind: "dropTrigger";
  readonly trigger: string;
  readonly ifExists?: boolean;
  readonly definition?: TriggerDefinition;
}

export interface CreateViewOperation {
  readonly kind: "createView";
  readonly view: ViewDefinition;
  readonly ifNotExists?: boolean;
}

export interface DropViewOperation {
  readonly kind: "dropView";
  readonly view: string;
  readonly ifExists?: boolean;
  readonly definition?: ViewDefinition;
}

/** One SQL statement as the author wrote it. */
export interface ExecuteOperation {
  readonly kind: "execute";
  readonly sql: string;
  readonly params?: readonly SqlValue[];
  /** Tables whose rows may be lost or changed by foreign keys that refer to a table that it drops. */
  readonly allowDataLoss?: readonly string[];
  /** How far its author's loop is when it has run. */
  readonly progress?: RowProgress;
}

/** How far a work on many rows is. */
export interface RowProgress {
  readonly activity: "insert" | "update" | "copy";
  readonly table: string;
  /** Rows done; left out where the rows that the statements change tell it. */
  readonly rows?: number;
  readonly total: number;
}

/** A condition that must hold when its turn comes, or the revision fails. */
export interface RequireOperation {
  readonly kind: "require";
  /** A SELECT whose first value must be true, as SQLite sees truth. */
  readonly sql: string;
  /** What is required, for people. */
  readonly message: string;
}

export interface BulkInsertOperation {
  readonly kind: "bulkInsert";
  readonly table: string;
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** The values of row after row, each in the order of `columns`, in blocks of whole rows. */
  readonly blocks: readonly (readonly SqlValue[])[];
  readonly onConflict?: ConflictResolution;
}

/** Changes of one table, made together: with the statements SQLite has, or with one rebuild. */
export interface BatchAlterTableOperation {
  readonly kind: "batchAlterTable";
  readonly table: string;
  /** `"always"` rebuilds, `"never"` refuses to; left out, a rebuild is made where SQLite has no statement. */
  readonly recreate?: "always" | "never";
  /** Groups of columns that shall follow each other in this order. */
  readonly partialReordering?: readonly (readonly string[])[];
  /** Names for constraints without one, by kind, so that they can be dropped: `{ uq: "uq_%(table_name)s_…" }`. */
  readonly namingConvention?: Readonly<Record<string, string>>;
  /** What the table is taken to be instead of what the database says. */
  readonly copyFrom?: TableDefinition;
  /** In the order in which they were written. */
  readonly changes: readonly TableChange[];
}

/** Everything that `op` can record: frozen plain data, to be described, reversed, compiled or printed. */
export type Operation =
  | CreateTableOperation
  | DropTableOperation
  | RenameTableOperation
  | AddColumnOperation
  | DropColumnOperation
  | RenameColumnOperation
  | BatchAlterTableOperation
  | CreateIndexOperation
  | DropIndexOperation
  | CreateTriggerOperation
  | DropTriggerOperation
  | CreateViewOperation
  | DropViewOperation
  | ExecuteOperation
  | RequireOperation
  | BulkInsertOperation;
