import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import { execute, migratorFor, tables, temporaryPath, versions } from "../support/temporary-database.ts";

/** a <- (left, right) <- m */
const diamond = [
  revision("base1", null),
  revision("left", "base1"),
  revision("right", "base1"),
  revision("merge1", ["left", "right"]),
];

describe("downgrade", () => {
  test("undoes newest first and keeps the version table", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain());
    await migrator.upgrade();
    expect((await migrator.downgrade("-1")).headsAfter).toEqual(["b"]);
    const result = await migrator.downgrade("base");
    expect(result.steps.map((step) => step.revision)).toEqual(["b", "a"]);
    expect([tables(path), versions(path)]).toEqual([[], []]);
  });

  test("at a merge keeps a row for each parent", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, diamond);
    await migrator.upgrade();
    expect((await migrator.downgrade("left")).headsAfter).toEqual(["left", "right"]);
  });

  test("stops before it starts at a revision without a downgrade", async () => {
    const path = temporaryPath();
    const irreversible = chain({ downgrade: undefined });
    const migrator = migratorFor(path, irreversible);
    await migrator.upgrade();
    const error = await failureOf(migrator.downgrade("a"));
    expect(error).toMatchObject({ code: "SKM_IRREVERSIBLE", exitCode: 9, details: { revision: "c" } });
    expect(versions(path)).toEqual(["c"]);
  });

  test("of a branch that does not exist undoes nothing", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain());
    await migrator.upgrade();
    expect(await failureOf(migrator.downgrade("typo@base"))).toMatchObject({
      code: "SKM_GRAPH_UNKNOWN",
      exitCode: 4,
    });
    expect(versions(path)).toEqual(["c"]);
  });

  test("to a head that is not below is refused", async () => {
    const migrator = migratorFor(temporaryPath(), chain());
    await migrator.upgrade("a");
    expect(await failureOf(migrator.downgrade("head"))).toMatchObject({
      code: "SKM_GRAPH_DIRECTION",
      exitCode: 4,
    });
  });
});

describe("stamp", () => {
  test("writes rows and runs nothing", async () => {
    const path = temporaryPath();
    const result = await migratorFor(path, chain()).stamp("b");
    expect(result).toMatchObject({ command: "stamp", outcome: "applied", headsAfter: ["b"] });
    expect([tables(path), versions(path)]).toEqual([[], ["b"]]);
  });

  test("with purge repairs rows that cannot be read", async () => {
    const path = temporaryPath();
    execute(
      path,
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES (NULL), ('gone')",
    );
    expect((await migratorFor(path, chain()).stamp("c", { purge: true })).headsAfter).toEqual(["c"]);
  });

  test("with purge of an unknown revision empties nothing", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).stamp("b");
    expect(await failureOf(migratorFor(path, chain()).stamp("nosuch", { purge: true }))).toMatchObject({
      code: "SKM_GRAPH_UNKNOWN",
    });
    expect(versions(path)).toEqual(["b"]);
  });
});

describe("commands that only read", () => {
  test("create nothing", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain());
    expect(await migrator.current()).toEqual([]);
    expect(await migrator.describeCurrent()).toEqual([]);
    expect(await migrator.heads()).toEqual(["c"]);
    expect((await migrator.history(":b", { indicateCurrent: true })).map((entry) => entry.revision)).toEqual([
      "b",
      "a",
    ]);
    expect((await migrator.show("b"))[0]).toMatchObject({
      revision: "b",
      downRevisions: ["a"],
      message: "create b",
    });
    expect(await migrator.check()).toMatchObject({ upToDate: false, heads: [], pending: ["a", "b", "c"] });
    expect((await migrator.plan()).steps).toHaveLength(3);
    expect(existsSync(path)).toBe(false);
  });

  test("mark the current revision", async () => {
    const migrator = migratorFor(temporaryPath(), chain());
    await migrator.upgrade("b");
    const marked = (await migrator.history(undefined, { indicateCurrent: true })).map((entry) => [
      entry.revision,
      entry.isCurrent,
    ]);
    expect(marked).toEqual([
      ["c", false],
      ["b", true],
      ["a", false],
    ]);
    expect((await migrator.check()).pending).toEqual(["c"]);
  });
});

describe("plan", () => {
  test("lists statements with the change of the version rows", async () => {
    const { steps } = await migratorFor(temporaryPath(), chain().slice(0, 2)).plan();
    expect(
      steps.map((step) => [
        step.operations.length,
        step.statements.map((statement) => [statement.sql.split("\n")[0], statement.params ?? []]),
      ]),
    ).toEqual([
      [
        1,
        [
          ["CREATE TABLE a (", []],
          ["INSERT INTO alembic_version (version_num) VALUES (?)", ["a"]],
        ],
      ],
      [
        1,
        [
          ["CREATE TABLE b (", []],
          ["UPDATE alembic_version SET version_num = ? WHERE version_num = ?", ["b", "a"]],
        ],
      ],
    ]);
  });

  test("says from where on a step depends on data", async () => {
    const asking = revision("asking", null, {
      upgrade: async (op: Operations) => {
        op.execute("SELECT 1");
        await op.query("SELECT 2");
        op.execute("SELECT 3");
      },
    });
    const { steps } = await migratorFor(temporaryPath(), [asking]).plan();
    expect(steps[0]).toMatchObject({ dependsOnQuery: "SELECT 2", statements: [{ sql: "SELECT 1" }] });
  });
});

describe("upgrade", () => {
  test("to a revision that is already passed has nothing to do", async () => {
    const migrator = migratorFor(temporaryPath(), chain());
    await migrator.upgrade();
    expect(await migrator.upgrade("a")).toMatchObject({ outcome: "nothing-to-do", headsAfter: ["c"] });
  });

  test("to an unknown revision does not create the database", async () => {
    const path = temporaryPath();
    expect(await failureOf(migratorFor(path, chain()).upgrade("nosuch"))).toMatchObject({
      code: "SKM_GRAPH_UNKNOWN",
    });
    expect(existsSync(path)).toBe(false);
  });

  test("refuses a database of another application", async () => {
    const path = temporaryPath();
    execute(path, "PRAGMA application_id = 12345; CREATE TABLE x (y)");
    const error = await failureOf(migratorFor(path, chain(), { applicationId: 0 }).upgrade());
    expect(error).toMatchObject({ code: "SKM_DB_WRONG_APP", exitCode: 9, details: { found: 12345 } });
  });

  test.each([Number.NaN, -1])("is not waited for %s milliseconds", (waitMs) => {
    expect(() => migratorFor(temporaryPath(), chain(), { waitMs })).toThrow(TypeError);
  });

  test("creates the version table on request only once", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain());
    expect([await migrator.ensureVersion(), await migrator.ensureVersion()]).toEqual([true, false]);
    expect(versions(path)).toEqual([]);
  });
});
