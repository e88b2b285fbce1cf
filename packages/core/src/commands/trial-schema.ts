import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";

/** Folded names of tables. */
export type TableNames = ReadonlySet<string>;

/**
 * Finds the tables that a way from one schema to another can touch, or be touched by: those that are not the same
 * by their texts, whatever foreign keys connect with them, and what views, triggers and virtual tables mention, as
 * ALTER TABLE reads all of these again. No statement on this way reads, writes or checks any other table, so that
 * it runs in a database without them as it would beside them.
 */
export function listTrialTables(from: DatabaseSchema, to: DatabaseSchema): TableNames {
  const [left, right] = [byName(from.tables), byName(to.tables)];
  const all = [...from.tables, ...to.tables];
  const names = new Set(
    all
      .filter(({ kind }) => kind !== "shadow")
      .filter(({ name }) => !haveSameTexts(left.get(foldName(name)), right.get(foldName(name))))
      .map(({ name }) => foldName(name)),
  );
  for (const name of mentionedTables([from, to])) names.add(name);
  const links = linksOf(all);
  // Grows while it is walked: a set gives what is added to it, too.
  for (const name of names) for (const other of links.get(name) ?? []) names.add(other);
  return names;
}

/** The schema without other tables; with all views and triggers. */
export function selectTables(schema: DatabaseSchema, names: TableNames): DatabaseSchema {
  return { ...schema, tables: schema.tables.filter(({ name }) => names.has(foldName(name))) };
}

const byName = (tables: readonly InspectedTable[]): ReadonlyMap<string, InspectedTable> =>
  new Map(tables.map((table) => [foldName(table.name), table]));

/** SQLite derives everything about a table from these texts (schematab.html). */
function haveSameTexts(one: InspectedTable | undefined, other: InspectedTable | undefined): boolean {
  if (one === undefined || other === undefined || one.sql !== other.sql) return false;
  const texts = new Set(one.indexes.flatMap(({ sql }) => sql ?? []));
  const others = other.indexes.flatMap(({ sql }) => sql ?? []);
  return texts.size === others.length && others.every((sql) => texts.has(sql));
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
