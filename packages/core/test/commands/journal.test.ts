import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  sql,
  type MigratorOptions,
  type Operations,
  type Revision,
  type SqlOptions,
} from "@skillmeat/migrate-core";
import { normalizeOperations } from "../../src/plan/normalize-operations.ts";
import { toolVersion } from "../../src/version/journal.ts";
import { recordOperations } from "../ops/record-operations.ts";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { chain, revision } from "../support/revisions.ts";
import { dump, runShell } from "../support/sqlite-shell.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

test("the version that the journal notes is that of the package", () => {
  const manifest: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"),
  );
  expect(manifest).toMatchObject({ version: toolVersion });
});

describe("the journal", () => {
  test("is not kept unless told", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain());
    await migrator.upgrade();
    expect(tables(path)).toEqual(["a", "b", "c"]);
    expect(await migrator.journal()).toEqual([]);
    expect(await migrator.findEdited()).toEqual([]);
  });

  test.each([
    ["in one transaction", openDriver],
    ["in one batch", oneBatchDriver],
  ])("says %s that its table has another form, and nothing is done", async (_what, open) => {
    const path = temporaryPath();
    execute(path, "CREATE TABLE skillmeat_journal (mine)");
    const failed = migratorFor(path, chain(), { driver: open(path), journal: true }).upgrade("a");
    const error = await failureOf(failed);
    expect(error).toMatchObject({ code: "SKM_MIGRATION_FAILED", exitCode: 7 });
    expect(error.message).toContain("table skillmeat_journal has no column named revision");
    expect(tables(path)).toEqual(["skillmeat_journal"]);
  });

  test("notes each step of every direction, and nothing for nothing", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain(), { journal: true });
    expect(await migrator.journal()).toEqual([]);
    const from = new Date().toISOString();
    await migrator.upgrade();
    await migrator.upgrade();
    await migrator.downgrade("-1");
    await migrator.stamp("a");
    const entries = await migrator.journal();
    expect(entries.map(({ revision: id, direction }) => `${direction} ${id}`)).toEqual([
      "upgrade a",
      "upgrade b",
      "upgrade c",
      "downgrade c",
      "stamp a",
    ]);
    for (const { at } of entries) expect(at >= from && at <= new Date().toISOString()).toBe(true);
    expect(entries[0]).toMatchObject({
      checksum: expect.stringMatching(/^[\da-f]{64}$/),
      durationMs: expect.any(Number),
      toolVersion,
    });
    expect(entries.slice(3).map(({ checksum }) => checksum)).toEqual([null, null]);
    expect([versions(path), tables(path)]).toEqual([["a"], ["a", "b", "skillmeat_journal"]]);
  });

  test("rolls back with its revision", async () => {
    const path = temporaryPath();
    const broken = chain({ upgrade: (op) => op.execute("SELECT * FROM nothing") });
    await failureOf(migratorFor(path, broken, { journal: "my log" }).upgrade());
    await migratorFor(path, chain().slice(0, 1), { journal: "my log" }).upgrade();
    expect(readRows(path, 'SELECT revision FROM "my log"')).toEqual([["a"]]);
  });

  test("does not stand in the way of a downgrade that refuses to lose data", async () => {
    const migrator = migratorFor(temporaryPath(), chain(), { journal: true });
    await migrator.upgrade();
    expect((await migrator.downgrade("base", { dataLoss: "refuse" })).headsAfter).toEqual([]);
  });

  test("is left out of comparisons with a declared schema", async () => {
    const path = temporaryPath();
    const schema = { sql: "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY)" };
    const migrator = migratorFor(path, chain().slice(0, 1), { journal: true, schema });
    await migrator.upgrade();
    expect((await migrator.diff({ from: "database" })).operations).toEqual([]);
  });
});

describe("the journal of a script", () => {
  const write = async (range: string, options: Partial<MigratorOptions> & SqlOptions = {}) =>
    await migratorFor(temporaryPath(), chain(), { journal: true, ...options }).sql(range, options);
  const lines = async (path: string) => {
    const entries = await migratorFor(path, chain()).journal();
    return entries.map(({ revision: id, direction, checksum }) => ({ id, direction, checksum }));
  };

  test.each(["run", "revision"] as const)("is that of the online run, per %s", async (transactionPer) => {
    const [online, offline] = [temporaryPath(), temporaryPath()];
    const migrator = migratorFor(online, chain(), { journal: true });
    await migrator.upgrade();
    await migrator.downgrade("a");
    await migrator.stamp("b");
    const from = new Date(Date.now() - 1).toISOString();
    for (const [range, options] of [
      ["base:head", {}],
      ["head:a", {}],
      ["a:b", { command: "stamp" }],
    ] as const) {
      const script = await write(range, { ...options, transactionPer });
      expect(runShell(offline, script, "-bail")).toEqual({ exit: 0, stdout: "", stderr: "" });
    }
    expect(await lines(offline)).toEqual(await lines(online));
    const entries = await migratorFor(offline, chain()).journal();
    for (const { at, durationMs } of entries)
      expect([at >= from && at <= new Date(Date.now() + 1).toISOString(), durationMs]).toEqual([true, null]);
    expect(
      dump(offline)
        .split("\n")
        .filter((line) => line.includes("_skm_")),
    ).toEqual([]);
  });

  test("lets edited revisions be found, in a journal with a name of its own", async () => {
    const path = temporaryPath();
    const journal = `it's "mine"`;
    runShell(path, await write("base:b", { journal }), "-bail");
    const edited = [...chain().slice(0, 1), revision("b", "a", { upgrade: (op) => op.execute("SELECT 1") })];
    expect(await migratorFor(path, chain(), { journal }).findEdited()).toEqual([]);
    expect(await migratorFor(path, edited, { journal }).findEdited()).toMatchObject([{ revision: "b" }]);
  });

  test.each([
    ["lacks a column", "CREATE TABLE skillmeat_journal (id INTEGER PRIMARY KEY, revision, direction)"],
    [
      "refuses the line",
      "CREATE TABLE skillmeat_journal (id INTEGER PRIMARY KEY, revision, direction CHECK (direction = 'x'), at, duration_ms, checksum, tool_version)",
    ],
    ["is a view", "CREATE VIEW skillmeat_journal AS SELECT 1 AS id"],
  ])("%s, and nothing stays, also in a shell that goes on", async (_title, sql) => {
    for (const bail of [["-bail"], []] as const) {
      const path = temporaryPath();
      execute(path, sql);
      const before = dump(path);
      expect(runShell(path, await write("base:head"), ...bail).exit).not.toBe(0);
      expect(dump(path)).toBe(before);
    }
  });

  test("is left out where none is kept", async () => {
    expect(await write("base:head", { journal: false })).not.toContain("journal");
  });
});

test("a stamp that empties the version table first is noted too", async () => {
  const path = temporaryPath();
  const migrator = migratorFor(path, chain(), { journal: true });
  await migrator.upgrade("a");
  await migrator.stamp("b", { purge: true });
  await migrator.stamp("base", { purge: true });
  expect((await migrator.journal()).map(({ revision: id, direction }) => `${direction} ${id}`)).toEqual([
    "upgrade a",
    "stamp b",
  ]);
  expect(versions(path)).toEqual([]);
});

describe("an edited revision", () => {
  const upgraded = async (first: Revision): Promise<(now: Revision) => Promise<readonly string[]>> => {
    const path = temporaryPath();
    await migratorFor(path, [first], { journal: true }).upgrade();
    return async (now) => {
      const edited = await migratorFor(path, [now], { journal: true }).findEdited();
      return edited.map((found) => found.revision);
    };
  };
  const withBody = (upgrade: (op: Operations) => void | Promise<void>): Revision =>
    revision("a", null, { upgrade });

  test("is found, with when it was applied and what it was", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain(), { journal: true }).upgrade();
    const edited = chain({ upgrade: (op) => op.execute("SELECT 2") });
    const [found, ...more] = await migratorFor(path, edited).findEdited();
    expect(more).toEqual([]);
    expect(found).toEqual({
      revision: "c",
      path: null,
      appliedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      expected: expect.stringMatching(/^[\da-f]{64}$/),
      found: expect.stringMatching(/^[\da-f]{64}$/),
    });
    expect(found?.expected).not.toBe(found?.found);
  });

  test("is none when only its layout, its message or its downgrade changed", async () => {
    const edited = await upgraded(withBody((op) => op.execute("CREATE TABLE t (a TEXT DEFAULT 'x')")));
    expect(
      await edited(withBody((op) => op.execute("create  table T (\r\n a text -- why\n default 'x')"))),
    ).toEqual([]);
    expect(
      await edited(
        revision("a", null, {
          message: "x",
          downgrade: undefined,
          upgrade: (op) => op.execute("CREATE TABLE t (a TEXT DEFAULT 'x')"),
        }),
      ),
    ).toEqual([]);
    expect(await edited(withBody((op) => op.execute("CREATE TABLE t (a TEXT DEFAULT 'X')")))).toEqual(["a"]);
    expect(await edited(withBody((op) => op.execute("CREATE TABLE t (a TEXT DEFAULT 'x', b)")))).toEqual([
      "a",
    ]);
    expect(await edited(withBody(() => undefined))).toEqual(["a"]);
  });

  test("is compared up to its first question", async () => {
    const asking = (question: string, after: string): Revision =>
      withBody(async (op) => {
        op.execute("CREATE TABLE t (a)");
        await op.query(question);
        op.execute(after);
      });
    const edited = await upgraded(asking("SELECT 1", "SELECT 2"));
    expect(await edited(asking("SELECT 1", "SELECT 3"))).toEqual([]);
    expect(await edited(asking("SELECT 5", "SELECT 2"))).toEqual(["a"]);
  });

  test("is not looked at once it is undone, stamped or gone from the journal", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain(), { journal: true });
    const edited = migratorFor(path, chain({ upgrade: () => undefined }), { journal: true });
    await migrator.upgrade();
    await migrator.downgrade("-1");
    expect(await edited.findEdited()).toEqual([]);
    await migrator.stamp("c");
    expect(await edited.findEdited()).toEqual([]);
    execute(path, "DELETE FROM skillmeat_journal");
    expect(await edited.findEdited()).toEqual([]);
  });
});

test("normal operations do not depend on the order of keys, only on what is said", () => {
  const one = recordOperations((op) => {
    op.createTable({
      name: "t",
      columns: [{ name: "a", type: "TEXT", default: sql`( 1 )` }],
      checks: [{ expression: "a > 0" }],
    });
  });
  const two = recordOperations((op) => {
    op.createTable({
      checks: [{ expression: "A>0 /* positive */" }],
      columns: [{ default: sql`(1)`, type: "TEXT", name: "a" }],
      name: "t",
    });
  });
  const three = recordOperations((op) => {
    op.createTable({
      name: "t",
      columns: [{ name: "a", type: "TEXT", default: "( 1 )" }],
      checks: [{ expression: "a > 0" }],
    });
  });
  expect(normalizeOperations(one)).toBe(normalizeOperations(two));
  expect(normalizeOperations(one)).not.toBe(normalizeOperations(three));
});
