import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { Driver, Revision } from "@skillmeat/migrate-core";
import { migratorFor, openDriver, temporaryPath } from "../support/temporary-database.ts";
import { judgeCase, revisionOf } from "./judge-case.ts";
import { readVectorCases, type VectorCase } from "./vector-case.ts";

const cases = readVectorCases();

describe("the recorded batch cases", () => {
  test.each(cases.map((one) => [one.id, one] as const))("%s", async (_id, one) => {
    const path = temporaryPath();
    prepare(path, one);
    const failure = await migrate(path, one, openDriver(path));
    const problem = judgeCase(path, one, failure);
    expect(problem, failure instanceof Error ? failure.message : "it ended without an error").toBe(null);
  });
});

const alters = cases.filter((one) => /"nullable"|check/u.test(JSON.stringify(one.operations)));

describe("the recorded batch cases that an engine without ALTER … CHECK and NOT NULL rebuilds for", () => {
  test.each(alters.map((one) => [one.id, one] as const))("%s", async (_id, one) => {
    const path = temporaryPath();
    prepare(path, one);
    const failure = await migrate(path, one, withoutAlterConstraints(path));
    const problem = judgeCase(path, one, failure);
    expect(problem, failure instanceof Error ? failure.message : "it ended without an error").toBe(null);
  });
});

describe("the recorded batch cases, as a script", () => {
  test.each(cases.map((one) => [one.id, one] as const))("%s", async (_id, one) => {
    const path = temporaryPath();
    prepare(path, one);
    const failure = await runScript(path, one);
    const problem = judgeCase(path, one, failure);
    expect(problem, failure instanceof Error ? failure.message : "it ended without an error").toBe(null);
  });
});

/** A driver for an engine before SQLite 3.53. */
function withoutAlterConstraints(path: string): Driver {
  const driver = openDriver(path);
  return {
    ...driver,
    connect: async (options) => {
      const connection = await driver.connect(options);
      return { ...connection, capabilities: { ...connection.capabilities, alterConstraints: false } };
    },
  };
}

function prepare(path: string, one: VectorCase): void {
  const database = new Database(path);
  database.pragma("foreign_keys = OFF");
  for (const sql of [...one.before, ...one.seed]) database.exec(sql);
  database.close();
}

/** Writes the script without the database, from the revision before it, and runs it. */
async function runScript(path: string, one: VectorCase): Promise<unknown> {
  const zero: Revision = {
    revision: "zero",
    downRevision: null,
    upgrade: (op) => {
      for (const statement of one.before) op.execute(statement);
    },
  };
  const foreignKeys = one.foreign_keys ? "enforced" : "suspended";
  const database = new Database(path);
  try {
    database.exec("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
    database.exec("INSERT INTO alembic_version VALUES ('zero')");
    const revisions = [zero, { ...revisionOf(one), downRevision: "zero" }];
    database.exec(await migratorFor(temporaryPath(), revisions, { foreignKeys }).sql("zero:one"));
    return null;
  } catch (error) {
    return error;
  } finally {
    database.close();
  }
}

async function migrate(path: string, one: VectorCase, driver: Driver): Promise<unknown> {
  const foreignKeys = one.foreign_keys ? "enforced" : "suspended";
  try {
    await migratorFor(path, [revisionOf(one)], { foreignKeys, driver }).upgrade();
    return null;
  } catch (error) {
    return error;
  }
}
