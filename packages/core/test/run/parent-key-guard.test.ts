import { describe, expect, test } from "vitest";
import type { Driver, Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { revision } from "../support/revisions.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

const schema = `CREATE TABLE parent (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE UNIQUE INDEX ux_ab ON parent (a, b);
CREATE UNIQUE INDEX ux_part ON parent (a) WHERE b IS NULL;
CREATE INDEX ix_b ON parent (b);
CREATE TABLE "it's child" (x TEXT, y TEXT, FOREIGN KEY (y, x) REFERENCES Parent (B, A));
CREATE TABLE other (p REFERENCES parent);
INSERT INTO parent VALUES (1, 'a', 'b');
INSERT INTO "it's child" VALUES ('a', 'b');`;

/** Real engines: one with open transactions, and one that takes a whole unit at once. */
const engines: readonly (readonly [string, (path: string) => Driver])[] = [
  ["interactive", openDriver],
  ["one batch", oneBatchDriver],
];

type Body = (op: Operations) => void;

const refused: readonly (readonly [string, Body])[] = [
  ["op.dropIndex", (op) => op.dropIndex("ux_ab")],
  ["another case and IF EXISTS", (op) => op.dropIndex("UX_AB", { ifExists: true })],
  ["a batch", (op) => op.batchAlterTable("parent", (batch) => batch.dropIndex("ux_ab"))],
  ["SQL", (op) => op.execute('DROP INDEX IF EXISTS main."ux_ab"')],
  [
    "one that makes an index of other columns",
    (op) => {
      op.dropIndex("ux_ab");
      op.createIndex({ name: "ux_ab", table: "parent", columns: ["a"], unique: true });
    },
  ],
];

const accepted: readonly (readonly [string, Body])[] = [
  [
    "another index is made afterwards",
    (op) => {
      op.dropIndex("ux_ab");
      op.createIndex({ name: "ux_ba", table: "parent", columns: ["b", "a"], unique: true });
    },
  ],
  [
    "the table that refers is dropped afterwards",
    (op) => {
      op.dropIndex("ux_ab");
      op.execute(`DROP TABLE "it's child"`);
    },
  ],
  ["it is partial", (op) => op.dropIndex("ux_part")],
  ["it is not unique", (op) => op.dropIndex("ix_b")],
  ["it is not there", (op) => op.dropIndex("nothing", { ifExists: true })],
];

function prepare(upgrade: Body, driver: (path: string) => Driver, more = "") {
  const path = temporaryPath();
  execute(path, schema + more);
  return { path, migrator: migratorFor(path, [revision("a", null, { upgrade })], { driver: driver(path) }) };
}

describe.each(engines)("on an engine that is %s", (_kind, driver) => {
  test.each(refused)("a unique index that a foreign key needs is not dropped by %s", async (_, upgrade) => {
    const { path, migrator } = prepare(upgrade, driver);
    const error = await failureOf(migrator.upgrade());
    expect(error).toMatchObject({ code: "SKM_FOREIGN_KEY", exitCode: 7 });
    expect(error.details).toMatchObject({ table: "it's child", index: "ux_ab", parent: "parent" });
    expect(error.message).toMatch(/cannot drop index "ux_ab".*a foreign key of "it's child"/u);
    expect(readRows(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'ux_ab'")).toEqual([[1]]);
  });

  test.each(accepted)("an index is dropped where %s", async (_, upgrade) => {
    const { path, migrator } = prepare(upgrade, driver);
    await migrator.upgrade();
    expect(versions(path)).toEqual(["a"]);
  });

  test("a table with another foreign key that fits no key already is left as it is", async () => {
    const broken = `ALTER TABLE "it's child" ADD COLUMN z REFERENCES parent (a);`;
    const { path, migrator } = prepare((op) => op.dropIndex("ux_ab"), driver, broken);
    await migrator.upgrade();
    expect(versions(path)).toEqual(["a"]);
  });
});

test("a revision of the same run may make the key again", async () => {
  const path = temporaryPath();
  execute(path, schema);
  const drop = revision("a", null, { upgrade: (op: Operations) => op.dropIndex("ux_ab") });
  const make = revision("b", "a", {
    upgrade: (op: Operations) =>
      op.createIndex({ name: "ux_ba", table: "parent", columns: ["b", "a"], unique: true }),
  });
  await migratorFor(path, [drop, make]).upgrade();
  expect(versions(path)).toEqual(["b"]);
});

test("a script that would leave a foreign key without a key is not written", async () => {
  const make = revision("a", null, { upgrade: (op: Operations) => op.executeScript(schema) });
  const drop = revision("b", "a", { upgrade: (op: Operations) => op.dropIndex("ux_ab") });
  const failed = migratorFor(temporaryPath(), [make, drop]).sql("base:b");
  expect(await failureOf(failed)).toMatchObject({
    code: "SKM_FOREIGN_KEY",
    details: { table: "it's child" },
  });
});
