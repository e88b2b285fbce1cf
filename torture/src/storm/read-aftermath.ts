import { existsSync } from "node:fs";
import { openExisting, readRows, type Database } from "../engine.ts";
import { appliedTable, applicationTable } from "./storm-revisions.ts";

/** What a storm left in the database. */
export interface Aftermath {
  readonly heads: readonly string[];
  /** One entry for each time that a revision was applied. */
  readonly applied: readonly string[];
  readonly applicationRows: readonly number[];
  readonly integrity: string;
}

/** Reads with the bare engine; a file that nobody came to create is an empty one. */
export function readAftermath(path: string): Aftermath {
  if (!existsSync(path)) return { heads: [], applied: [], applicationRows: [], integrity: "ok" };
  const database = openExisting(path);
  try {
    const names = readRows(database, "SELECT name FROM sqlite_schema WHERE type = 'table'").map(String);
    const tables = new Set(names);
    const column = (table: string, expression: string): readonly string[] =>
      tables.has(table) ? readColumn(database, table, expression) : [];
    return {
      heads: column("alembic_version", "version_num"),
      applied: column(appliedTable, "revision"),
      applicationRows: column(applicationTable, "id").map(Number),
      integrity: readRows(database, "PRAGMA integrity_check").map(String).join("; "),
    };
  } finally {
    database.close();
  }
}

function readColumn(database: Database, table: string, expression: string): readonly string[] {
  return readRows(database, `SELECT ${expression} FROM ${table} ORDER BY 1`).map(String);
}
