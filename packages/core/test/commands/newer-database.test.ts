import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  sql,
  type MigrationError,
  type Migrator,
  type MigratorOptions,
  type Revision,
  type RunEvent,
} from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { revision } from "../support/revisions.ts";
import { runShell } from "../support/sqlite-shell.ts";
import {
  execute,
  migratorFor,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

const table = "skillmeat_readers";

/** `c` and `d` may be opened by code that knows `b`; `e` breaks, and so does what follows it for older code. */
const releases: readonly Revision[] = [
  revision("a", null),
  revision("b", "a"),
  revision("c", "b", { minimumReader: "b" }),
  revision("d", "c", { minimumReader: "b" }),
  revision("e", "d"),
  revision("f", "e", { minimumReader: "e" }),
];

/** The code of the release whose newest revision is this one. */
const release = (newest: string): readonly Revision[] =>
  releases.slice(0, releases.findIndex((one) => one.revision === newest) + 1);

const told = (path: string) =>
  readRows(path, `SELECT revision, minimum_readers, readers FROM ${table} ORDER BY 1`);

async function databaseAt(head: string): Promise<string> {
  const path = temporaryPath();
  await migratorFor(path, release(head)).upgrade();
  return path;
}

describe("who may open a database", () => {
  test("is noted by the run that writes its heads, for these only", async () => {
    const path = await databaseAt("d");
    expect(told(path)).toEqual([["d", '["b"]', '["b","c","d"]']]);
    await migratorFor(path, releases).upgrade("e");
    expect(told(path)).toEqual([["e", '["e"]', '["e"]']]);
    await migratorFor(path, releases).downgrade("c");
    expect(told(path)).toEqual([["c", '["b"]', '["b","c"]']]);
    await migratorFor(path, releases).stamp("f");
    expect(told(path)).toEqual([["f", '["e"]', '["e","f"]']]);
    await migratorFor(path, releases).stamp("d", { purge: true });
    expect(told(path)).toEqual([["d", '["b"]', '["b","c","d"]']]);
    await migratorFor(path, releases).stamp("base");
    expect(told(path)).toEqual([]);
  });

  test("leaves databases alone whose revisions say nothing about it", async () => {
    const path = await databaseAt("b");
    await migratorFor(path, releases).downgrade("a");
    await migratorFor(path, releases).stamp("b");
    expect(tables(path)).toEqual(["a"]);
  });

  test("is not left behind when a revision no longer says it", async () => {
    const path = await databaseAt("c");
    await migratorFor(path, release("c")).downgrade("b");
    await migratorFor(path, [...release("b"), revision("c", "b")]).upgrade();
    expect(told(path)).toEqual([["c", '["c"]', '["c"]']]);
    const old = await failureOf(migratorFor(path, release("b")).upgrade("head", { newer: "allow" }));
    expect(old.code).toBe("SKM_DATABASE_NEWER");
  });

  test("is noted for each of several heads", async () => {
    const path = temporaryPath();
    const branches = [...release("d"), revision("l", "b", { minimumReader: ["b"] })];
    await migratorFor(path, branches).upgrade("heads");
    expect(told(path)).toEqual([
      ["d", '["b"]', '["b","c","d"]'],
      ["l", '["b"]', '["b","l"]'],
    ]);
    const merged = [...branches, revision("m", ["d", "l"], { minimumReader: ["c", "l"] })];
    await migratorFor(path, merged).upgrade();
    expect(told(path)).toEqual([["m", '["c","l"]', '["c","l","d","m"]']]);
    expect((await migratorFor(path, branches, { newer: "allow" }).upgrade("heads")).outcome).toBe("newer");
    const one = await failureOf(migratorFor(path, release("c"), { newer: "allow" }).upgrade());
    expect(one).toMatchObject({ code: "SKM_DATABASE_NEWER", details: { missing: ["l"] } });
  });

  test("is part of a plan", async () => {
    const path = await databaseAt("b");
    const written = async (options: Partial<MigratorOptions>) =>
      (await migratorFor(path, release("d"), options).plan()).steps.map(
        ({ statements }) => statements.filter(({ comment }) => comment === "readers").length,
      );
    expect(await written({})).toEqual([0, 3]);
    expect(await written({ transactionPer: "revision" })).toEqual([3, 3]);
    expect((await migratorFor(path, release("b")).plan("head")).steps).toEqual([]);
  });

  test("is a finding of check where its revision was edited afterwards, and noted anew by stamp --purge", async () => {
    const path = await databaseAt("d");
    const check = async (revisions: readonly Revision[]) =>
      (await migratorFor(path, revisions).check({ checks: ["edited"] })).findings;
    expect(await check(release("d"))).toEqual([]);
    expect(await check(releases)).toEqual([]);
    const edited = [...release("c"), revision("d", "c")];
    expect(await check(edited)).toEqual([
      expect.objectContaining({
        code: "SKM_CHECK_READERS",
        exitCode: 3,
        details: { revision: "d", noted: ["b"], declared: ["d"] },
      }),
    ]);
    await migratorFor(path, edited).stamp("d", { purge: true });
    expect(told(path)).toEqual([["d", '["d"]', '["d"]']]);
    expect(await check(edited)).toEqual([]);
  });

  test("is told apart for each version table", async () => {
    const path = await databaseAt("c");
    const other = [revision("x", null), revision("y", "x", { minimumReader: "x" })];
    await migratorFor(path, other, { versionTable: "Other" }).upgrade();
    await migratorFor(path, other, { versionTable: "other" }).downgrade("x");
    expect(told(path).map(([id]) => id)).toEqual(["c", "x"]);
  });

  test("rolls back with the revision", async () => {
    const path = await databaseAt("b");
    const broken = revision("c", "b", { minimumReader: "b", upgrade: (op) => op.execute("SELECT nothing") });
    await failureOf(migratorFor(path, [...release("b"), broken]).upgrade());
    expect(tables(path)).toEqual(["a", "b"]);
  });

  test("is no loss of data, no drift, and nothing that autogenerate drops", async () => {
    const path = temporaryPath();
    const schema = {
      sql: "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY); CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY)",
    };
    const revisions = [revision("a", null), revision("b", "a", { minimumReader: "a" })];
    const migrator = migratorFor(path, revisions, { schema });
    await migrator.upgrade("head", { dataLoss: "refuse" });
    expect((await migrator.check()).findings).toEqual([]);
    expect((await migrator.autogenerate()).upgrade).toEqual([]);
    expect((await migrator.diff({ from: "database", to: "declared" })).differences).toEqual([]);
    expect((await migrator.verify()).findings).toEqual([]);
    expect((await migrator.downgrade("base", { dataLoss: "refuse" })).headsAfter).toEqual([]);
  });

  test("is noted by an engine that takes a unit at once, also where no revision says it any more", async () => {
    const path = temporaryPath();
    const open = (revisions: readonly Revision[]): Migrator =>
      migratorFor(path, revisions, { driver: oneBatchDriver(path), transactionPer: "revision" });
    await open(release("d")).upgrade();
    expect(told(path)).toEqual([["d", '["b"]', '["b","c","d"]']]);
    await open(release("d")).downgrade("b");
    expect(told(path)).toEqual([["b", '["b"]', '["b"]']]);
    await open([...release("b"), revision("c", "b")]).upgrade();
    expect(told(path)).toEqual([["c", '["c"]', '["c"]']]);
  });

  test("is noted by a snapshot, and does not stand in its way", async () => {
    const directory = dirname(temporaryPath());
    for (const [id, down] of [
      ["a", "base"],
      ["b", "a"],
    ]) {
      const header = `-- revision: ${id}\n-- downRevision: ${down}\n-- minimumReader: a`;
      const body = `-- upgrade\nCREATE TABLE ${id} (x);\n-- downgrade\nDROP TABLE ${id};\n`;
      writeFileSync(join(directory, `${id}.sql`), `${header}\n${body}`);
    }
    await migratorFor(temporaryPath(), directory).snapshot();
    const path = temporaryPath();
    for (const _ of [1, 2]) {
      const { steps } = await migratorFor(path, directory).upgrade();
      expect(steps).toHaveLength(1);
      expect(told(path)).toEqual([["b", '["a"]', '["a","b"]']]);
      expect(tables(path)).toEqual(["a", "b", table]);
      await migratorFor(path, directory).downgrade("base");
    }
  });

  test("stands in scripts, too", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, releases);
    const apply = async (range: string): Promise<void> => {
      expect(runShell(path, await migrator.sql(range), "-bail")).toMatchObject({ exit: 0, stderr: "" });
    };
    await apply("b");
    expect(tables(path)).toEqual(["a", "b"]);
    await apply("b:d");
    expect(told(path)).toEqual([["d", '["b"]', '["b","c","d"]']]);
    await apply("current:head");
    expect(told(path)).toEqual([["f", '["e"]', '["e","f"]']]);
    await apply("f:c");
    await migratorFor(path, release("c")).downgrade("b");
    const silent = migratorFor(path, [...release("b"), revision("c", "b")]);
    expect(runShell(path, await silent.sql("current:head"), "-bail")).toMatchObject({ exit: 0 });
    expect(told(path)).toEqual([["c", '["c"]', '["c"]']]);
    await migratorFor(path, release("c")).stamp("c", { purge: true });
    expect(told(path)).toEqual([["c", '["b"]', '["b","c"]']]);
  });
});

describe("a database that is newer than the code", () => {
  const files = (path: string): readonly unknown[] => readRows(path, "SELECT sql FROM sqlite_schema");

  test.each(["b", "c"])("is opened by code at %s that may, and stays as it is", async (newest) => {
    const path = await databaseAt("d");
    const before = [files(path), told(path)];
    const migrator = migratorFor(path, release(newest));
    for (const target of ["head", "heads", "a", ["b"]]) {
      expect(await migrator.upgrade(target, { newer: "allow" })).toEqual({
        command: "upgrade",
        outcome: "newer",
        headsBefore: ["d"],
        headsAfter: ["d"],
        steps: [],
      });
    }
    const open = migratorFor(path, release(newest), { newer: "allow" });
    expect((await open.upgrade()).outcome).toBe("newer");
    expect((await open.upgrade("head", { lint: "refuse", backup: true })).outcome).toBe("newer");
    expect(await open.plan()).toMatchObject({ headsBefore: ["d"], headsAfter: ["d"], steps: [] });
    expect([files(path), told(path)]).toEqual(before);
  });

  test.each<[newest: string, head: string, details: object]>([
    ["a", "d", { missing: ["b"], readable: false }],
    ["d", "e", { missing: ["e"], readable: false }],
    ["d", "f", { missing: ["e"], readable: false }],
  ])("is refused by code at %s when it is at %s", async (newest, head, details) => {
    const path = await databaseAt(head);
    const error = await failureOf(migratorFor(path, release(newest)).upgrade("head", { newer: "allow" }));
    expect(error).toMatchObject({ code: "SKM_DATABASE_NEWER", exitCode: 11, details });
    expect(error.hint).toMatch(/update the program/);
    expect(versions(path)).toEqual([head]);
  });

  test("is refused without being asked for", async () => {
    const path = await databaseAt("d");
    const error = await failureOf(migratorFor(path, release("c")).upgrade());
    expect(error).toMatchObject({
      code: "SKM_DATABASE_NEWER",
      details: { rows: ["d"], unknown: ["d"], minimumReaders: ["b"], readable: true },
    });
    expect(error.hint).toContain("--allow-newer");
  });

  test.each<[command: string, run: (migrator: Migrator) => Promise<unknown>]>([
    ["upgrade +1", async (migrator) => await migrator.upgrade("+1", { newer: "allow" })],
    ["downgrade -1", async (migrator) => await migrator.downgrade("-1")],
    ["downgrade base", async (migrator) => await migrator.downgrade("base")],
    ["stamp", async (migrator) => await migrator.stamp("a")],
    ["adopt", async (migrator) => await migrator.adopt()],
    ["adopt b", async (migrator) => await migrator.adopt({ target: "b", dryRun: true })],
    ["plan +1", async (migrator) => await migrator.plan("+1")],
    ["diff", async (migrator) => await migrator.diff({ from: "current", to: "database" })],
    ["rehearse", async (migrator) => await migrator.rehearse("-1")],
    ["sql", async (migrator) => await migrator.sql("current:head")],
    ["history", async (migrator) => await migrator.history("current:")],
    ["show current", async (migrator) => await migrator.show("current")],
  ])("is never changed or guessed at: %s", async (_command, run) => {
    const path = await databaseAt("d");
    const error = await failureOf(run(migratorFor(path, release("b"), { newer: "allow" })));
    expect(error).toMatchObject({ code: "SKM_DATABASE_NEWER", exitCode: 11 });
    expect([versions(path), tables(path)]).toEqual([["d"], ["a", "b", "c", "d", table]]);
  });

  test("is not adopted where code may not open it, unless its rows are replaced", async () => {
    const path = await databaseAt("f");
    const migrator = migratorFor(path, release("d"));
    expect(await failureOf(migrator.adopt())).toMatchObject({
      code: "SKM_DATABASE_NEWER",
      exitCode: 11,
      details: { missing: ["e"] },
    });
    expect(await failureOf(migrator.adopt({ purge: true }))).toMatchObject({ code: "SKM_ADOPT_DIFFERS" });
    execute(path, "DROP TABLE e; DROP TABLE f");
    expect(await migrator.adopt({ purge: true })).toMatchObject({ outcome: "stamped", heads: ["d"] });
    expect(versions(path)).toEqual(["d"]);
  });

  test("is unknown where nothing was noted about its heads", async () => {
    const path = await databaseAt("d");
    execute(path, "UPDATE alembic_version SET version_num = 'x'");
    for (const newer of ["refuse", "allow"] as const) {
      const error = await failureOf(migratorFor(path, release("b"), { newer }).upgrade());
      expect(error).toMatchObject({ code: "SKM_VERSION_UNKNOWN", exitCode: 9 });
    }
  });

  test.each([
    ["readers", "'no list'"],
    ["minimum_readers", "'[1]'"],
    ["minimum_readers", "'[]'"],
    ["readers", "x'00'"],
  ])("is unknown where what was noted is damaged: %s = %s", async (column, value) => {
    const path = await databaseAt("d");
    execute(path, `UPDATE ${table} SET ${column} = ${value}`);
    const error = await failureOf(migratorFor(path, release("b"), { newer: "allow" }).upgrade());
    expect(error.code).toBe("SKM_VERSION_UNKNOWN");
  });
});

describe("how a database stands to the revisions", () => {
  test.each<[code: string, head: string, standing: object]>([
    ["d", "d", { kind: "known", heads: ["d"] }],
    ["f", "a", { kind: "known", heads: ["a"] }],
    ["b", "d", { kind: "newer", heads: ["d"], unknown: ["d"], minimumReaders: ["b"] }],
    ["d", "f", { kind: "too-new", heads: ["f"], unknown: ["f"], missing: ["e"], pending: [] }],
  ])("of the release %s at %s", async (code, head, standing) => {
    const path = await databaseAt(head);
    expect(await migratorFor(path, release(code)).standing()).toMatchObject(standing);
  });

  test("is not said where the revisions are broken, and its own may be one of these", async () => {
    const path = await databaseAt("d");
    const broken = migratorFor(path, [...release("b"), revision("d", "gone")]);
    for (const look of [() => broken.standing(), () => broken.describeCurrent()])
      expect(await failureOf(look())).toMatchObject({ code: "SKM_GRAPH_MISSING", exitCode: 4 });
    const other = migratorFor(path, [...release("d"), revision("x", "gone")]);
    expect((await other.standing()).kind).toBe("known");
  });

  test("is not known where it says nothing, and known where there is none", async () => {
    const path = await databaseAt("b");
    const before = readRows(path, "SELECT * FROM sqlite_schema");
    const standing = await migratorFor(path, release("a")).standing();
    expect(standing).toEqual({ kind: "unknown", heads: ["b"], unknown: ["b"] });
    expect(readRows(path, "SELECT * FROM sqlite_schema")).toEqual(before);
    const none = temporaryPath();
    expect(await migratorFor(none, releases).standing()).toEqual({ kind: "known", heads: [] });
    expect(existsSync(none)).toBe(false);
  });
});

describe("an old release that waits for a new one", () => {
  /** Runs the new release when the old one has planned and not begun: as if it had waited for the lock. */
  function overtaken(path: string, old: string, newest: string, options: Partial<MigratorOptions>): Migrator {
    let isDone = false;
    const first: Revision = {
      ...revision(old, old === "b" ? "a" : "b", {
        minimumReader: releases.find((one) => one.revision === old)?.minimumReader,
      }),
      upgrade: async (op) => {
        if (!isDone) {
          isDone = true;
          await migratorFor(path, release(newest)).upgrade();
        }
        op.execute(sql`CREATE TABLE ${old}_old (x)`);
      },
    };
    return migratorFor(path, [...release(old).slice(0, -1), first], options);
  }

  test("finds its revisions applied, and opens the database", async () => {
    const path = temporaryPath();
    const result = await overtaken(path, "b", "d", { newer: "allow" }).upgrade();
    expect(result).toMatchObject({ outcome: "newer", headsBefore: [], headsAfter: ["d"], steps: [] });
    expect(tables(path)).toEqual(["a", "b", "c", "d", table]);
  });

  test.each<[newest: string, outcome: string]>([
    ["d", "newer"],
    ["f", "SKM_DATABASE_NEWER"],
  ])("and really waits for its lock, while that goes to %s: %s", async (newest, outcome) => {
    const path = temporaryPath();
    const holds = Promise.withResolvers<undefined>();
    const waits = Promise.withResolvers<undefined>();
    const slow: Revision = {
      ...revision("a", null),
      upgrade: async (op) => {
        op.createTable({ name: "a", columns: [{ name: "id", type: "INTEGER", primaryKey: true }] });
        await op.query("SELECT 1 AS one");
        holds.resolve(undefined);
        await waits.promise;
      },
    };
    const running = migratorFor(path, [slow, ...release(newest).slice(1)]).upgrade();
    await holds.promise;
    const onEvent = ({ kind }: RunEvent): void => {
      if (kind === "wait") waits.resolve(undefined);
    };
    const old = await migratorFor(path, release("b"), { newer: "allow", onEvent })
      .upgrade()
      .then(
        (result) => result.outcome,
        (error: MigrationError) => error.code,
      );
    expect(old).toBe(outcome);
    expect((await running).headsAfter).toEqual([newest]);
    expect(versions(path)).toEqual([newest]);
  });

  test("is refused where the new one has broken something", async () => {
    for (const newer of ["allow", "refuse"] as const) {
      const error = await failureOf(overtaken(temporaryPath(), "b", "f", { newer }).upgrade());
      expect(error).toMatchObject({ code: "SKM_DATABASE_NEWER", details: { readable: false } });
    }
  });

  test("is refused where it did not ask to open it", async () => {
    const error = await failureOf(overtaken(temporaryPath(), "b", "d", {}).upgrade());
    expect(error).toMatchObject({ code: "SKM_DATABASE_NEWER", details: { readable: true } });
  });
});
