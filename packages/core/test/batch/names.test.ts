import { describe, expect, test } from "vitest";
import type { BatchOperations, Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

function database(script: string): string {
  const path = temporaryPath();
  execute(path, script);
  return path;
}

async function migrate(path: string, upgrade: (op: Operations) => void): Promise<void> {
  await migratorFor(path, [{ revision: "one", downRevision: null, upgrade }]).upgrade();
}

const textOf = (path: string, name: string): unknown =>
  readRows(path, `SELECT sql FROM sqlite_schema WHERE name = '${name}'`)[0]?.[0];

const rebuild = (op: Operations, table = "t"): void =>
  op.batchAlterTable(table, { recreate: "always" }, () => undefined);

describe("the name of the new table", () => {
  test.each(["TABLE", "VIEW"])("is none of a temporary %s, which would be found first", async (kind) => {
    const path = database("CREATE TABLE t (a); INSERT INTO t VALUES ('kept')");
    await migrate(path, (op) => {
      op.execute(`CREATE TEMP ${kind} _new_T ${kind === "VIEW" ? "AS SELECT 1 AS a" : "(a)"}`);
      rebuild(op);
    });
    expect(readRows(path, "SELECT * FROM t")).toEqual([["kept"]]);
  });

  test("is none that a foreign key, view or trigger refers to in vain", async () => {
    const key = "CREATE TABLE child (a REFERENCES _new_t (a))";
    const view = "CREATE VIEW v AS SELECT 1 AS '_new_t_2'";
    const path = database(`CREATE TABLE t (a INTEGER PRIMARY KEY); ${key}; ${view}`);
    await migrate(path, rebuild);
    expect([textOf(path, "child"), textOf(path, "v")]).toEqual([key, view]);
  });
});

test.each([
  ["table", "CREATE TEMP TABLE T (a)"],
  ["view", "CREATE TEMP VIEW t AS SELECT 1 AS a"],
])("a table that a temporary %s hides is not changed", async (_, hide) => {
  const path = database("CREATE TABLE t (a); INSERT INTO t VALUES ('kept')");
  const error = await failureOf(
    migrate(path, (op) => {
      op.execute(hide);
      rebuild(op);
    }),
  );
  expect(error).toMatchObject({ code: "SKM_TABLE_DEFINITION" });
  expect(error.message).toContain("temporary");
  expect(readRows(path, "SELECT * FROM t")).toEqual([["kept"]]);
});

const check = { name: "c", kind: "check" } as const;
const twice: readonly (readonly [before: string, change: (batch: BatchOperations) => void, after: string])[] =
  [
    [
      "(a CONSTRAINT c NOT NULL, CONSTRAINT c CHECK (a < 10))",
      (batch) => batch.dropConstraint(check),
      '"t" (a CONSTRAINT c NOT NULL)',
    ],
    [
      "(a, CONSTRAINT c UNIQUE (a), CONSTRAINT c CHECK (a < 10))",
      (batch) => batch.dropConstraint(check),
      '"t" (a, CONSTRAINT c UNIQUE (a))',
    ],
    ["(a NOT NULL NOT NULL)", (batch) => batch.alterColumn("a", { nullable: true }), '"t" (a)'],
  ];

test.each(twice)(
  "of constraints that have the same name, only the one meant goes: %s",
  async (before, body, after) => {
    const path = database(`CREATE TABLE t ${before}; INSERT INTO t VALUES (1)`);
    await migrate(path, (op) => op.batchAlterTable("t", body));
    expect(textOf(path, "t")).toBe(`CREATE TABLE ${after}`);
  },
);

describe("statistics", () => {
  const statistics = "SELECT idx, stat FROM sqlite_stat1 ORDER BY idx";
  const script = `CREATE TABLE t (a UNIQUE, b UNIQUE, c); CREATE INDEX ix ON t (c);
    INSERT INTO t VALUES (1, 2, 3), (4, 5, 3), (7, NULL, 3); ANALYZE`;

  test("of a key are not those of the next one, when it is gone", async () => {
    const path = database(script);
    await migrate(path, (op) => op.dropConstraint("t", { kind: "unique", columns: ["a"] }));
    expect(readRows(path, statistics)).toEqual([["ix", "3 3"]]);
    expect(readRows(path, "SELECT DISTINCT idx FROM sqlite_stat4")).toEqual([["ix"]]);
  });

  test("stay where keys are added", async () => {
    const path = database(script);
    const before = readRows(path, statistics);
    await migrate(path, (op) => op.createUniqueConstraint("t", ["a", "c"]));
    expect(readRows(path, statistics)).toEqual(before);
    expect(before).toHaveLength(3);
  });
});

test.each(["auto", "always"] as const)(
  "an index made and dropped by one batch is not there (%s)",
  async (recreate) => {
    const path = database("CREATE TABLE t (a, b); CREATE INDEX kept ON t (a); CREATE INDEX ix ON t (b)");
    await migrate(path, (op) =>
      op.batchAlterTable("t", { recreate }, (batch) => {
        batch.dropIndex("ix");
        batch.createIndex({ name: "ix", columns: ["a"] });
        batch.dropIndex("IX");
        batch.createIndex({ name: "ix", columns: ["a", "b"] });
      }),
    );
    expect(
      readRows(path, "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 't' ORDER BY 1"),
    ).toEqual([["ix"], ["kept"]]);
    expect(textOf(path, "ix")).toBe("CREATE INDEX ix ON t (a, b)");
  },
);
