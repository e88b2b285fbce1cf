import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { Driver } from "@skillmeat/migrate-core";
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

async function migrate(path: string, one: VectorCase, driver: Driver): Promise<unknown> {
  const foreignKeys = one.foreign_keys ? "enforced" : "suspended";
  try {
    await migratorFor(path, [revisionOf(one)], { foreignKeys, driver }).upgrade();
    return null;
  } catch (error) {
    return error;
  }
}
