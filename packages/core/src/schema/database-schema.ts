import type { ForeignKeyAction } from "./constraint-definition.ts";

/** A column as PRAGMA table_xinfo tells it (pragma.html#pragma_table_xinfo). */
export interface InspectedColumn {
  readonly name: string;
  /** The declared type, `""` without one. */
  readonly type: string;
  readonly notNull: boolean;
  /** The default as SQL, or `null` without one. */
  readonly default: string | null;
  /** Position in the primary key from 1, or 0. */
  readonly primaryKey: number;
  readonly generated: "no" | "virtual" | "stored";
}

/** A foreign key as PRAGMA foreign_key_list tells it. */
export interface InspectedForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  /** `undefined`: the primary key of the other table. */
  readonly references: readonly string[] | undefined;
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
}

/** An index, also one that SQLite made by itself for a UNIQUE or PRIMARY KEY. */
export interface InspectedIndex {
  readonly name: string;
  readonly table: string;
  readonly unique: boolean;
  readonly partial: boolean;
  readonly origin: "create" | "unique" | "primaryKey";
  readonly columns: readonly InspectedIndexColumn[];
  /** CREATE INDEX as stored, or `null` for one that SQLite made. */
  readonly sql: string | null;
}

export interface InspectedIndexColumn {
  /** `null` for an expression. */
  readonly name: string | null;
  readonly descending: boolean;
  readonly collation: string;
}

export interface InspectedTable {
  readonly name: string;
  /** `"virtual"` tables are made by a module; `"shadow"` tables hold what a virtual table stores. */
  readonly kind: "table" | "virtual" | "shadow";
  /** CREATE TABLE as stored. */
  readonly sql: string;
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  readonly columns: readonly InspectedColumn[];
  readonly foreignKeys: readonly InspectedForeignKey[];
  readonly indexes: readonly InspectedIndex[];
}

export interface InspectedTrigger {
  readonly name: string;
  /** The table or view it watches. */
  readonly table: string;
  readonly sql: string;
}

export interface InspectedView {
  readonly name: string;
  readonly sql: string;
}

/** What a database holds, each list in the order of creation (rowid of `sqlite_schema`). */
export interface DatabaseSchema {
  readonly tables: readonly InspectedTable[];
  readonly triggers: readonly InspectedTrigger[];
  readonly views: readonly InspectedView[];
  /** Every name in use, SQLite's own tables included. */
  readonly names: readonly string[];
  /** Names of temporary tables and views, which hide those of the main database from every statement. */
  readonly temporary: readonly string[];
}
