import { getTableName, is, SQL } from "drizzle-orm";
import { type getTableConfig, type SQLiteColumn, SQLiteBaseInteger } from "drizzle-orm/sqlite-core";
import {
  type ColumnDefinition,
  type ForeignKeyDefinition,
  type LiteralValue,
  type SqlFragment,
  type TableDefinition,
} from "@skillmeat/migrate-core";
import { columnSqlText } from "./sql-text.ts";

export type TableConfig = ReturnType<typeof getTableConfig>;

/** Names of keys do not stand there: `drizzle-kit` leaves them out of the database, too. */
export function tableOf({ name, columns, primaryKeys, foreignKeys, checks }: TableConfig): TableDefinition {
  const [key] = primaryKeys;
  return {
    name,
    columns: columns.map(columnOf),
    ...(key === undefined ? {} : { primaryKey: key.columns.map((column) => column.name) }),
    foreignKeys: foreignKeys.map(foreignKeyOf),
    checks: checks.map((check) => ({ name: check.name, expression: columnSqlText(check.value) })),
  };
}

type ForeignKey = TableConfig["foreignKeys"][number];

function foreignKeyOf({ reference, onDelete, onUpdate }: ForeignKey): ForeignKeyDefinition {
  const { columns, foreignTable, foreignColumns } = reference();
  return {
    columns: columns.map((column) => column.name),
    references: {
      table: getTableName(foreignTable),
      columns: foreignColumns.map((column) => column.name),
      ...(onDelete === undefined ? {} : { onDelete }),
      ...(onUpdate === undefined ? {} : { onUpdate }),
    },
  };
}

function columnOf(column: SQLiteColumn): ColumnDefinition {
  const { name, primary, notNull } = column;
  const isCounting = is(column, SQLiteBaseInteger) && column.autoIncrement;
  return {
    name,
    type: column.getSQLType().toUpperCase(),
    nullable: !notNull,
    ...(primary ? { primaryKey: isCounting ? { autoincrement: true } : true } : {}),
    ...defaultOf(column),
    ...generatedOf(column),
  };
}

/** A default that Drizzle computes (`$defaultFn`) is none of the database. */
function defaultOf(column: SQLiteColumn): { readonly default?: LiteralValue | SqlFragment } {
  const value: unknown = column.default;
  if (value === undefined || value === null) return {};
  if (is(value, SQL)) return { default: fragment(columnSqlText(value)) };
  return { default: literalOf(column, column.mapToDriverValue(value)) };
}

function literalOf(column: SQLiteColumn, value: unknown): LiteralValue {
  if (isLiteral(value)) return value;
  throw new TypeError(`the default of column "${column.name}" cannot be written as SQL`);
}

function isLiteral(value: unknown): value is LiteralValue {
  return ["string", "number", "bigint", "boolean"].includes(typeof value) || value instanceof Uint8Array;
}

function generatedOf({ generated, name }: SQLiteColumn): Pick<ColumnDefinition, "generated"> {
  if (generated === undefined) return {};
  const as: unknown = typeof generated.as === "function" ? generated.as() : generated.as;
  if (!is(as, SQL)) throw new TypeError(`column "${name}" is generated as something that is no SQL`);
  return { generated: { as: columnSqlText(as), stored: generated.mode === "stored" } };
}

const fragment = (text: string): SqlFragment => ({ kind: "sql", text });
