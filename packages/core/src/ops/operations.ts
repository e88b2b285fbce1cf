import type { SqlValue } from "../driver/statement.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import type { ConflictResolution } from "../schema/constraint-definition.ts";
import type { IndexDefinition } from "../schema/index-definition.ts";
import type { SqlFragment, SqlText } from "../schema/sql-fragment.ts";
import type { TableDefinition } from "../schema/table-definition.ts";
import type { TriggerDefinition, TriggerParts } from "../schema/trigger-definition.ts";
import type { ViewDefinition, ViewParts } from "../schema/view-definition.ts";
import type {
  CheckDefinition,
  ForeignKeyDefinition,
  KeyColumn,
  PrimaryKeyDefinition,
  UniqueDefinition,
} from "../schema/constraint-definition.ts";
import type { InputValue } from "./accept-values.ts";
import type {
  ColumnChanges,
  ColumnPlace,
  ConstraintDefinition,
  ConstraintReference,
} from "./table-change.ts";

/** A row as an object of column names and values. */
export type Row = Readonly<Record<string, SqlValue>>;

export type InputRow = Readonly<Record<string, InputValue>>;

export interface CreateOptions {
  /** Does nothing when an object of this name exists, whatever it looks like. */
  readonly ifNotExists?: boolean;
}

export interface DropOptions<Definition> {
  /** Does nothing when no object of this name exists. */
  readonly ifExists?: boolean;
  /** What is dropped; with it the operation can be reversed. */
  readonly definition?: Definition;
}

export interface AllowDataLoss {
  /**
   * Tables whose rows may be lost or changed when a table is dropped to which they refer with ON DELETE
   * CASCADE, SET NULL or SET DEFAULT; without it the run is refused while there are such rows.
   */
  readonly allowDataLoss?: readonly string[];
}

export interface DropTableOptions extends DropOptions<TableDefinition>, AllowDataLoss {}

export type ExecuteOptions = AllowDataLoss;

export type DropColumnOptions = DropOptions<ColumnDefinition>;

export interface BulkInsertOptions {
  /** The columns, in this order; the properties of the first row unless told. */
  readonly columns?: readonly string[];
  /** What happens to a row that breaks a constraint; without it, the revision fails. */
  readonly onConflict?: ConflictResolution;
}

/** New values for the rows that a condition selects. */
export interface SetRowsOptions {
  /** Columns with a value, or an expression as `` sql`…` ``. */
  readonly set: Readonly<Record<string, InputValue | SqlFragment>>;
  /** All rows unless told. */
  readonly where?: SqlText;
}

/** New values that a function finds for each row. */
export interface MapRowsOptions {
  /** Returns the values to be written, or `undefined` to leave the row as it is. */
  readonly map: (row: Row) => InputRow | undefined | Promise<InputRow | undefined>;
  /** All rows unless told. */
  readonly where?: SqlText;
  /** The columns that `map` sees, all unless told. */
  readonly columns?: readonly string[];
  /** Rows held in memory at once, 1,000 unless told. */
  readonly chunk?: number;
}

export interface RequireRowsOptions {
  /** What the error says. */
  readonly message?: string;
  /** Rows are required only where this table has some. */
  readonly ifRowsIn?: string;
}

/** Where a new column goes. */
export interface AddColumnOptions extends ColumnPlace, CreateOptions {}

/** With a place, the column moves there. */
export interface AlterColumnOptions extends ColumnPlace {
  /** What the changed properties were before; with it the operation can be reversed. */
  readonly existing?: ColumnChanges;
}

export type DropConstraintOptions = DropOptions<ConstraintDefinition>;

/** What a table shall have besides what it has: parts of a definition that are no columns. */
export type TableArgs = Pick<
  TableDefinition,
  "primaryKey" | "uniques" | "checks" | "foreignKeys" | "strict" | "withoutRowid"
>;

export interface BatchOptions {
  /** `"auto"` unless told: one rebuild where SQLite has no statement for a change. */
  readonly recreate?: "auto" | "always" | "never";
  /** Groups of columns that shall follow each other in this order; the others come after them. */
  readonly partialReordering?: readonly (readonly string[])[];
  /**
   * Names for constraints that have none, by kind (`pk`, `uq`, `ck`, `fk`), so that they can be dropped:
   * `{ uq: "uq_%(table_name)s_%(column_0_name)s" }`.
   */
  readonly namingConvention?: Readonly<Record<string, string>>;
  /** What the table is taken to be instead of what the database says; its rows are copied into it. */
  readonly copyFrom?: TableDefinition;
  /** Constraints to be added, and whether the table is STRICT or WITHOUT ROWID. They come after the changes. */
  readonly tableArgs?: TableArgs;
}

/** The changes of one table. Everything is synchronous and only records. */
export interface BatchOperations {
  addColumn(column: ColumnDefinition, options?: AddColumnOptions): void;
  dropColumn(column: string, options?: DropColumnOptions): void;
  renameColumn(column: string, to: string): void;
  alterColumn(column: string, changes: ColumnChanges, options?: AlterColumnOptions): void;
  createPrimaryKey(key: readonly KeyColumn[] | PrimaryKeyDefinition): void;
  createUniqueConstraint(unique: readonly KeyColumn[] | UniqueDefinition): void;
  createCheckConstraint(check: SqlText | CheckDefinition): void;
  createForeignKey(key: ForeignKeyDefinition): void;
  /** Drops a constraint by its name, or one without a name by what it says. */
  dropConstraint(constraint: string | ConstraintReference, options?: DropConstraintOptions): void;
  createIndex(index: Omit<IndexDefinition, "table">, options?: CreateOptions): void;
  dropIndex(index: string, options?: DropOptions<Omit<IndexDefinition, "table">>): void;
}

/**
 * The `op` of a revision. Everything but `query`, and `updateRows` with a function, is synchronous and only records, so nothing has to be
 * awaited; mistakes in the arguments are reported by the call that makes them.
 *
 * @throws {TypeError} a wrong call: missing or unknown properties, arguments of the wrong type.
 * @throws {SKM_IDENTIFIER | SKM_LITERAL | SKM_TABLE_DEFINITION | SKM_VALUE | SKM_SQL_SYNTAX | SKM_SQL_MULTI |
 * SKM_SQL_FORBIDDEN | SKM_SQL_PARAMETERS | SKM_TX_ESCAPED} from every method whose arguments can be so.
 */
export interface Operations {
  /**
   * @example
   * op.createTable({
   *   name: "projects",
   *   columns: [
   *     { name: "id", type: "TEXT", primaryKey: true },
   *     { name: "path", type: "TEXT", nullable: false, unique: true },
   *     { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
   *   ],
   * });
   */
  createTable(table: TableDefinition, options?: CreateOptions): void;
  /** Drops a table with its rows, indexes and triggers; refused while that would empty or change another table. */
  dropTable(table: string, options?: DropTableOptions): void;
  /** Renames a table; foreign keys, triggers and views follow (lang_altertable.html). */
  renameTable(table: string, to: string): void;
  /**
   * Adds a column, at the end unless told: with one statement where SQLite has one for it, else with a
   * rebuild. One that is NOT NULL needs a default when the table has rows.
   */
  addColumn(table: string, column: ColumnDefinition, options?: AddColumnOptions): void;
  /** Drops a column with its values. Refused while an index, constraint, trigger or view uses it. */
  dropColumn(table: string, column: string, options?: DropColumnOptions): void;
  /** Renames a column; indexes, constraints, triggers and views follow. */
  renameColumn(table: string, column: string, to: string): void;
  /**
   * Changes properties of a column. A new name alone is one statement; the rest needs a rebuild of the
   * table unless the engine can alter NOT NULL. Values are copied as they are, never CAST.
   *
   * @example
   * op.alterColumn("users", "age", { type: "INTEGER", nullable: false, default: 0 });
   */
  alterColumn(table: string, column: string, changes: ColumnChanges, options?: AlterColumnOptions): void;
  createPrimaryKey(table: string, key: readonly KeyColumn[] | PrimaryKeyDefinition): void;
  createUniqueConstraint(table: string, unique: readonly KeyColumn[] | UniqueDefinition): void;
  createCheckConstraint(table: string, check: SqlText | CheckDefinition): void;
  createForeignKey(table: string, key: ForeignKeyDefinition): void;
  /** Drops a constraint by its name, or one without a name by what it says. */
  dropConstraint(
    table: string,
    constraint: string | ConstraintReference,
    options?: DropConstraintOptions,
  ): void;
  /**
   * Makes several changes of one table together, with at most one rebuild. Rows, indexes, triggers, views
   * and everything that no change names stay as they are.
   *
   * @example
   * op.batchAlterTable("users", (batch) => {
   *   batch.dropConstraint("ck_users_role");
   *   batch.createCheckConstraint({ name: "ck_users_role", expression: "role IN ('reader', 'writer')" });
   *   batch.addColumn({ name: "nick", type: "TEXT" }, { insertAfter: "email" });
   * });
   */
  batchAlterTable(table: string, body: (batch: BatchOperations) => void): void;
  batchAlterTable(table: string, options: BatchOptions, body: (batch: BatchOperations) => void): void;
  /**
   * @example
   * op.createIndex({ name: "ix_users_email", table: "users", columns: [sql`lower(email)`], unique: true });
   */
  createIndex(index: IndexDefinition, options?: CreateOptions): void;
  dropIndex(index: string, options?: DropOptions<IndexDefinition>): void;
  /**
   * Creates a trigger from its parts, or from a complete CREATE TRIGGER.
   *
   * @example
   * op.createTrigger({
   *   name: "users_touch", table: "users", timing: "after", event: "update", of: ["email"],
   *   body: "UPDATE users SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id",
   * });
   */
  createTrigger(trigger: TriggerParts | TriggerDefinition | SqlText, options?: CreateOptions): void;
  dropTrigger(trigger: string, options?: DropOptions<TriggerParts | TriggerDefinition | SqlText>): void;
  /**
   * Creates a view from its parts, or from a complete CREATE VIEW.
   *
   * @example
   * op.createView({ name: "active_users", as: "SELECT * FROM users WHERE active" });
   */
  createView(view: ViewParts | ViewDefinition | SqlText, options?: CreateOptions): void;
  dropView(view: string, options?: DropOptions<ViewParts | ViewDefinition | SqlText>): void;
  /**
   * Runs one SQL statement as it stands, with a value for every `?`.
   *
   * @example
   * op.execute("UPDATE users SET role = ? WHERE role IS NULL", ["reader"]);
   */
  execute(sql: SqlText, params?: readonly InputValue[], options?: ExecuteOptions): void;
  /** Runs the statements of a script, in order; none of them may have parameters. */
  executeScript(sql: SqlText): void;
  /**
   * Changes rows with one UPDATE, which works on every engine and offline.
   *
   * @example
   * op.updateRows("users", { set: { role: "reader", name: sql`trim(name)` }, where: "role IS NULL" });
   */
  updateRows(table: string, options: SetRowsOptions): void;
  /**
   * Reads rows in chunks, in the order of their rowid or primary key, and writes what `map` returns for each.
   * Must be awaited; needs an engine with interactive transactions, as `query` does.
   *
   * @returns the number of rows that `map` returned values for.
   * @throws {SKM_UNSUPPORTED} the rows of the table cannot be told apart: a view or a virtual table.
   * @throws {TypeError} `map` returns no object, or a value for a column of the key.
   * @example
   * await op.updateRows("users", { columns: ["email"], map: ({ email }) => ({ domain: String(email).split("@")[1] ?? null }) });
   */
  updateRows(table: string, options: MapRowsOptions): Promise<number>;
  /**
   * Fails the revision with SKM_REQUIREMENT unless the SELECT gives a true value when its turn comes. At the
   * head of a revision it is checked before anything of the revision runs.
   *
   * @example
   * op.require("SELECT count(*) < 1000000 FROM logs", "archive the logs first");
   */
  require(sql: SqlText, message: string): void;
  /**
   * Fails the revision with SKM_REQUIREMENT when the table is empty.
   *
   * @example
   * op.requireRows("artifacts", { ifRowsIn: "group_artifacts" });
   */
  requireRows(table: string, options?: RequireRowsOptions): void;
  /**
   * Inserts rows with as few statements as the engine allows. All rows have the same columns.
   *
   * @example
   * op.bulkInsert("roles", [{ id: 1, name: "reader" }, { id: 2, name: "writer" }]);
   */
  bulkInsert(table: string, rows: readonly InputRow[], options?: BulkInsertOptions): void;
  /**
   * Runs what is recorded so far, then this statement, and returns its rows. Must be awaited.
   *
   * @throws {SKM_SQL_COLUMNS} two columns of the result have the same name.
   * @example
   * const users = await op.query("SELECT id, email FROM users WHERE email LIKE ?", ["%@example.com"]);
   */
  query(sql: SqlText, params?: readonly InputValue[]): Promise<readonly Row[]>;
}
