import type { Executor } from "../driver/driver.ts";
import { lockTable } from "../version/courtesy-lock.ts";
import { foldName } from "../schema/table-definition.ts";

/** An entry of the schema table that a CREATE statement made. */
export interface SchemaObject {
  readonly type: "table" | "index" | "view" | "trigger";
  readonly name: string;
  /** The table or view that it belongs to; its own name for those. */
  readonly table: string;
  readonly sql: string;
  /** `"shadow"`: made by the virtual table it stores the content of. */
  readonly kind: "ordinary" | "virtual" | "shadow";
}

/** Tables that an engine or a server keeps for itself. The courtesy lock means nothing in another place either. */
const owned = /^(?:sqlite_|libsql_|_cf_)/;

const objectsSql = `SELECT s.type, s.name, s.tbl_name, s.sql, l.type
FROM sqlite_schema AS s LEFT JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name AND s.type = 'table'
WHERE s.sql IS NOT NULL ORDER BY s.rowid`;

/** Reads what was created in the main database, in the order of creation, without what the engine owns. */
export async function readObjects(executor: Executor): Promise<readonly SchemaObject[]> {
  const { rows } = await executor.query({ sql: objectsSql });
  return rows
    .map(([type, name, table, sql, kind]): SchemaObject => {
      return {
        type: readType(type),
        name: String(name),
        table: String(table),
        sql: String(sql),
        kind: kind === "virtual" || kind === "shadow" ? kind : "ordinary",
      };
    })
    .filter(({ name, table }) => !isOwned(foldName(name)) && !isOwned(foldName(table)));
}

/** Ordinary tables that bear such a name; SQLite's own apart, which are copied in other ways. */
export async function readLeftOut(executor: Executor): Promise<readonly string[]> {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage <> 0 ORDER BY rowid";
  const names = (await executor.query({ sql })).rows.map(([name]) => String(name));
  return names.filter((name) => owned.test(foldName(name)) && !foldName(name).startsWith("sqlite_"));
}

function isOwned(name: string): boolean {
  return owned.test(name) || name === lockTable;
}

function readType(type: unknown): SchemaObject["type"] {
  if (type === "index" || type === "view" || type === "trigger") return type;
  return "table";
}
