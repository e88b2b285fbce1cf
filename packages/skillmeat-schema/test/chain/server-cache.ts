import { rmSync } from "node:fs";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import type { Driver, SqlValue, Statement } from "@skillmeat/migrate-core";
import { libsql } from "../../../driver-libsql/src/index.ts";
import { startSqld } from "../../../../tools/src/sqld/sqld-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { inspect } from "./open-chain.ts";
import { populate } from "./populate.ts";

/** A database on a server of its own. */
export interface ServerCache {
  readonly driver: () => Driver;
  /** Looks at a copy of the database as it is now, with the inspecting engine. */
  look<T>(task: (database: Database.Database) => T): T;
  /** Fills empty tables as `populate` does; tells which. */
  populate(counts: Readonly<Record<string, number>>): Promise<readonly string[]>;
  /** Runs statements in one transaction, with foreign keys suspended. */
  run(statements: readonly Statement[]): Promise<void>;
}

export async function startServerCache(): Promise<ServerCache> {
  const server = await startSqld();
  onTestFinished(async () => {
    await server.dispose();
  });
  const namespace = await server.createNamespace();
  const driver = (): Driver => libsql({ url: `http://${server.host}`, namespace });
  const directory = temporaryDirectory();
  let copies = 0;
  const look = <T>(task: (database: Database.Database) => T): T => {
    const path = join(directory, `${(copies += 1)}.db`);
    server.copyFile(namespace, path);
    try {
      return inspect(path, task);
    } finally {
      for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
    }
  };
  const run = async (statements: readonly Statement[]): Promise<void> => {
    const connection = await driver().connect();
    try {
      await connection.unit(statements, { foreignKeys: "suspended" });
    } finally {
      await connection.close();
    }
  };
  return {
    driver,
    look,
    run,
    populate: async (counts) => {
      const { filled, inserts } = look((database) => {
        const tables = populate(database, counts);
        return { filled: tables, inserts: tables.flatMap((table) => insertsOf(database, table)) };
      });
      await run(inserts);
      return filled;
    },
  };
}

/** The rows of a table, in the order of their rowids, for another database. */
function insertsOf(database: Database.Database, table: string): readonly Statement[] {
  const statement = database
    .prepare<[], SqlValue[]>(`SELECT * FROM "${table}" ORDER BY rowid`)
    .safeIntegers()
    .raw();
  const columns = statement.columns().map(({ name }) => `"${name}"`);
  const sql = `INSERT INTO "${table}" (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  return statement.all().map((params) => ({ sql, params }));
}
