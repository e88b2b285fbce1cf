import type { SQL } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

/** The text of an expression, with its values as literals. */
export function sqlText(expression: SQL): string {
  return inlined(expression, undefined);
}

/** The text of an expression over one table: its columns stand there without the name of the table. */
export function columnSqlText(expression: SQL): string {
  return inlined(expression, "indexes");
}

function inlined(expression: SQL, source: "indexes" | undefined): string {
  const { sql, params } = new SQLiteSyncDialect().sqlToQuery(expression.inlineParams(), source);
  if (params.length === 0) return sql;
  throw new TypeError(`an expression of the schema has a parameter: ${sql}`);
}
