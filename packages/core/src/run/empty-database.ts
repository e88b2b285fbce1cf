import type { Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { lockTable } from "../version/courtesy-lock.ts";
import { readerTableName } from "../version/reader-table.ts";
import type { SessionOptions } from "./session.ts";

type OwnTables = Pick<SessionOptions, "versionTable" | "journal">;

const comment = "empty database";

/**
 * Whether a database holds nothing but what we, SQLite or a server keep for themselves, is in UTF-8 as a new one
 * is, and has no `user_version` that a revision could have looked at.
 */
export async function isEmptyDatabase(executor: Executor, own: OwnTables): Promise<boolean> {
  const { condition, params } = holdsSomething(own);
  const found = await executor.query({ sql: `SELECT ${condition}`, params });
  if (found.rows[0]?.[0] !== 0) return false;
  const [encoding] = (await executor.query({ sql: "PRAGMA encoding" })).rows;
  // A build that knows no other does not answer (sqlite.org/compile.html#omit_utf16).
  return encoding === undefined || encoding[0] === "UTF-8";
}

/** Fails, as plain SQL, in a database that holds something. On a server all text is UTF-8. */
export function assertEmptyDatabase(own: OwnTables): Statement {
  const { condition, params } = holdsSomething(own);
  return {
    sql: `SELECT CASE WHEN ${condition} THEN json('the database is not empty') END`,
    params,
    comment,
  };
}

export function isEmptinessGuard(statement: Statement | undefined): boolean {
  return statement?.comment === comment;
}

function holdsSomething({ versionTable, journal }: OwnTables) {
  const tables = [versionTable.name, journal?.name ?? versionTable.name, lockTable, readerTableName];
  return {
    condition: `EXISTS (SELECT 1 FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*' AND name NOT GLOB 'libsql_*' AND name NOT GLOB '_cf_*' AND NOT (type IN ('table', 'index') AND lower(tbl_name) IN (lower(?), lower(?), lower(?), lower(?)))) OR (SELECT user_version FROM pragma_user_version) <> 0`,
    params: tables,
  };
}
