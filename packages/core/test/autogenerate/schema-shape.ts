import type { Database } from "better-sqlite3";

const rows = (database: Database, sql: string, ...params: readonly string[]): readonly unknown[] =>
  database
    .prepare(sql)
    .raw()
    .all(...params);

/**
 * What SQLite says about a schema, in a form that is equal for equal schemas: made without the code under
 * test, from PRAGMAs and the words of the texts.
 */
export function shapeOf(database: Database): unknown {
  const objects = database
    .prepare<[], { readonly type: string; readonly name: string; readonly sql: string }>(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY name",
    )
    .all();
  return objects.map(({ type, name, sql }) => ({
    type,
    name,
    ...(type === "table" ? shapeOfTable(database, name, sql) : { words: words(sql) }),
  }));
}

function shapeOfTable(database: Database, name: string, sql: string): object {
  const text = words(sql);
  const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
  return {
    options: rows(database, "SELECT wr, strict FROM pragma_table_list(?) WHERE schema = 'main'", name),
    columns: rows(
      database,
      // A rowid is never NULL, whether that is said or not.
      `SELECT name, type, iif(pk > 0 AND type = 'INTEGER', 0, "notnull"), nullif(ltrim(rtrim(dflt_value, ')'), '('), 'NULL'), pk, hidden
       FROM pragma_table_xinfo(?) ORDER BY name`,
      name,
    ),
    keys: rows(
      database,
      `SELECT "table", "from", coalesce("to", 'id'), on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY 1, 2, 3, 4, 5`,
      name,
    ),
    indexes: rows(
      database,
      `SELECT iif(origin = 'c', l.name, ''), l."unique", origin, partial,
         (SELECT group_concat(concat_ws(' ', x.name, "desc", coll)) FROM pragma_index_xinfo(l.name) x WHERE x.key) AS columns
       FROM pragma_index_list(?) l ORDER BY 1, 2, 3, 4, 5`,
      name,
    ),
    counts: [/\bcheck\b/g, /\bautoincrement\b/g, /\bcollate nocase\b/g, /\bas \(/g].map(count),
  };
}

/** The text in small letters, without quotes of names, and with one space between words. */
function words(sql: string): string {
  return sql.replaceAll('"', "").replaceAll(/\s+/g, " ").replaceAll(/\(\s+/g, "(").toLowerCase();
}
