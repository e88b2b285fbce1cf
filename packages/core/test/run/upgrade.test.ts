import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Operations, RunEvent } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import {
  execute,
  migratorFor,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

const failing = chain({
  upgrade: (op: Operations) => {
    op.createTable({ name: "c", columns: [{ name: "id" }] });
    op.execute("INSERT INTO nowhere VALUES (1)");
  },
});

describe("a run", () => {
  test("applies what is missing, in order, and reads the result back", async () => {
    const path = temporaryPath();
    const result = await migratorFor(path, chain()).upgrade();
    expect(result).toMatchObject({
      command: "upgrade",
      outcome: "applied",
      headsBefore: [],
      headsAfter: ["c"],
    });
    expect(result.steps.map((step) => [step.revision, step.headsAfter, step.statements])).toEqual([
      ["a", ["a"], 1],
      ["b", ["b"], 1],
      ["c", ["c"], 1],
    ]);
    expect([tables(path), versions(path)]).toEqual([["a", "b", "c"], ["c"]]);
  });

  test("has nothing to do the second time", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).upgrade();
    const result = await migratorFor(path, chain()).upgrade();
    expect(result).toEqual({
      command: "upgrade",
      outcome: "nothing-to-do",
      headsBefore: ["c"],
      headsAfter: ["c"],
      steps: [],
    });
  });

  test("emits its events in order", async () => {
    const events: RunEvent[] = [];
    await migratorFor(temporaryPath(), chain().slice(0, 1), {
      onEvent: (event) => events.push(event),
    }).upgrade();
    expect(events.map((event) => event.kind)).toEqual([
      "run-start",
      "step-start",
      "statement",
      "step-end",
      "commit",
      "run-end",
    ]);
  });
});

describe("a failing revision", () => {
  test("leaves nothing of the whole run and says where it failed", async () => {
    const path = temporaryPath();
    const error = await failureOf(migratorFor(path, failing).upgrade());
    expect(error).toMatchObject({ code: "SKM_MIGRATION_FAILED", exitCode: 7 });
    expect(error.details).toMatchObject({
      revision: "c",
      direction: "upgrade",
      statement: 2,
      sql: "INSERT INTO nowhere VALUES (1)",
      applied: [],
      pending: ["a", "b", "c"],
      heads: [],
    });
    expect(tables(path)).toEqual([]);
  });

  test("leaves the revisions before it when each has its own transaction", async () => {
    const path = temporaryPath();
    const error = await failureOf(migratorFor(path, failing, { transactionPer: "revision" }).upgrade());
    expect(error.details).toMatchObject({ applied: ["a", "b"], pending: ["c"], heads: ["b"] });
    expect([tables(path), versions(path)]).toEqual([["a", "b"], ["b"]]);
  });

  test("that fails before it asks the database anything does not even create the file", async () => {
    const path = temporaryPath();
    const thrower = chain({
      upgrade: () => {
        throw new Error("not today");
      },
    });
    const error = await failureOf(migratorFor(path, thrower).upgrade());
    expect(error).toMatchObject({ code: "SKM_MIGRATION_FAILED", details: { revision: "c", heads: [] } });
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    ["an operation that is wrong", (op: Operations) => op.dropTable(""), "SKM_IDENTIFIER"],
    ["transaction control", (op: Operations) => op.execute("/* x */ ;; COMMIT"), "SKM_TX_ESCAPED"],
    ["two statements", (op: Operations) => op.execute("SELECT 1; SELECT 2"), "SKM_SQL_MULTI"],
    [
      "a statement that cannot run in a transaction",
      (op: Operations) => op.execute("VACUUM"),
      "SKM_SQL_FORBIDDEN",
    ],
    ["another database", (op: Operations) => op.execute("ATTACH 'x' AS y"), "SKM_SQL_FORBIDDEN"],
    ["a query nobody waits for", (op: Operations) => void op.query("SELECT 1"), "SKM_OP_AFTER_END"],
    [
      "an operation after its end",
      (op: Operations) =>
        void Promise.resolve().then(() => {
          try {
            op.execute("SELECT 1");
          } catch {
            /* reported by the run */
          }
        }),
      "SKM_OP_AFTER_END",
    ],
    [
      "a change of the version rows",
      (op: Operations) => op.execute("UPDATE alembic_version SET version_num = 'x'"),
      "SKM_VERSION_MOVED",
    ],
    [
      "null thrown",
      () => {
        throw null;
      },
      "SKM_MIGRATION_FAILED",
    ],
  ])("is refused for %s, with the database unchanged", async (_, upgrade, code) => {
    const path = temporaryPath();
    await migratorFor(path, chain()).upgrade("b");
    const error = await failureOf(migratorFor(path, chain({ upgrade })).upgrade());
    expect(error).toMatchObject({ code, exitCode: 7, details: { revision: "c", heads: ["b"] } });
    expect([tables(path), versions(path)]).toEqual([["a", "b"], ["b"]]);
  });
});

describe("a revision that asks the database", () => {
  const moveData = revision("move", null, {
    upgrade: async (op: Operations) => {
      op.createTable({ name: "n", columns: [{ name: "v", type: "INTEGER" }] });
      op.bulkInsert("n", [{ v: 1 }, { v: 2 }, { v: 3 }]);
      const rows = await op.query("SELECT sum(v) AS total FROM n");
      op.execute("INSERT INTO n VALUES (?)", [rows[0]?.["total"] ?? null]);
      const [again] = await op.query("SELECT sum(v) AS total FROM n");
      op.execute("INSERT INTO n VALUES (?)", [again?.["total"] ?? null]);
    },
  });

  test("sees what it has recorded before", async () => {
    const path = temporaryPath();
    const result = await migratorFor(path, [moveData]).upgrade();
    expect(readRows(path, "SELECT v FROM n")).toEqual([[1], [2], [3], [6], [12]]);
    expect(result.steps[0]?.statements).toBe(6);
  });

  test("may catch a failing question and go on", async () => {
    const path = temporaryPath();
    const careful = revision("careful", null, {
      upgrade: async (op: Operations) => {
        const known = await op.query("SELECT * FROM legacy").then(
          () => true,
          () => false,
        );
        op.createTable({ name: known ? "known" : "unknown", columns: [{ name: "id" }] });
      },
    });
    await migratorFor(path, [careful]).upgrade();
    expect(tables(path)).toEqual(["unknown"]);
  });

  test("fails with its statement when the question fails", async () => {
    const asking = revision("asking", null, {
      upgrade: async (op: Operations) => {
        op.execute("SELECT 1");
        await op.query("SELECT * FROM nowhere");
      },
    });
    const error = await failureOf(migratorFor(temporaryPath(), [asking]).upgrade());
    expect(error).toMatchObject({
      code: "SKM_MIGRATION_FAILED",
      details: { revision: "asking", statement: 2, sql: "SELECT * FROM nowhere" },
    });
  });
});

describe("several runs at once", () => {
  test("apply each revision once, and all succeed", async () => {
    const path = temporaryPath();
    const runs = Array.from({ length: 5 }, () => migratorFor(path, chain()).upgrade());
    const outcomes = (await Promise.all(runs)).map((result) => result.outcome).toSorted();
    expect(outcomes).toEqual(["applied", ...Array.from({ length: 4 }, () => "nothing-to-do")]);
    expect(versions(path)).toEqual(["c"]);
  });

  test("of +1 go one revision further together, not one each", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).upgrade("a");
    await Promise.all([migratorFor(path, chain()).upgrade("+1"), migratorFor(path, chain()).upgrade("+1")]);
    expect(versions(path)).toEqual(["b"]);
  });

  test("on one migrator take turns", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain());
    const [up, down] = await Promise.all([migrator.upgrade(), migrator.downgrade("a")]);
    expect([up.headsAfter, down.headsAfter]).toEqual([["c"], ["a"]]);
  });
});

describe("the version table", () => {
  test.each([
    ["a view", "CREATE VIEW alembic_version AS SELECT 'a' AS version_num", "SKM_VERSION_SHAPE"],
    ["a virtual table", "CREATE VIRTUAL TABLE alembic_version USING fts5(version_num)", "SKM_VERSION_SHAPE"],
    ["without its column", "CREATE TABLE alembic_version (x)", "SKM_VERSION_SHAPE"],
    [
      "with another NOT NULL column",
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, applied_at TEXT NOT NULL)",
      "SKM_VERSION_SHAPE",
    ],
    [
      "holding NULL",
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES (NULL)",
      "SKM_VERSION_SHAPE",
    ],
    [
      "holding a number",
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES (1)",
      "SKM_VERSION_SHAPE",
    ],
    [
      "holding a BLOB",
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES (x'61')",
      "SKM_VERSION_SHAPE",
    ],
    [
      "holding an empty text",
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('')",
      "SKM_VERSION_SHAPE",
    ],
    [
      "holding a padded id",
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('a ')",
      "SKM_VERSION_SHAPE",
    ],
    [
      "holding an ancestor and its descendant",
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('a'), ('b')",
      "SKM_VERSION_SHAPE",
    ],
    [
      "holding an unknown revision",
      "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('zzz')",
      "SKM_VERSION_UNKNOWN",
    ],
  ])("that is %s stops the run with the database unchanged", async (_, sql, code) => {
    const path = temporaryPath();
    execute(path, sql);
    const error = await failureOf(migratorFor(path, chain()).upgrade());
    expect(error).toMatchObject({ code, exitCode: 9 });
    expect(tables(path).filter((name) => name === "a")).toEqual([]);
  });

  test("may have another name, however odd", async () => {
    const path = temporaryPath();
    const versionTable = 'x"; DROP TABLE y;--';
    await migratorFor(path, chain(), { versionTable }).upgrade();
    expect(readRows(path, `SELECT * FROM "x""; DROP TABLE y;--"`)).toEqual([["c"]]);
  });

  test("that is empty counts as base, as after Alembic's downgrade", async () => {
    const path = temporaryPath();
    execute(
      path,
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    );
    expect((await migratorFor(path, chain()).upgrade("a")).headsAfter).toEqual(["a"]);
  });
});
