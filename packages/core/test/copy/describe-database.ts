import Database from "better-sqlite3";

/** Everything that is in a database file, as text that tells all values apart. */
export function describeDatabase(path: string): Readonly<Record<string, unknown>> {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  const read = (sql: string): readonly (readonly unknown[])[] =>
    database.prepare<[], unknown[]>(sql).raw().safeIntegers().all();
  try {
    const objects = read(
      "SELECT s.type, s.name, s.sql FROM sqlite_schema AS s WHERE s.name NOT LIKE 'sqlite~_%' ESCAPE '~' AND s.name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY s.type, s.name",
    );
    const tables = objects.filter(([type]) => type === "table").map(([, name]) => String(name));
    return {
      objects,
      triggers: read("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid").flat(),
      rows: Object.fromEntries(tables.map((name) => [name, readTable(database, name)])),
      sequences: tableExists(read, "sqlite_sequence")
        ? read("SELECT name, seq FROM sqlite_sequence ORDER BY name, seq")
        : [],
      statistics: tableExists(read, "sqlite_stat1")
        ? read("SELECT * FROM sqlite_stat1 ORDER BY tbl, idx")
        : [],
      settings: [
        "user_version",
        "application_id",
        "encoding",
        "page_size",
        "auto_vacuum",
        "journal_mode",
      ].map((name) => [name, String(read(`PRAGMA ${name}`)[0])]),
      health: [
        ...read("PRAGMA integrity_check").flat(),
        ...read("SELECT count(*) FROM pragma_foreign_key_check").flat().map(String),
      ],
    };
  } finally {
    database.close();
  }
}

function tableExists(read: (sql: string) => readonly unknown[], name: string): boolean {
  return read(`SELECT 1 FROM sqlite_schema WHERE name = '${name}'`).length > 0;
}

/** Each value with its storage class and its bytes; the rowid too, where it can be named. */
function readTable(database: Database.Database, table: string): readonly string[] {
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const columns = database
    .prepare<[], string>(
      `SELECT name FROM pragma_table_xinfo('${table.replaceAll("'", "''")}') WHERE hidden <> 1`,
    )
    .pluck()
    .all();
  const withoutRowid = database
    .prepare<[string], number>("SELECT wr FROM pragma_table_list WHERE name = ?")
    .pluck()
    .get(table);
  const terms = [...columns.map(quote), ...(withoutRowid === 1 ? [] : ["_rowid_"])].map(
    (name) =>
      `typeof(${name}) || ' ' || CASE typeof(${name}) WHEN 'real' THEN printf('%!.20g', ${name}) ELSE hex(${name}) END`,
  );
  return database
    .prepare<[], string>(`SELECT ${terms.join(" || '|' || ")} AS line FROM ${quote(table)} ORDER BY 1`)
    .pluck()
    .all();
}
