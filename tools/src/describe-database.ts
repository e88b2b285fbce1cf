import { DatabaseSync } from "node:sqlite";

/** Everything that is in a database file, as text that tells all values apart. */
export interface DatabaseDescription {
  readonly objects: readonly unknown[];
  /** In the order of creation, in which they fire. */
  readonly triggers: readonly unknown[];
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly sequences: readonly unknown[];
  readonly statistics: readonly unknown[];
  readonly settings: Readonly<Record<string, string>>;
  /** What `integrity_check` says, and the number of broken foreign keys. */
  readonly health: readonly string[];
}

type Read = (sql: string) => readonly (readonly unknown[])[];

const objectsSql = `SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'
AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY type, name`;

const settings = ["user_version", "application_id", "encoding", "page_size", "auto_vacuum", "journal_mode"];

export function describeDatabase(path: string): DatabaseDescription {
  const database = new DatabaseSync(path, { readOnly: true });
  const read: Read = (sql) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement.all() as unknown as readonly (readonly unknown[])[];
  };
  try {
    const objects = read(objectsSql);
    const tables = objects.filter(([type]) => type === "table").map(([, name]) => String(name));
    return {
      objects,
      triggers: read("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid").flat(),
      rows: Object.fromEntries(tables.map((name) => [name, readTable(read, name)])),
      sequences: readOwn(read, "sqlite_sequence"),
      statistics: readOwn(read, "sqlite_stat1"),
      settings: Object.fromEntries(
        settings.map((name) => [name, String(read(`PRAGMA ${name}`)[0]?.[0])] as const),
      ),
      health: [
        ...read("PRAGMA integrity_check").flat().map(String),
        ...read("SELECT count(*) FROM pragma_foreign_key_check").flat().map(String),
      ],
    };
  } finally {
    database.close();
  }
}

function readOwn(read: Read, name: string): readonly unknown[] {
  const exists = read(`SELECT 1 FROM sqlite_schema WHERE name = '${name}'`).length > 0;
  return exists ? read(`SELECT * FROM ${name} ORDER BY 1, 2`) : [];
}

/** Each value with its storage class and its bytes; the rowid too, where it can be named. */
function readTable(read: Read, table: string): readonly string[] {
  const literal = `'${table.replaceAll("'", "''")}'`;
  const columns = read(`SELECT name FROM pragma_table_xinfo(${literal}) WHERE hidden <> 1`).flat();
  const [withoutRowid] = read(`SELECT wr FROM pragma_table_list WHERE name = ${literal}`).flat();
  const terms = [...columns.map((name) => quote(String(name))), ...(withoutRowid === 1n ? [] : ["_rowid_"])];
  const line = terms.map(
    (name) =>
      `typeof(${name}) || ' ' || CASE typeof(${name}) WHEN 'real' THEN printf('%!.20g', ${name}) ELSE hex(${name}) END`,
  );
  return read(`SELECT ${line.join(" || '|' || ")} FROM ${quote(table)} ORDER BY 1`)
    .flat()
    .map(String);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
