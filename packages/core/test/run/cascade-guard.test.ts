import { describe, expect, test } from "vitest";
import type { Driver, MigratorOptions, Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { revision } from "../support/revisions.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  tables,
  temporaryPath,
} from "../support/temporary-database.ts";

/** `metadata` and `links` go with an artifact, `notes` with the metadata, `templates` loses its link. */
const schema = `PRAGMA foreign_keys = OFF;
CREATE TABLE artifacts (id TEXT PRIMARY KEY COLLATE NOCASE, name TEXT);
CREATE TABLE metadata (id INTEGER PRIMARY KEY, artifact TEXT REFERENCES artifacts ON DELETE CASCADE);
CREATE TABLE notes (metadata INTEGER REFERENCES metadata (id) ON DELETE CASCADE);
CREATE TABLE templates (artifact TEXT, FOREIGN KEY (artifact) REFERENCES Artifacts (id) ON DELETE SET NULL);
CREATE TABLE empty (artifact TEXT REFERENCES artifacts ON DELETE CASCADE);
INSERT INTO artifacts VALUES ('a', 'one'), ('b', 'two');
INSERT INTO metadata VALUES (1, 'a'), (2, 'B'), (3, NULL), (4, 'missing');
INSERT INTO notes VALUES (1), (1), (2);
INSERT INTO templates VALUES ('a'), (NULL);`;

const counts = (path: string): unknown =>
  readRows(
    path,
    "SELECT (SELECT count(*) FROM artifacts), (SELECT count(*) FROM metadata), (SELECT count(*) FROM notes), (SELECT count(artifact) FROM templates)",
  )[0];

const untouched = [2, 4, 3, 1];

const endangered = [
  { table: "metadata", action: "cascade", rows: 2 },
  { table: "templates", action: "set null", rows: 1 },
  { table: "notes", action: "cascade", rows: 3 },
];

/** Real engines: one with open transactions, and one that takes a whole unit at once. */
const engines: readonly (readonly [string, (path: string) => Driver])[] = [
  ["interactive", openDriver],
  ["one batch", oneBatchDriver],
];

function run(
  driver: (path: string) => Driver,
  upgrade: (op: Operations) => void | Promise<void>,
  options: Partial<MigratorOptions> = {},
) {
  const path = temporaryPath();
  execute(path, schema);
  const migrator = migratorFor(path, [revision("a", null, { upgrade })], {
    driver: driver(path),
    ...options,
  });
  return { path, done: migrator.upgrade() };
}

const byHand = (op: Operations, drop: (op: Operations) => void): void => {
  op.execute("CREATE TABLE fresh (id TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL)");
  op.execute("INSERT INTO fresh SELECT * FROM artifacts");
  drop(op);
  op.execute("ALTER TABLE fresh RENAME TO artifacts");
};

describe.each(engines)("on an engine that is %s", (kind, driver) => {
  test.each<readonly [string, (op: Operations) => void]>([
    ["op.dropTable", (op) => op.dropTable("artifacts")],
    ["another case and IF EXISTS", (op) => op.dropTable("ARTIFACTS", { ifExists: true })],
    ["raw SQL", (op) => op.execute('DROP TABLE IF EXISTS main."artifacts"')],
    ["a script", (op) => op.executeScript("SELECT 1; DROP TABLE artifacts;")],
    ["a swap by hand", (op) => byHand(op, () => op.execute("DROP TABLE artifacts"))],
  ])("a parent whose children have rows is not dropped by %s", async (_, upgrade) => {
    const { path, done } = run(driver, upgrade);
    const error = await failureOf(done);
    expect(error).toMatchObject({ code: "SKM_CASCADE", exitCode: 9 });
    if (kind === "interactive") expect(error.details).toMatchObject({ endangered });
    expect(error.hint).toMatch(/op\.batchAlterTable\("artifacts"/iu);
    expect(counts(path)).toEqual(untouched);
    expect(tables(path)).not.toContain("fresh");
  });

  test.each<readonly [string, (op: Operations) => void, unknown]>([
    [
      "named tables are given up, in any case",
      (op) => {
        const allowDataLoss = ["Metadata", "notes", "templates", "empty"];
        byHand(op, () => op.execute("DROP TABLE artifacts", [], { allowDataLoss }));
      },
      [2, 2, 0, 0],
    ],
    [
      "rows are removed before",
      (op) => {
        op.execute("DELETE FROM metadata");
        op.execute("UPDATE templates SET artifact = NULL");
        op.dropTable("artifacts");
        op.execute("CREATE TABLE artifacts (id TEXT)");
      },
      [0, 0, 0, 0],
    ],
    [
      "children are dropped before",
      (op) => {
        for (const name of ["notes", "metadata", "templates", "empty", "artifacts"]) op.dropTable(name);
        op.executeScript(
          "CREATE TABLE artifacts (id); CREATE TABLE metadata (id); CREATE TABLE notes (id); CREATE TABLE templates (artifact)",
        );
      },
      [0, 0, 0, 0],
    ],
    [
      "a table that only refers to others is dropped",
      (op) => {
        op.dropTable("notes");
        op.execute("CREATE TABLE notes (id)");
      },
      [2, 4, 0, 1],
    ],
  ])("a drop goes through when %s", async (_, upgrade, left) => {
    const { path, done } = run(driver, upgrade);
    await done;
    expect(counts(path)).toEqual(left);
  });

  test("a table that is not named is still protected", async () => {
    const { path, done } = run(driver, (op) => {
      op.dropTable("artifacts", { allowDataLoss: ["metadata", "notes"] });
    });
    const error = await failureOf(done);
    expect(error).toMatchObject({ code: "SKM_CASCADE" });
    expect(error.message).toContain('"templates"');
    expect(error.message).not.toContain('"metadata"');
    expect(counts(path)).toEqual(untouched);
  });
});

test("with foreign keys suspended a swap by hand keeps every row", async () => {
  const { path, done } = run(openDriver, (op) => byHand(op, () => op.dropTable("artifacts")), {
    foreignKeys: "suspended",
  });
  await done;
  expect(counts(path)).toEqual(untouched);
});

test("rows that a query has seen are protected like others", async () => {
  const { path, done } = run(openDriver, async (op) => {
    await op.query("SELECT 1");
    op.dropTable("artifacts");
  });
  expect(await failureOf(done)).toMatchObject({ code: "SKM_CASCADE" });
  expect(counts(path)).toEqual(untouched);
});

test("the option is checked where it is written", async () => {
  const { done } = run(openDriver, (op) => {
    // @ts-expect-error names stand in an array
    op.execute("DROP TABLE artifacts", [], { allowDataLoss: "metadata" });
  });
  expect((await failureOf(done)).message).toContain("allowDataLoss of options in op.execute");
});
