import { expect, test } from "vitest";
import { copyDatabase } from "@skillmeat/migrate-core";
import { chain } from "../support/revisions.ts";
import { execute, migratorFor, openDriver, readRows, temporaryPath } from "../support/temporary-database.ts";

/** As a run that was killed leaves it. */
const leftBehind =
  "CREATE TABLE skm_courtesy_lock (id INTEGER PRIMARY KEY); INSERT INTO skm_courtesy_lock VALUES (1)";

test("a courtesy lock that was left is no part of a schema", async () => {
  const path = temporaryPath();
  execute(path, leftBehind);
  const schema = { sql: "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY)" };
  const migrator = migratorFor(path, chain().slice(0, 1), { schema });
  await migrator.upgrade();
  expect((await migrator.diff({ from: "database" })).operations).toEqual([]);
});

test("a courtesy lock that was left is not copied", async () => {
  const path = temporaryPath();
  execute(path, `CREATE TABLE a (x); ${leftBehind}`);
  const target = temporaryPath();
  await copyDatabase({
    from: openDriver(path),
    to: { kind: "file", path: target, open: openDriver },
  });
  expect(readRows(target, "SELECT name FROM sqlite_schema")).toEqual([["a"]]);
});
