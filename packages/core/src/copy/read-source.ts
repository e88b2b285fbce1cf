import type { Connection, Executor } from "../driver/driver.ts";
import type { QueryResult, SqlValue, Statement } from "../driver/statement.ts";
import { planTables } from "./plan-tables.ts";
import { listRebuilds, readIndexSettings } from "./plan-virtual-table.ts";
import { readLeftOut, readObjects, type SchemaObject } from "./schema-object.ts";
import type { TablePlan } from "./table-plan.ts";
import { readEncoding, type TextEncoding } from "./text-encoding.ts";

/** Everything about a source but its rows, as of one snapshot. */
export interface Source {
  readonly objects: readonly SchemaObject[];
  /** Names of tables that are not copied. */
  readonly leftOut: readonly string[];
  readonly tables: readonly TablePlan[];
  /** Settings of virtual tables, to be written before their rows. */
  readonly indexSettings: readonly Statement[];
  /** Statements that fill virtual tables from others. */
  readonly rebuilds: readonly Statement[];
  readonly userVersion: number;
  readonly applicationId: number;
  /** The rows of `sqlite_sequence`. */
  readonly sequences: QueryResult["rows"];
  /** The rows of `sqlite_stat1`. */
  readonly statistics: QueryResult["rows"];
  readonly encoding: TextEncoding;
  /** How the file is laid out; `undefined` for a server, which decides that itself. */
  readonly file: FileSettings | undefined;
}

export interface FileSettings {
  /** Absolute; empty for a database in memory. */
  readonly path: string;
  readonly pageSize: number;
  readonly autoVacuum: number;
  readonly isWal: boolean;
}

/** @throws {MigrationError} SKM_UNSUPPORTED: something cannot be copied; nothing has been written then. */
export async function readSource(snapshot: Executor, connection: Connection): Promise<Source> {
  const objects = await readObjects(snapshot);
  const isFile = connection.capabilities.lock !== "server";
  return {
    objects,
    leftOut: await readLeftOut(snapshot),
    tables: await planTables(snapshot, objects),
    indexSettings: await readIndexSettings(snapshot, objects),
    rebuilds: listRebuilds(objects),
    userVersion: await readNumber(snapshot, "SELECT user_version FROM pragma_user_version"),
    applicationId: await readNumber(snapshot, "SELECT application_id FROM pragma_application_id"),
    sequences: await readOwnTable(snapshot, "sqlite_sequence", "name, seq"),
    statistics: await readOwnTable(snapshot, "sqlite_stat1", "tbl, idx, stat"),
    encoding: isFile ? readEncoding(await readFirst(snapshot, "PRAGMA encoding")) : "UTF-8",
    file: isFile ? await readFileSettings(snapshot) : undefined,
  };
}

async function readFileSettings(snapshot: Executor): Promise<FileSettings> {
  return {
    path: await readFilePath(snapshot),
    pageSize: await readNumber(snapshot, "PRAGMA page_size"),
    autoVacuum: await readNumber(snapshot, "PRAGMA auto_vacuum"),
    isWal: (await readFirst(snapshot, "PRAGMA journal_mode")) === "wal",
  };
}

/** The path of the main database; empty for one in memory. */
export async function readFilePath(executor: Executor): Promise<string> {
  const path = await readFirst(executor, "SELECT file FROM pragma_database_list WHERE name = 'main'");
  return typeof path === "string" ? path : "";
}

/** A table that SQLite makes when it is needed. */
async function readOwnTable(snapshot: Executor, name: string, columns: string): Promise<QueryResult["rows"]> {
  const exists = await readNumber(snapshot, `SELECT count(*) FROM sqlite_schema WHERE name = '${name}'`);
  if (exists === 0) return [];
  return (await snapshot.query({ sql: `SELECT ${columns} FROM ${name} ORDER BY rowid` })).rows;
}

async function readNumber(executor: Executor, sql: string): Promise<number> {
  return Number((await readFirst(executor, sql)) ?? 0);
}

/** The first value of the first row. */
export async function readFirst(executor: Executor, sql: string): Promise<SqlValue | undefined> {
  return (await executor.query({ sql })).rows[0]?.[0];
}
