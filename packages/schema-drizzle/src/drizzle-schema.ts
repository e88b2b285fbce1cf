import { is } from "drizzle-orm";
import { getTableConfig, getViewConfig, SQLiteTable, SQLiteView } from "drizzle-orm/sqlite-core";
import type { SchemaDefinition, ViewParts } from "@skillmeat/migrate-core";
import { indexesOf } from "./indexes-of.ts";
import { sqlText } from "./sql-text.ts";
import { tableOf } from "./table-of.ts";

/**
 * Reads the tables, indexes and views of a Drizzle schema: the exports of its modules. It declares what
 * `drizzle-kit` would create, so that a database made by it has nothing to change.
 *
 * @throws {TypeError} a default or an expression cannot be written as SQL.
 * @example
 * const users = sqliteTable("users", { id: integer("id").primaryKey() });
 *
 * export default drizzleSchema({ users });
 */
export function drizzleSchema(...modules: readonly Readonly<Record<string, unknown>>[]): SchemaDefinition {
  const found = new Set(modules.flatMap((module) => Object.values(module)));
  const tables = [...found].filter((value) => is(value, SQLiteTable)).map((table) => getTableConfig(table));
  return {
    tables: tables.map(tableOf),
    indexes: tables.flatMap(indexesOf),
    views: [...found].flatMap((value) => (is(value, SQLiteView) ? viewOf(value) : [])),
  };
}

function viewOf(view: SQLiteView): readonly ViewParts[] {
  const { name, isExisting, query } = getViewConfig(view);
  return isExisting || query === undefined ? [] : [{ name, as: sqlText(query) }];
}
