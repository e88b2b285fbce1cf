import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import { createMigrator, type Driver, type Migrator, type MigratorOptions } from "@skillmeat/migrate-core";
// By path, not by name: the driver depends on this package, and a cycle of packages cannot be built.
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";

/** The path of a database of its own for the running test; nothing is there yet. */
export function temporaryPath(): string {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-core-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return join(directory, "test.db");
}

export const openDriver = (path: string): Driver => betterSqlite3({ path });

/** A migrator that is closed when the test ends. */
export function migratorFor(
  path: string,
  revisions: MigratorOptions["revisions"],
  options: Partial<MigratorOptions> = {},
): Migrator {
  const migrator = createMigrator({ driver: openDriver(path), revisions, ...options });
  onTestFinished(async () => {
    await migrator.close();
  });
  return migrator;
}

/** Reads with a connection of its own, as another program would. */
export function readRows(path: string, sql: string): readonly (readonly unknown[])[] {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return database.prepare<[], unknown[]>(sql).raw().all();
  } finally {
    database.close();
  }
}

export function execute(path: string, sql: string): void {
  const database = new Database(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** Names of the tables that revisions made. */
export const tables = (path: string): readonly unknown[] =>
  readRows(
    path,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY name",
  ).map(([name]) => name);

export const versions = (path: string): readonly unknown[] =>
  readRows(path, "SELECT version_num FROM alembic_version ORDER BY 1").map(([id]) => id);
