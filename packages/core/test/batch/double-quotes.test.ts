import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { Operations } from "@skillmeat/migrate-core";
import { withSingleQuotes } from "../../src/batch/quoted-strings.ts";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

/** Makes a database with an engine that takes a word in double quotes for a string, as Python's does. */
function database(script: string): string {
  const path = temporaryPath();
  const loose = new DatabaseSync(path, { enableDoubleQuotedStringLiterals: true });
  try {
    loose.exec(script);
  } finally {
    loose.close();
  }
  return path;
}

async function migrate(path: string, upgrade: (op: Operations) => void): Promise<void> {
  await migratorFor(path, [{ revision: "one", downRevision: null, upgrade }]).upgrade();
}

const schema = `CREATE TABLE "t" (
  "a" TEXT CONSTRAINT "x" CHECK ("a" IN ("x", "it""s")), -- "x"
  b TEXT DEFAULT "b",
  g TEXT AS ("a" || "z"),
  CHECK ("t"."a" <> "" COLLATE "nocase")
);
CREATE INDEX "i" ON "t" ("a", (b || "k")) WHERE "b" <> "q";
INSERT INTO t (a) VALUES ('x'), ('it"s');`;

const changes: readonly (readonly [string, (op: Operations) => void, renamed: string])[] = [
  ["a rebuild", (op) => op.alterColumn("t", "b", { type: "VARCHAR (9)" }), "a"],
  ["a renamed column", (op) => op.renameColumn("t", "a", "c"), "c"],
  [
    "a dropped column",
    (op) => {
      op.dropIndex("i");
      op.dropColumn("t", "b");
    },
    "a",
  ],
  ["a new column with the name of a string", (op) => op.addColumn("t", { name: "x", unique: true }), "a"],
];

describe("a table with strings in double quotes", () => {
  test.each(changes)("takes %s, and its checks say what they said", async (_, change, name) => {
    const path = database(schema);
    await migrate(path, change);
    expect(readRows(path, `SELECT ${name}, g FROM t`)).toEqual([
      ["x", "xz"],
      ['it"s', 'it"sz'],
    ]);
    execute(path, `INSERT INTO t (${name}) VALUES ('x')`);
    for (const value of ["'y'", "''"]) {
      expect(() => execute(path, `INSERT INTO t (${name}) VALUES (${value})`)).toThrow(
        "CHECK constraint failed",
      );
    }
  });

  test("keeps everything else of its text", async () => {
    const path = database(schema);
    await migrate(path, (op) => op.batchAlterTable("t", { recreate: "always" }, () => undefined));
    expect(readRows(path, "SELECT sql FROM sqlite_schema WHERE name IN ('t', 'i')").flat()).toEqual([
      `CREATE TABLE "t" (
  "a" TEXT CONSTRAINT "x" CHECK ("a" IN ('x', 'it"s')), -- "x"
  b TEXT DEFAULT "b",
  g TEXT AS ("a" || 'z'),
  CHECK ("t"."a" <> '' COLLATE "nocase")
)`,
      `CREATE INDEX "i" ON "t" ("a", (b || 'k')) WHERE "b" <> 'q'`,
    ]);
  });

  test("has a check that is dropped by what it says, in either form", async () => {
    for (const expression of [`"a" IN ("x")`, "a IN ('x')"]) {
      const path = database(`CREATE TABLE t (a, CHECK ("a" IN ("x")))`);
      await migrate(path, (op) => op.dropConstraint("t", { kind: "check", expression }));
      execute(path, "INSERT INTO t VALUES ('y')");
    }
  });

  test("keeps the names of its constraints, whatever they say", async () => {
    const path = database(`CREATE TABLE t (a CONSTRAINT "y" CHECK ("y"), b, CONSTRAINT "y" CHECK ("y"))`);
    await migrate(path, (op) => op.renameColumn("t", "b", "c"));
    expect(readRows(path, "SELECT sql FROM sqlite_schema WHERE name = 't'")).toEqual([
      [`CREATE TABLE "t" (a CONSTRAINT "y" CHECK ('y'), c, CONSTRAINT "y" CHECK ('y'))`],
    ]);
  });
});

test("a new check with a misspelt column in double quotes is refused, and no string", async () => {
  const path = database("CREATE TABLE t (a)");
  const check = (op: Operations): void =>
    op.batchAlterTable("t", { recreate: "always" }, (batch) => batch.createCheckConstraint(`"aa" > 0`));
  expect((await failureOf(migrate(path, check))).message).toContain('no such column: "aa"');
});

test.each([
  [`"a" = "b"`, `"a" = 'b'`],
  [`"A" = "rowid"`, `"A" = "rowid"`],
  ["`b` = [b]", "`b` = [b]"],
  [`"f"("b") || t."b" || "t".b`, `"f"('b') || t."b" || "t".b`],
  [`CAST("x""y" AS "b") COLLATE "b"`, `CAST('x"y' AS "b") COLLATE "b"`],
  [`'"b"' /* "b" */ = "it's"`, `'"b"' /* "b" */ = 'it''s'`],
])("%s becomes %s where the only column is a", (before, after) => {
  expect(withSingleQuotes(before, ["a"])).toBe(after);
});
