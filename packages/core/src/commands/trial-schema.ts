import type { Operation } from "../ops/operation.ts";
import { listTouched, type Touch } from "../plan/touched-objects.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";

/** Folded names of tables. */
export type TableNames = ReadonlySet<string>;

/** Two schemas, and the operations that lead from one to the other. */
export interface Way {
  readonly from: DatabaseSchema;
  readonly to: DatabaseSchema;
  readonly operations: readonly Operation[];
}

/**
 * Finds the tables that a way from one schema to another can touch, or be touched by: those that its operations
 * name, whatever foreign keys connect with them, and what views, triggers and virtual tables mention, as ALTER TABLE
 * reads all of these again. No statement on this way reads, writes or checks any other table, so that it runs in a
 * database without them as it would beside them; and that no other table differs has been found by comparing them.
 */
export function listTrialTables({ from, to, operations }: Way): TableNames {
  const all = [...from.tables, ...to.tables];
  const names = new Set(operations.flatMap(listTouched).flatMap((touch) => tablesOf(touch, all)));
  for (const name of mentionedTables([from, to])) names.add(name);
  const links = linksOf(all);
  // Grows while it is walked: a set gives what is added to it, too.
  for (const name of names) for (const other of links.get(name) ?? []) names.add(other);
  return names;
}

/** An index of the same name may be on one table before and on another afterwards. */
function tablesOf({ kind, name }: Touch, tables: readonly InspectedTable[]): readonly string[] {
  if (kind === "table") return [foldName(name)];
  if (kind !== "index") return [];
  const index = foldName(name);
  return tables
    .filter(({ indexes }) => indexes.some((one) => foldName(one.name) === index))
    .map((table) => foldName(table.name));
}

/** The schema without other tables; with all views and triggers. */
export function selectTables(schema: DatabaseSchema, names: TableNames): DatabaseSchema {
  return { ...schema, tables: schema.tables.filter(({ name }) => names.has(foldName(name))) };
}

/** Virtual tables themselves, and every name in the texts of them, of views and of triggers, whatever it means. */
function mentionedTables(schemas: readonly DatabaseSchema[]): TableNames {
  const names = new Set<string>();
  for (const { tables, views, triggers } of schemas) {
    const virtual = tables.filter(({ kind }) => kind === "virtual");
    for (const { name } of virtual) names.add(foldName(name));
    for (const { table } of triggers) names.add(foldName(table));
    for (const { sql } of [...virtual, ...views, ...triggers]) addNames(sql, names);
  }
  return names;
}

function addNames(sql: string, names: Set<string>): void {
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    // SQLite takes a string for a name in some places.
    if (token.kind === "word" || token.kind === "quoted" || token.kind === "string")
      names.add(foldName(unquoteToken(sql, token)));
  }
}

/** Foreign keys, in both directions. */
function linksOf(tables: readonly InspectedTable[]): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const known = links.get(from);
    if (known === undefined) links.set(from, [to]);
    else known.push(to);
  };
  for (const { name, foreignKeys } of tables) {
    for (const { table } of foreignKeys) {
      add(foldName(name), foldName(table));
      add(foldName(table), foldName(name));
    }
  }
  return links;
}
