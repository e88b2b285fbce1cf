import type { Executor } from "../driver/driver.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import {
  buildSchema,
  isOwnedBySqlite,
  kindsSql,
  objectsSql,
  readAll,
  tableQueries,
  toObject,
  type SchemaObject,
} from "./read-schema.ts";

export type SchemaReader = (executor: Executor) => Promise<DatabaseSchema>;

interface KnownTable {
  readonly texts: string;
  readonly table: InspectedTable;
}

const mostKnown = 20_000;

/**
 * Makes a reader that remembers what it read, of one database or of several of one engine: as long as the texts in
 * `sqlite_schema` are the same, from which SQLite derives everything else, reading again is one query and gives the
 * same object; otherwise only the tables are asked about whose texts are new.
 */
export function createSchemaReader(): SchemaReader {
  let last: { readonly objects: readonly SchemaObject[]; readonly schema: DatabaseSchema } | undefined;
  const known = new Map<string, KnownTable>();
  return async (executor) => {
    const [found = []] = await readAll(executor, [{ sql: objectsSql }]);
    const objects = found.map(toObject);
    if (last !== undefined && haveSameTexts(last.objects, objects)) return last.schema;
    const texts = textsOfTables(objects);
    const findKnown = (name: string): InspectedTable | undefined => {
      const entry = known.get(foldName(name));
      return entry?.texts === texts.get(name) ? entry?.table : undefined;
    };
    const fresh = [...texts.keys()].filter((name) => findKnown(name) === undefined);
    const queries = [{ sql: kindsSql }, ...queriesFor(fresh, texts.size)];
    const schema = buildSchema([found, ...(await readAll(executor, queries))], findKnown);
    last = { objects, schema };
    // A process that reads many databases does not remember them all.
    if (known.size > mostKnown) known.clear();
    for (const table of schema.tables)
      known.set(foldName(table.name), { texts: texts.get(table.name) ?? "", table });
    return schema;
  };
}

/** All in one go, unless it is a smaller part. */
function queriesFor(fresh: readonly string[], total: number) {
  if (fresh.length === 0) return [];
  return fresh.length * 2 > total ? tableQueries() : tableQueries(fresh);
}

function haveSameTexts(before: readonly SchemaObject[], now: readonly SchemaObject[]): boolean {
  if (before.length !== now.length) return false;
  return now.every(({ type, name, table, sql }, index) => {
    const other = before[index];
    return other?.sql === sql && other.name === name && other.type === type && other.table === table;
  });
}

/** By the name of each table, what it and its indexes are made of. */
function textsOfTables(objects: readonly SchemaObject[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { type, name, sql } of objects) {
    if (type === "table" && !isOwnedBySqlite(name)) texts.set(name, sql ?? "");
  }
  for (const { type, name, table, sql } of objects) {
    const own = type === "index" ? texts.get(table) : undefined;
    // NUL is in no text that SQLite has read.
    if (own !== undefined) texts.set(table, `${own}\0${name}\0${sql ?? ""}`);
  }
  return texts;
}
