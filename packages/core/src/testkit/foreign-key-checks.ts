import assert from "node:assert/strict";
import type { Connection } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import { withForeignKeysOff, type Check } from "./check.ts";
import { readRows, readValue } from "./read-rows.ts";

const family: readonly Statement[] = [
  { sql: "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)" },
  { sql: "CREATE TABLE owned (p INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE)" },
  { sql: "CREATE TABLE linked (p INTEGER REFERENCES parent (id) ON DELETE SET NULL)" },
  { sql: "CREATE TABLE later (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)" },
  { sql: "INSERT INTO parent VALUES (1, 'a'), (2, 'b')" },
  { sql: "INSERT INTO owned VALUES (1), (2)" },
  { sql: "INSERT INTO linked VALUES (1), (2)" },
];

const rebuild: readonly Statement[] = [
  { sql: "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)" },
  { sql: "INSERT INTO parent_new SELECT id, name FROM parent" },
  { sql: "DROP TABLE parent" },
  { sql: "ALTER TABLE parent_new RENAME TO parent" },
  {
    sql: "SELECT CASE WHEN EXISTS (SELECT 1 FROM pragma_foreign_key_check) THEN json('foreign key') END",
    comment: "no row may point to a missing parent",
  },
];

async function withFamily(connect: () => Promise<Connection>): Promise<Connection> {
  const connection = await connect();
  await connection.unit(family);
  return connection;
}

const children = "SELECT (SELECT count(*) FROM owned), (SELECT count(p) FROM linked)";
const isEnforced = "PRAGMA foreign_keys";

export const foreignKeyChecks: readonly Check[] = [
  {
    name: "foreign-keys.are-enforced-unless-told",
    run: async (context) => {
      const connection = await withFamily(context.connect);
      const orphan = { sql: "INSERT INTO owned VALUES (99)" };
      await rejectsWith(connection.query(orphan), { kind: "constraint" });
      await rejectsWith(connection.unit([orphan]), { kind: "constraint", step: 0, outcome: "rolled-back" });
      await connection.unit([{ sql: "DELETE FROM parent WHERE id = 1" }]);
      assert.deepEqual(await readRows(connection, children), [[1, 1]]);
    },
  },
  {
    name: "foreign-keys.are-suspended-inside-and-restored-after",
    applies: withForeignKeysOff,
    run: async (context) => {
      const connection = await withFamily(context.connect);
      const steps = [{ sql: "DELETE FROM parent" }, { sql: isEnforced }];
      const [, inside] = await connection.unit(steps, { foreignKeys: "suspended" });
      assert.deepEqual(inside?.rows, [[0]]);
      assert.deepEqual(await readRows(connection, children), [[2, 2]]);
      assert.equal(await readValue(connection, isEnforced), 1);
    },
  },
  {
    name: "foreign-keys.are-restored-after-a-failure",
    applies: withForeignKeysOff,
    run: async (context) => {
      const connection = await withFamily(context.connect);
      await rejectsWith(connection.unit([{ sql: "SELECT * FROM missing" }], { foreignKeys: "suspended" }), {
        kind: "sql",
        step: 0,
        outcome: "rolled-back",
      });
      assert.equal(await readValue(connection, isEnforced), 1);
      await rejectsWith(connection.query({ sql: "INSERT INTO owned VALUES (99)" }), { kind: "constraint" });
    },
  },
  {
    name: "foreign-keys.a-parent-rebuild-keeps-its-children",
    applies: withForeignKeysOff,
    run: async (context) => {
      const connection = await withFamily(context.connect);
      await connection.unit(rebuild, { foreignKeys: "suspended" });
      assert.deepEqual(await readRows(connection, children), [[2, 2]]);
      assert.deepEqual(await readRows(connection, "SELECT * FROM pragma_foreign_key_check"), []);
      await connection.query({ sql: "DELETE FROM parent WHERE id = 2" });
      assert.deepEqual(await readRows(connection, children), [[1, 1]]);
    },
  },
  {
    name: "foreign-keys.a-check-in-sql-rolls-back",
    applies: withForeignKeysOff,
    run: async (context) => {
      const connection = await withFamily(context.connect);
      const steps = [
        ...rebuild.slice(0, 2),
        { sql: "DELETE FROM parent_new WHERE id = 2" },
        ...rebuild.slice(2),
      ];
      await rejectsWith(connection.unit(steps, { foreignKeys: "suspended" }), {
        kind: "sql",
        step: 5,
        outcome: "rolled-back",
      });
      assert.deepEqual(await readRows(connection, "SELECT id FROM parent"), [[1], [2]]);
    },
  },
  {
    name: "foreign-keys.a-violation-at-commit-rolls-back-and-leaves-the-connection-usable",
    run: async (context) => {
      const connection = await withFamily(context.connect);
      const steps = [{ sql: "INSERT INTO later VALUES (99)" }, { sql: "CREATE TABLE u (a)" }];
      const error = await rejectsWith(connection.unit(steps), { kind: "constraint", outcome: "rolled-back" });
      assert.equal(error.step, undefined);
      assert.equal(await readValue(connection, "SELECT count(*) FROM later"), 0);
      await connection.unit([{ sql: "CREATE TABLE u (a)" }]);
    },
  },
];
