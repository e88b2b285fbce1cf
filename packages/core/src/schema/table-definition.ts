import type { ColumnDefinition, ColumnPrimaryKey } from "./column-definition.ts";
import type {
  CheckDefinition,
  ForeignKeyDefinition,
  KeyColumn,
  KeyColumnDefinition,
  PrimaryKeyDefinition,
  UniqueDefinition,
} from "./constraint-definition.ts";
import { isSqlFragment, type SqlText } from "./sql-fragment.ts";

/**
 * One table, the same whether an author declares it, the inspector reads it from a database or autogenerate
 * compares it. Indexes, triggers and views are objects of their own.
 */
export interface TableDefinition {
  readonly name: string;
  /** In the order of the table. */
  readonly columns: readonly ColumnDefinition[];
  /** For several columns, or for a constraint written after the columns; a list of columns is the short form. */
  readonly primaryKey?: readonly KeyColumn[] | PrimaryKeyDefinition;
  readonly uniques?: readonly (readonly KeyColumn[] | UniqueDefinition)[];
  readonly checks?: readonly (SqlText | CheckDefinition)[];
  readonly foreignKeys?: readonly ForeignKeyDefinition[];
  /** Values must have the type of their column (stricttables.html). */
  readonly strict?: boolean;
  /** The primary key is the table's only key (withoutrowid.html). */
  readonly withoutRowid?: boolean;
}

/** The full form of a column's `primaryKey`, or `undefined` when it is not one. */
export function columnPrimaryKeyOf(column: ColumnDefinition): ColumnPrimaryKey | undefined {
  if (column.primaryKey === undefined || column.primaryKey === false) return undefined;
  return column.primaryKey === true ? {} : column.primaryKey;
}

/** The full form of the table-level primary key, or `undefined` when a column carries it or there is none. */
export function primaryKeyOf(table: Pick<TableDefinition, "primaryKey">): PrimaryKeyDefinition | undefined {
  const { primaryKey } = table;
  if (primaryKey === undefined) return undefined;
  return "columns" in primaryKey ? primaryKey : { columns: primaryKey };
}

/** The full forms of the table-level UNIQUE constraints. */
export function uniquesOf(table: Pick<TableDefinition, "uniques">): readonly UniqueDefinition[] {
  return (table.uniques ?? []).map((unique) => ("columns" in unique ? unique : { columns: unique }));
}

/** The full form of a CHECK. */
export function checkOf(check: SqlText | CheckDefinition): CheckDefinition {
  return typeof check === "string" || isSqlFragment(check) ? { expression: check } : check;
}

/** The full form of a column in a key. */
export function keyColumnOf(column: KeyColumn): KeyColumnDefinition {
  return typeof column === "string" ? { column } : column;
}

/** Tells whether two names are the same name to SQLite, which folds the case of ASCII letters only. */
export function isSameName(a: string, b: string): boolean {
  return a === b || foldName(a) === foldName(b);
}

/** The name as SQLite compares it: ASCII letters in lower case, everything else untouched. */
export function foldName(name: string): string {
  if (!capitals.test(name)) return name;
  return name.replaceAll(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

/** Most names have none, and this is asked for every name of a schema. */
const capitals = /[A-Z]/u;

/** The names of the primary-key columns in key order, whichever way the key is written. */
export function primaryKeyColumnsOf(
  table: Pick<TableDefinition, "primaryKey" | "columns">,
): readonly string[] {
  const key = primaryKeyOf(table);
  if (key !== undefined) return key.columns.map((column) => keyColumnOf(column).column);
  const own = table.columns.find((column) => columnPrimaryKeyOf(column) !== undefined);
  return own === undefined ? [] : [own.name];
}

/**
 * Tells whether a column gets NOT NULL: when it says so, and as a column of the primary key unless it says
 * the opposite.
 */
export function isNotNull(column: ColumnDefinition, isKey: boolean): boolean {
  if (column.notNull !== undefined) return true;
  return column.nullable === undefined ? isKey : !column.nullable;
}
