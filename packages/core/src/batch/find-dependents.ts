import type { DatabaseSchema, InspectedTrigger, InspectedView } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { isOperator, isWord } from "../sql/statement-span.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import { mentionsAny, mentionsName } from "./mentions.ts";

/** The views and triggers that depend on a table, in the order of creation. */
export interface Dependents {
  readonly views: readonly InspectedView[];
  readonly triggers: readonly InspectedTrigger[];
}

/**
 * Finds the views and triggers whose text has the name of a table, or of a view that does. A name that
 * means something else there costs a needless DROP and CREATE, never a loss.
 */
export function dependentsOf(schema: DatabaseSchema, table: string): Dependents {
  const names = new Set([foldName(table)]);
  for (let size = 0; size !== names.size;) {
    size = names.size;
    for (const view of schema.views) if (mentionsAny(view.sql, names)) names.add(foldName(view.name));
  }
  return {
    views: schema.views.filter((view) => names.has(foldName(view.name))),
    triggers: schema.triggers.filter((trigger) => mentionsAny(trigger.sql, names)),
  };
}

/**
 * The triggers to drop and create again with these: all of a table that has one of them, because SQLite
 * fires the triggers of a table in the order of their creation.
 */
export function withSiblings(
  schema: DatabaseSchema,
  triggers: readonly InspectedTrigger[],
): readonly InspectedTrigger[] {
  const tables = new Set(triggers.map((trigger) => foldName(trigger.table)));
  return schema.triggers.filter((trigger) => tables.has(foldName(trigger.table)));
}

/**
 * The virtual tables that read their content from a table by the names of its columns
 * (fts5.html#external_content_tables), of which SQLite itself knows nothing.
 */
export function contentReaders({ tables }: DatabaseSchema, table: string, column: string): readonly string[] {
  return tables
    .filter(({ kind, sql }) => kind === "virtual" && readsContent(sql, table) && mentionsName(sql, column))
    .map(({ name }) => name);
}

/** The virtual tables that read a table by its rowid. */
export function rowidReaders({ tables }: DatabaseSchema, table: string): readonly string[] {
  return tables
    .filter(({ kind, sql }) => kind === "virtual" && readsContent(sql, table))
    .filter(({ sql }) => !mentionsName(sql, "content_rowid"))
    .map(({ name }) => name);
}

/** `content = table` among the arguments. */
function readsContent(sql: string, table: string): boolean {
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    const equals = isWord(sql, token, "CONTENT") ? nextToken(sql, token.end) : undefined;
    const value = isOperator(sql, equals, "=") ? nextToken(sql, equals?.end ?? sql.length) : undefined;
    if (value !== undefined && isSameName(unquoteToken(sql, value), table)) return true;
  }
  return false;
}
