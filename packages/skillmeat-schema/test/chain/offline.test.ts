import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMigrator, type Migrator } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { revisions } from "./revisions.ts";

async function withMigrator<T>(path: string, task: (migrator: Migrator) => Promise<T>): Promise<T> {
  const migrator = createMigrator({ driver: betterSqlite3(path), revisions });
  try {
    return await task(migrator);
  } finally {
    await migrator.close();
  }
}

test("all revisions as one script make what they make online", { timeout: 60_000 }, async () => {
  const path = join(temporaryDirectory(), "chain.db");
  const sql = await withMigrator(path, async (migrator) => await migrator.sql("head"));
  const { error, status, stderr } = spawnSync("sqlite3", ["-batch", "-bail", path], {
    input: sql,
    encoding: "utf8",
  });
  expect([error, status, stderr]).toEqual([undefined, 0, ""]);
  await withMigrator(path, async (migrator) => {
    expect((await migrator.check()).upToDate).toBe(true);
    expect((await migrator.diff({ from: "database", to: "heads" })).differences).toEqual([]);
  });
});

test("the one way back that does not lead back is found", { timeout: 60_000 }, async () => {
  const path = join(temporaryDirectory(), "none.db");
  const { findings, revisions: tried } = await withMigrator(
    path,
    async (migrator) => await migrator.verify(),
  );
  expect(tried).toHaveLength(revisions.length);
  expect(findings.filter(({ severity }) => severity === "error")).toMatchObject([
    {
      kind: "schema-differs",
      revision: expect.stringMatching(/^20251227_1000_/),
      way: "down",
      lines: ['drop table "marketplace_catalog_entries"'],
    },
  ]);
});
