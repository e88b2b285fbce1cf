import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import { createMigrator, type Driver, type Migrator, type Revision } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
// By path, not by name: the package is tested on these drivers and does not depend on them.
import { libsql } from "../../../driver-libsql/src/index.ts";
import { nodeSqlite } from "../../../driver-node-sqlite/src/index.ts";
import { nodeSqlite3Wasm } from "../../../driver-node-sqlite3-wasm/src/index.ts";
import { revisions } from "./revisions.ts";

export type OpenDriver = (path: string) => Driver;

/** The engines on which the chain runs; they all use files that the inspecting engine can open. */
export const drivers: readonly (readonly [name: string, open: OpenDriver])[] = [
  ["better-sqlite3", (path) => betterSqlite3({ path })],
  ["better-sqlite3, all constraints by rebuilds", (path) => withoutAlterConstraints(betterSqlite3({ path }))],
  ["node:sqlite", (path) => nodeSqlite({ path })],
  ["libSQL", (path) => libsql({ url: path })],
  ["node-sqlite3-wasm", (path) => nodeSqlite3Wasm({ path })],
];

/** The same driver as on an engine before SQLite 3.53. */
function withoutAlterConstraints(driver: Driver): Driver {
  return {
    ...driver,
    connect: async (options) => {
      const connection = await driver.connect(options);
      return { ...connection, capabilities: { ...connection.capabilities, alterConstraints: false } };
    },
  };
}

/** A migrator of the 65 revisions, closed when the test ends. */
export function openChain(
  path: string,
  driver: OpenDriver,
  chain: readonly Revision[] = revisions,
): Migrator {
  const migrator = createMigrator({ driver: driver(path), revisions: chain });
  onTestFinished(async () => {
    await migrator.close();
  });
  return migrator;
}

/** Looks at the file with a connection of its own. */
export function inspect<T>(path: string, task: (database: Database.Database) => T): T {
  const database = new Database(path);
  try {
    return task(database);
  } finally {
    database.close();
  }
}
