import { describe, expect, test } from "vitest";
import type { Driver, Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { revision } from "../support/revisions.ts";
import { execute, migratorFor, openDriver, tables, temporaryPath } from "../support/temporary-database.ts";

const schema = `CREATE TABLE artifacts (id);
CREATE TABLE "group's" (artifact);
INSERT INTO "group's" VALUES (1);`;

const engines: readonly (readonly [string, (path: string) => Driver])[] = [
  ["interactive", openDriver],
  ["one batch", oneBatchDriver],
];

function run(driver: (path: string) => Driver, upgrade: (op: Operations) => void) {
  const path = temporaryPath();
  execute(path, schema);
  const done = migratorFor(path, [revision("a", null, { upgrade })], { driver: driver(path) }).upgrade();
  return { path, done };
}

describe.each(engines)("on an engine that is %s", (_, driver) => {
  test.each<readonly [string, (op: Operations) => void, string]>([
    ["0", (op) => op.require("SELECT 0", "it must be so"), "it must be so"],
    ["NULL", (op) => op.require("SELECT NULL", "it's needed"), "it's needed"],
    ["no row", (op) => op.require("SELECT 1 FROM artifacts -- none", "rows"), "rows"],
    ["a number in words", (op) => op.require("VALUES (0)", "1"), "1"],
    ["an empty table", (op) => op.requireRows("artifacts"), 'table "artifacts" must have rows'],
    [
      "an empty table beside a full one",
      (op) => op.requireRows("artifacts", { ifRowsIn: "group's" }),
      `table "artifacts" must have rows while "group's" has some`,
    ],
    [
      "a message of the author",
      (op) => op.requireRows("artifacts", { message: "run the import first" }),
      "run the import first",
    ],
  ])("%s fails the revision before anything of it", async (_name, require, message) => {
    const { path, done } = run(driver, (op) => {
      require(op);
      op.execute("CREATE TABLE made (id)");
    });
    const error = await failureOf(done);
    expect(error).toMatchObject({
      code: "SKM_REQUIREMENT",
      exitCode: 9,
      details: { requirement: message, revision: "a", statement: 1 },
    });
    expect(error.message).toContain(`what it requires is not so: ${message}`);
    expect(tables(path)).not.toContain("made");
  });

  test("what holds lets the revision through", async () => {
    const { path, done } = run(driver, (op) => {
      op.require('SELECT count(*) = 1 FROM "group\'s";', "one");
      op.require("WITH n (x) AS (VALUES (2)) SELECT x FROM n", "two");
      op.requireRows("group's");
      op.execute('DELETE FROM "group\'s"');
      op.requireRows("artifacts", { ifRowsIn: "group's" });
      op.execute("CREATE TABLE made (id)");
    });
    await done;
    expect(tables(path)).toContain("made");
  });

  test("SQL that is wrong is no requirement that is not met", async () => {
    const { done } = run(driver, (op) => op.require("SELECT absent FROM artifacts", "it must be so"));
    const error = await failureOf(done);
    expect(error).toMatchObject({ code: "SKM_MIGRATION_FAILED" });
    expect(error.message).toContain("no such column: absent");
  });
});

test.each<readonly [string, (op: Operations) => void, string]>([
  ["a statement that writes", (op) => op.require("DELETE FROM artifacts", "x"), "SKM_SQL_FORBIDDEN"],
  ["parameters", (op) => op.require("SELECT ?", "x"), "SKM_SQL_PARAMETERS"],
  ["several statements", (op) => op.require("SELECT 1; SELECT 2", "x"), "SKM_SQL_MULTI"],
  ["no message", (op) => op.require("SELECT 1", " "), "SKM_MIGRATION_FAILED"],
])("%s is refused", async (_, upgrade, code) => {
  expect(await failureOf(run(openDriver, upgrade).done)).toMatchObject({ code });
});

test("a WITH that writes is refused by the engine, inside of a SELECT", async () => {
  const { done } = run(openDriver, (op) =>
    op.require("WITH n AS (SELECT 1) INSERT INTO artifacts SELECT * FROM n", "x"),
  );
  expect(await failureOf(done)).toMatchObject({ code: "SKM_MIGRATION_FAILED" });
});
