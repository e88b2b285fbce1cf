import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, test } from "vitest";
import { createMigrator } from "@skillmeat/migrate-core";
import { libsql, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { judgeCase, revisionOf } from "../../core/test/batch/judge-case.ts";
import { readVectorCases, type VectorCase } from "../../core/test/batch/vector-case.ts";
import { describeWithServer } from "./support/databases.ts";

const cases = readVectorCases();

const directory = mkdtempSync(join(tmpdir(), "skm-vectors-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function prepare(options: LibsqlOptions, one: VectorCase): Promise<void> {
  const connection = await libsql(options).connect();
  try {
    const statements = [...one.before, ...one.seed].filter((sql) => !sql.startsWith("PRAGMA foreign_keys"));
    await connection.unit(
      statements.map((sql) => ({ sql })),
      { foreignKeys: "suspended" },
    );
  } finally {
    await connection.close();
  }
}

async function migrate(options: LibsqlOptions, one: VectorCase): Promise<unknown> {
  const foreignKeys = one.foreign_keys ? "enforced" : "suspended";
  const migrator = createMigrator({ driver: libsql(options), revisions: [revisionOf(one)], foreignKeys });
  try {
    await migrator.upgrade();
    return null;
  } catch (error) {
    return error;
  } finally {
    await migrator.close();
  }
}

/** Puts the write-ahead log into the file, as the judge reads the file alone. */
function withoutLog(path: string): void {
  const database = new Database(path);
  database.pragma("journal_mode = delete");
  database.close();
}

function expectNoProblem(problem: unknown, failure: unknown): void {
  expect(problem, failure instanceof Error ? failure.message : "it ended without an error").toBe(null);
}

const rows = cases.map((one) => [one.id, one] as const);

describe("the recorded batch cases, in a file", () => {
  test.each(rows)("%s", async (id, one) => {
    const url = join(directory, `${id}.db`);
    await prepare({ url }, one);
    const failure = await migrate({ url }, one);
    expectNoProblem(judgeCase(url, one, failure), failure);
  });
});

describeWithServer("the recorded batch cases, on a server", (server) => {
  // Most of the time is spent waiting for the server.
  test.concurrent.each(rows)("%s", async (id, one) => {
    const namespace = await server().createNamespace();
    const options = { url: `http://${server().host}`, namespace };
    await prepare(options, one);
    const failure = await migrate(options, one);
    const copy = join(directory, `${id}-server.db`);
    server().copyFile(namespace, copy);
    withoutLog(copy);
    expectNoProblem(judgeCase(copy, one, failure), failure);
  });
});
