import { expect, test } from "vitest";
import { sql, type Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { revision } from "../support/revisions.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

test.each<[what: string, upgrade: (op: Operations) => void, hint: string]>([
  [
    "a NOT NULL column without a default",
    (op) => op.addColumn("t", { name: "b", type: "TEXT", nullable: false }),
    "give the column a default",
  ],
  [
    "a computed default in raw SQL",
    (op) => op.execute("ALTER TABLE t ADD COLUMN b DEFAULT CURRENT_TIMESTAMP"),
    "use op.addColumn",
  ],
  [
    "a reference with a default in raw SQL",
    (op) => op.execute("ALTER TABLE t ADD COLUMN b DEFAULT 1 REFERENCES t (a)"),
    "use op.addColumn",
  ],
  [
    "a unique index over equal values",
    (op) => {
      op.execute("CREATE TABLE u (a)");
      op.execute("INSERT INTO u VALUES (1), (1)");
      op.createIndex({ name: "ix", table: "u", columns: ["a"], unique: true });
    },
    "have the same values",
  ],
])("a table with rows refuses %s, with a way out", async (_what, upgrade, hint) => {
  const path = temporaryPath();
  execute(path, "CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
  const error = await failureOf(migratorFor(path, [revision("one", null, { upgrade })]).upgrade());
  expect(error).toMatchObject({ code: "SKM_MIGRATION_FAILED", hint: expect.stringContaining(hint) });
});

test.each<[what: string, add: (op: Operations) => void]>([
  [
    "a computed default",
    (op) => op.addColumn("t", { name: "b", type: "TEXT", default: sql`CURRENT_TIMESTAMP` }),
  ],
  [
    "a reference with a default",
    (op) =>
      op.addColumn("t", { name: "b", type: "INT", default: 1, references: { table: "t", column: "a" } }),
  ],
])("op.addColumn adds %s to a table with rows", async (_what, upgrade) => {
  const path = temporaryPath();
  execute(path, "CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
  await migratorFor(path, [revision("one", null, { upgrade })]).upgrade();
  expect(readRows(path, "SELECT count(*) FROM t WHERE b IS NOT NULL")).toEqual([[1]]);
});

test.each<[where: string, first: boolean]>([
  ["at the first revision", true],
  ["not at a later one, which may have made it itself", false],
])("a table that is there already suggests a stamp, %s", async (_where, first) => {
  const path = temporaryPath();
  if (first) execute(path, "CREATE TABLE t (a)");
  const create = (op: Operations): void => op.createTable({ name: "t", columns: [{ name: "a" }] });
  const chain = [revision("one", null, { upgrade: create }), revision("two", "one", { upgrade: create })];
  const error = await failureOf(migratorFor(path, chain).upgrade());
  expect(error.message).toContain("already exists");
  expect(error.hint?.includes("stamp") ?? false).toBe(first);
});
