import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AdoptOptions, Revision } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import { execute, migratorFor, readRows, temporaryPath, versions } from "../support/temporary-database.ts";

const made = (names: string): string =>
  Array.from(names, (name) => `CREATE TABLE ${name} ("id" integer not null primary key);`).join("");

const databaseWith = (sql: string): string => {
  const path = temporaryPath();
  execute(path, sql);
  return path;
};

const openTable = (path: string, revisions: readonly Revision[] = chain()) => migratorFor(path, revisions);

describe("a database of another tool", () => {
  test.each<[tool: string, sql: string, found: object]>([
    ["none", "", []],
    [
      "Drizzle",
      "CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric); INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('f00', 2), ('ba5', 1);",
      [{ tool: "Drizzle", table: "__drizzle_migrations", applied: 2, last: "f00", unfinished: 0 }],
    ],
    [
      "Prisma Migrate",
      `CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0);
       INSERT INTO _prisma_migrations VALUES ('1', 'c', 5, '2025_init', NULL, NULL, 1, 1), ('2', 'c', NULL, '2025_broken', 'x', NULL, 2, 0);`,
      [{ tool: "Prisma Migrate", table: "_prisma_migrations", applied: 1, last: "2025_init", unfinished: 1 }],
    ],
    [
      "Knex",
      "CREATE TABLE knex_migrations (id integer not null primary key autoincrement, name varchar(255), batch integer, migration_time datetime); CREATE TABLE knex_migrations_lock (\"index\" integer not null primary key autoincrement, is_locked integer); INSERT INTO knex_migrations (name, batch) VALUES ('1.js', 1), ('2.js', 1);",
      [{ tool: "Knex", table: "knex_migrations", applied: 2, last: "2.js", unfinished: 0 }],
    ],
    [
      "Kysely",
      "CREATE TABLE kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null); CREATE TABLE kysely_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null); INSERT INTO kysely_migration VALUES ('a', '2025-01-01'), ('b', '2025-01-02');",
      [{ tool: "Kysely", table: "kysely_migration", applied: 2, last: "b", unfinished: 0 }],
    ],
    [
      "Wrangler D1",
      "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL); CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;",
      [{ tool: "Wrangler D1", table: "d1_migrations", applied: 0, last: null, unfinished: 0 }],
    ],
    [
      "somebody who uses the name",
      "CREATE TABLE knex_migrations (a);",
      [{ tool: "Knex", table: "knex_migrations", applied: null, last: null, unfinished: 0 }],
    ],
  ])("(%s) is stamped where its schema is that of a revision", async (_, sql, tools) => {
    const path = databaseWith(`${made("ab")}INSERT INTO a VALUES (7);${sql}`);
    const before = readRows(path, "SELECT name, sql FROM sqlite_schema ORDER BY name");
    expect(await openTable(path).adopt()).toEqual({
      outcome: "stamped",
      heads: ["b"],
      headsBefore: [],
      tools,
    });
    expect(versions(path)).toEqual(["b"]);
    const after = readRows(
      path,
      "SELECT name, sql FROM sqlite_schema WHERE tbl_name <> 'alembic_version' ORDER BY name",
    );
    expect([after, readRows(path, "SELECT id FROM a")]).toEqual([before, [[7]]]);
    expect((await openTable(path).upgrade()).headsAfter).toEqual(["c"]);
    expect((await openTable(path).adopt()).outcome).toBe("confirmed");
  });

  test("is not touched by a dry run", async () => {
    const path = databaseWith(made("abc"));
    const bytes = readFileSync(path);
    expect(await openTable(path).adopt({ dryRun: true })).toMatchObject({ outcome: "proven", heads: ["c"] });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});

describe("nothing is stamped", () => {
  test("when the schema differs; the nearest revision and the differences are named", async () => {
    const path = databaseWith(
      "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, x); CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY); CREATE INDEX i ON a (x);",
    );
    const bytes = readFileSync(path);
    const failure = await failureOf(openTable(path).adopt());
    expect(failure).toMatchObject({ code: "SKM_ADOPT_DIFFERS", exitCode: 9, details: { heads: ["b"] } });
    expect(failure.message).toContain('the nearest is "b", which this would turn into it:\n  ');
    expect(failure.message).toContain('add column "a.x"');
    expect(failure.message).toContain('create index "i"');
    expect(await failureOf(openTable(path).adopt({ target: "a" }))).toMatchObject({
      details: { heads: ["a"] },
    });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(
      await openTable(databaseWith(`${made("ab")}CREATE TABLE log (x); CREATE INDEX l ON log (x);`)).adopt({
        exclude: ["lo*"],
      }),
    ).toMatchObject({ heads: ["b"] });
  });

  test("when revisions differ in rows only, unless one is named", async () => {
    const revisions = [
      ...chain().slice(0, 2),
      revision("rows", "b", { upgrade: (op) => op.execute("DELETE FROM a") }),
    ];
    const path = databaseWith(made("ab"));
    expect(await failureOf(openTable(path, revisions).adopt())).toMatchObject({
      code: "SKM_ADOPT_AMBIGUOUS",
      details: { candidates: ["b", "rows"] },
    });
    expect(await openTable(path, revisions).adopt({ target: "head" })).toMatchObject({ heads: ["rows"] });
  });

  test("over version rows that are not known here, without purge", async () => {
    const path = databaseWith(
      `${made("ab")}CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)); INSERT INTO alembic_version VALUES ('py1');`,
    );
    expect(await failureOf(openTable(path).adopt())).toMatchObject({
      code: "SKM_VERSION_UNKNOWN",
      exitCode: 9,
    });
    expect(versions(path)).toEqual(["py1"]);
    expect(await openTable(path).adopt({ purge: true })).toMatchObject({
      outcome: "stamped",
      headsBefore: ["py1"],
    });
    expect(versions(path)).toEqual(["b"]);
  });

  test.each<[title: string, options: AdoptOptions]>([
    ["an empty database", {}],
    ["an empty database that is said to be at a revision", { target: "b" }],
  ])("in %s, for which there is `upgrade`", async (_title, options) => {
    const path = databaseWith("CREATE TABLE knex_migrations (a)");
    expect(await failureOf(openTable(path).adopt(options))).toMatchObject({
      code: "SKM_ADOPT_DIFFERS",
      message: expect.stringContaining("the database is empty") as string,
      hint: expect.stringContaining("run `upgrade`") as string,
    });
  });

  test("without revisions", async () => {
    const failure = await failureOf(openTable(databaseWith(made("a")), []).adopt());
    expect([failure.code, failure.message]).toEqual([
      "SKM_ADOPT_DIFFERS",
      expect.stringContaining("there are no revisions"),
    ]);
  });

  test("at base in a database that holds something", async () => {
    expect(await failureOf(openTable(databaseWith(made("a"))).adopt({ target: "base" }))).toMatchObject({
      code: "SKM_ADOPT_DIFFERS",
      message: expect.stringContaining("not that of base, which") as string,
      details: { heads: [] },
    });
  });

  test("where a name to leave out is mistyped", async () => {
    const path = databaseWith(`${made("ab")}CREATE TABLE audit (x)`);
    expect(await failureOf(openTable(path).adopt({ exclude: ["audt"] }))).toMatchObject({
      code: "SKM_USAGE",
      hint: 'did you mean "audit"?',
    });
    const exclude = ["AUDIT", "c", "none_*"];
    expect(await openTable(path).adopt({ exclude, target: "b" })).toMatchObject({ heads: ["b"] });
  });

  test("where there is no database", async () => {
    expect(await failureOf(openTable(temporaryPath()).adopt())).toMatchObject({ code: "SKM_DB_MISSING" });
  });
});

test("an empty database is at base, whatever its version rows said", async () => {
  const path = databaseWith("CREATE TABLE log (x)");
  const target = { target: "base", exclude: ["log"] };
  expect(await openTable(path).adopt(target)).toMatchObject({ outcome: "confirmed", heads: [] });
  await openTable(path).stamp("b");
  expect(await openTable(path).adopt(target)).toMatchObject({ outcome: "stamped", headsBefore: ["b"] });
  expect(versions(path)).toEqual([]);
});

test("branches are stamped together", async () => {
  const revisions = [revision("a", null), revision("b", "a"), revision("c", "a")];
  const path = databaseWith(made("abc"));
  expect(await openTable(path, revisions).adopt()).toMatchObject({ heads: ["b", "c"] });
  expect(versions(path)).toEqual(["b", "c"]);
});
