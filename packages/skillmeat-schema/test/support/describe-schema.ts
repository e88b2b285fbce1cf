import Database from "better-sqlite3";

export interface SchemaDescription {
  readonly objects: readonly { readonly type: string; readonly name: string; readonly tbl_name: string }[];
  readonly tables: Readonly<Record<string, unknown>>;
  readonly checks: Readonly<Record<string, readonly string[]>>;
  readonly triggers: Readonly<Record<string, string>>;
}

/** One SQL text as a list of words, so that line breaks and indentation do not count. */
export const words = (sql: string): string =>
  sql
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/\s*([(),;])\s*/gu, "$1")
    .trim();

/** Reads what SQLite says about every table of a database, object for object, in a comparable form. */
export function describeSchema(path: string): SchemaDescription {
  const database = new Database(path, { readonly: true });
  try {
    const objects = database
      .prepare<[], { type: string; name: string; tbl_name: string; sql: string | null }>(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
      )
      .all();
    const tables = objects.filter((object) => object.type === "table");
    return {
      objects: objects.map(({ type, name, tbl_name }) => ({ type, name, tbl_name })),
      tables: Object.fromEntries(tables.map((table) => [table.name, describeTable(database, table.name)])),
      checks: Object.fromEntries(tables.map((table) => [table.name, findChecks(table.sql ?? "")])),
      triggers: Object.fromEntries(
        objects
          .filter((object) => object.type === "trigger")
          .map((object) => [object.name, words(object.sql ?? "")]),
      ),
    };
  } finally {
    database.close();
  }
}

function describeTable(database: Database.Database, table: string) {
  const indexes = database
    .prepare<[string], { name: string; unique: number; origin: string; partial: number }>(
      'SELECT name, "unique", origin, partial FROM pragma_index_list(?) ORDER BY name',
    )
    .all(table);
  return {
    columns: database.prepare("SELECT * FROM pragma_table_xinfo(?)").all(table),
    foreignKeys: database.prepare("SELECT * FROM pragma_foreign_key_list(?)").all(table),
    list: database.prepare("SELECT type, ncol, wr, strict FROM pragma_table_list(?)").get(table),
    indexes: indexes.map((index) => ({
      ...index,
      columns: database.prepare("SELECT * FROM pragma_index_xinfo(?)").all(index.name),
    })),
  };
}

const findChecks = (sql: string): readonly string[] =>
  Array.from(words(sql).matchAll(/CONSTRAINT \S+ CHECK\(.*?\)\)/gu), ([text]) => text).toSorted();
