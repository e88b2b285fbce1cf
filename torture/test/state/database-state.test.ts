import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openOrCreate } from "../../src/engine.ts";
import { isSameState, readDatabaseState, type DatabaseState } from "../../src/state/database-state.ts";

function stateAfter(sql: string): DatabaseState {
  const directory = mkdtempSync(join(tmpdir(), "state-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "x.db");
  const database = openOrCreate(path);
  database.exec(sql);
  database.close();
  return readDatabaseState(path);
}

const base = "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (2, NULL);";
const version = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);";

test.for([
  ["another row", "INSERT INTO t VALUES (3, 'y')"],
  ["another value", "UPDATE t SET b = 'z' WHERE a = 2"],
  ["the same value in another storage class", "UPDATE t SET a = '1' WHERE a = 1"],
  ["a BLOB instead of text", "UPDATE t SET b = x'78' WHERE a = 1"],
  ["another index", "CREATE INDEX i ON t (a)"],
  ["a trigger", "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END"],
  ["another text of the same table", "ALTER TABLE t RENAME COLUMN b TO c"],
  ["a version row", `${version} INSERT INTO alembic_version VALUES ('one')`],
])("a state differs by %s", ([, change]) => {
  expect(isSameState(stateAfter(base), stateAfter(`${base}${change}`))).toBe(false);
});

test("a state is the same whatever the order of its rows", () => {
  const reversed = "CREATE TABLE t (a, b); INSERT INTO t VALUES (2, NULL), (1, 'x');";
  expect(isSameState(stateAfter(base), stateAfter(reversed))).toBe(true);
});

test("a state is the same with another moment in it", () => {
  const withMoment = (moment: string): string => `${base} INSERT INTO t VALUES (3, '${moment}')`;
  expect(
    isSameState(stateAfter(withMoment("2026-01-01 00:00:00")), stateAfter(withMoment("2026-01-02 10:11:12"))),
  ).toBe(true);
});

test("an empty version table is as good as none", () => {
  expect(isSameState(stateAfter(base), stateAfter(`${base}${version}`))).toBe(true);
});

test("a missing file is an empty database", () => {
  expect(
    isSameState(readDatabaseState(join(tmpdir(), "there-is-no-such-file.db")), stateAfter("VACUUM")),
  ).toBe(true);
});
