import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { openExisting, readRows, type Database } from "../engine.ts";

/** All that a database says about itself, read by the bare engine: nothing here comes from the product. */
export interface DatabaseState {
  /** The rows of `sqlite_schema`, sorted, each as one text. */
  readonly objects: readonly string[];
  /** Table name to the digest of its rows. */
  readonly digests: Readonly<Record<string, string>>;
  /** The rows of `alembic_version`, sorted; `null` without the table. */
  readonly heads: readonly string[] | null;
  /** What `PRAGMA integrity_check` answers: `"ok"`, or the damage. */
  readonly integrity: string;
}

const empty: DatabaseState = Object.freeze({ objects: [], digests: {}, heads: null, integrity: "ok" });

/**
 * Reads a database file through a fresh connection, which also does what SQLite does after a crash: roll a
 * hot journal back, recover a WAL. A missing file is an empty database.
 */
export function readDatabaseState(path: string): DatabaseState {
  if (!existsSync(path)) return empty;
  const database = openExisting(path);
  try {
    return readOpenState(database);
  } finally {
    database.close();
  }
}

function readOpenState(database: Database): DatabaseState {
  const integrity = readRows(database, "PRAGMA integrity_check").map(String).join("; ");
  const schema = readRows(database, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2");
  const tables = schema.filter(([type]) => type === "table").map(([, name]) => String(name));
  const digests = Object.fromEntries(tables.map((table) => [table, digestRows(database, table)]));
  const heads = tables.includes("alembic_version")
    ? readRows(database, "SELECT version_num FROM alembic_version ORDER BY 1").map(String)
    : null;
  return { objects: schema.map((row) => JSON.stringify(row)), digests, heads, integrity };
}

function digestRows(database: Database, table: string): string {
  const hash = createHash("sha256");
  const rows = readRows(database, `SELECT * FROM "${table.replaceAll('"', '""')}"`).map(renderRow);
  for (const row of rows.toSorted()) hash.update(row).update("\n");
  return hash.digest("hex");
}

function renderRow(row: readonly unknown[]): string {
  return row.map((value) => `${typeof value}:${renderValue(value)}`).join("|");
}

/** What CURRENT_TIMESTAMP gives; two runs of the same revision differ in it. */
const moment = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u;

function renderValue(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  const text = String(value);
  return moment.test(text) ? "a moment" : JSON.stringify(text);
}

/**
 * Tells whether two states have the same objects, the same rows and the same heads. An empty version table
 * is as good as none: both mean base, and settling a failed COMMIT may leave one.
 */
export function isSameState(left: DatabaseState, right: DatabaseState): boolean {
  return JSON.stringify(comparable(left)) === JSON.stringify(comparable(right));
}

function comparable({ objects, digests, heads }: DatabaseState): unknown {
  const hasHeads = heads !== null && heads.length > 0;
  const counts = (table: string): boolean => hasHeads || table !== "alembic_version";
  return [
    objects.filter((object) => counts(tableOf(object))),
    Object.keys(digests)
      .filter(counts)
      .toSorted()
      .map((table) => [table, digests[table]]),
    hasHeads ? heads : [],
  ];
}

function tableOf(object: string): string {
  const [, , table = ""]: readonly string[] = JSON.parse(object);
  return table;
}
