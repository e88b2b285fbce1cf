import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { createCacheMigrator, runMigrations } from "@skillmeat/schema";
import { describeSchema } from "./support/describe-schema.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

const freshPath = (): string => join(temporaryDirectory(), "cache.db");

/** What Alembic printed for the same range. */
const alembicScript = (name: string): string =>
  readFileSync(new URL(`fixtures/alembic/offline-${name}.sql`, import.meta.url), "utf8");

async function ourScript(range: string, command: "upgrade" | "downgrade" | "stamp"): Promise<string> {
  const migrator = createCacheMigrator({ path: freshPath() });
  const sql = await migrator.sql(range, { command });
  await migrator.close();
  return sql;
}

function runShell(path: string, script: string): void {
  const { error, status, stderr } = spawnSync("sqlite3", ["-batch", "-bail", path], {
    input: script,
    encoding: "utf8",
  });
  expect([error, status, stderr]).toEqual([undefined, 0, ""]);
}

function rows(path: string, table: string): readonly unknown[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(`SELECT * FROM ${table}`).raw().all();
  } finally {
    database.close();
  }
}

test.each([
  ["base:head", "upgrade", "upgrade-base-to-head"],
  ["base:head", "stamp", "stamp-head"],
] as const)("the script %s of %s does what Alembic's does", async (range, command, recorded) => {
  const [ours, theirs] = [freshPath(), freshPath()];
  runShell(ours, await ourScript(range, command));
  runShell(theirs, alembicScript(recorded));
  expect(describeSchema(ours)).toEqual(describeSchema(theirs));
  expect(rows(ours, "alembic_version")).toEqual(rows(theirs, "alembic_version"));
});

test("the script and the online run make the same cache, and the script back to base does what Alembic's does", async () => {
  const [ours, theirs, online] = [freshPath(), freshPath(), freshPath()];
  await runMigrations(online);
  runShell(ours, await ourScript("base:head", "upgrade"));
  runShell(theirs, alembicScript("upgrade-base-to-head"));
  expect(describeSchema(ours)).toEqual(describeSchema(online));
  const withoutTime = (path: string) =>
    rows(path, "cache_metadata").map((row) => (row as readonly unknown[]).slice(0, 2));
  expect(withoutTime(ours)).toEqual(withoutTime(online));
  runShell(ours, await ourScript("head:base", "downgrade"));
  runShell(theirs, alembicScript("downgrade-head-to-base"));
  expect(describeSchema(ours)).toEqual(describeSchema(theirs));
});
