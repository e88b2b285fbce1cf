import { describe, expect, test } from "vitest";
import type { Revision } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { migratorFor, temporaryPath, versions } from "../support/temporary-database.ts";

const base: Revision = {
  revision: "a",
  downRevision: null,
  upgrade: (op) =>
    op.executeScript(`
      CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT, note TEXT);
      CREATE TABLE shelf (id INTEGER PRIMARY KEY);
      CREATE TABLE odd (a, b, PRIMARY KEY (a));
      CREATE VIEW titles AS SELECT title FROM book;
    `),
};

const next = (upgrade: Revision["upgrade"], minimumReader: Revision["minimumReader"] = "a"): Revision => ({
  revision: "b",
  downRevision: "a",
  minimumReader,
  upgrade,
});

const script =
  (sql: string): Revision["upgrade"] =>
  (op) =>
    op.executeScript(sql);

async function warningsOf(revision: Revision): Promise<readonly string[]> {
  const migrator = migratorFor(temporaryPath(), [base, revision]);
  await migrator.upgrade("a");
  const { steps } = await migrator.plan("head");
  return steps.flatMap(({ warnings }) =>
    warnings.filter(({ code }) => code === "SKM_LINT_READER").map(({ message }) => message),
  );
}

const about = (what: string): string => `${what}, and code that knows "a" may open the database`;

describe("a revision that says that older code may open the database", () => {
  test.each<[title: string, upgrade: Revision["upgrade"], breaks: readonly string[]]>([
    ["drops a table", (op) => op.dropTable("shelf"), ['table "shelf" goes']],
    ["drops a table in SQL", script("DROP TABLE shelf"), ['table "shelf" goes']],
    ["renames a table", (op) => op.renameTable("shelf", "board"), ['table "shelf" goes']],
    ["drops a column", (op) => op.dropColumn("book", "note"), ['column "book.note" goes']],
    ["drops a column in SQL", script("ALTER TABLE book DROP note"), ['column "book.note" goes']],
    ["renames a column", (op) => op.renameColumn("book", "note", "memo"), ['column "book.note" goes']],
    ["drops a view", script("DROP VIEW titles"), ['view "titles" goes']],
    [
      "adds a column that needs a value",
      script("ALTER TABLE shelf ADD name TEXT NOT NULL"),
      ['column "shelf.name" is NOT NULL without a default'],
    ],
    [
      "no longer accepts NULL",
      (op) => op.alterColumn("book", "note", { nullable: false }),
      ['column "book.note" no longer accepts NULL'],
    ],
    [
      "adds constraints",
      (op) => {
        op.createUniqueConstraint("book", { name: "uq", columns: ["title"] });
        op.createCheckConstraint("book", { name: "ck", expression: "title <> ''" });
      },
      [
        'table "book" gets a UNIQUE constraint, which may refuse what is written',
        'table "book" gets a CHECK constraint, which may refuse what is written',
      ],
    ],
    [
      "adds a unique index",
      script("CREATE UNIQUE INDEX ix ON book (title)"),
      ['table "book" gets a unique index, which may refuse what is written'],
    ],
  ])("and %s is warned about", async (_title, upgrade, breaks) => {
    expect(await warningsOf(next(upgrade))).toEqual(breaks.map(about));
  });

  test.each<[title: string, upgrade: Revision["upgrade"]]>([
    [
      "adds tables, columns, indexes and views",
      script(`
        CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        ALTER TABLE book ADD author INTEGER REFERENCES author (id);
        ALTER TABLE shelf ADD name TEXT NOT NULL DEFAULT '';
        CREATE INDEX ix ON book (author);
        CREATE VIEW names AS SELECT name FROM author;
        INSERT INTO shelf (id) VALUES (1);
      `),
    ],
    [
      "puts another view in the place of one",
      script("DROP VIEW titles; CREATE VIEW titles AS SELECT title, id FROM book"),
    ],
    ["uses a table that comes and goes", script("CREATE TABLE tmp (x NOT NULL); DROP TABLE tmp")],
  ])("and %s is not", async (_title, upgrade) => {
    expect(await warningsOf(next(upgrade))).toEqual([]);
  });

  test("is refused with lint: refuse, before anything runs", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, [base, next((op) => op.dropTable("shelf"))]);
    await migrator.upgrade("a");
    const error = await failureOf(migrator.upgrade("head", { lint: "refuse" }));
    expect(error).toMatchObject({ code: "SKM_LINT", message: expect.stringContaining("SKM_LINT_READER") });
    expect(versions(path)).toEqual(["a"]);
  });

  test("is a warning of verify", async () => {
    const revisions = [base, next((op) => op.dropTable("shelf"))];
    const { findings, isSound } = await migratorFor(temporaryPath(), revisions).verify();
    expect(findings).toContainEqual({
      kind: "breaks-readers",
      severity: "warning",
      revision: "b",
      way: "up",
      message: about('table "shelf" goes'),
      lines: [],
    });
    expect(isSound).toBe(true);
  });
});

test.each([undefined, "b"])("a breaking revision may do what it likes: %s", async (reader) => {
  expect(await warningsOf({ ...next((op) => op.dropTable("shelf")), minimumReader: reader })).toEqual([]);
});
