import assert from "node:assert/strict";
import type { Connection } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import type { Check } from "./check.ts";
import { readRows, readTables, readValue } from "./read-rows.ts";

const trigger = `CREATE TRIGGER log AFTER INSERT ON t BEGIN
  INSERT INTO l VALUES ('a;b'); -- END;
  UPDATE l SET x = CASE WHEN x = 'a;b' THEN 'c' ELSE x END;
END;`;

/** A statement and the number of rows that it changes. */
const changes: readonly (readonly [sql: string, changes: number, params?: readonly SqlValue[]])[] = [
  ["INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')", 3],
  ["SELECT * FROM t", 0],
  ["CREATE TABLE u (a)", 0],
  ["INSERT INTO u SELECT a FROM t RETURNING a", 3],
  ["UPDATE t SET b = ? WHERE a > ?", 2, ["x", 1]],
  ["CREATE TABLE w AS SELECT * FROM t", 0],
  ["ALTER TABLE t RENAME COLUMN b TO c", 0],
  ["DELETE FROM t WHERE a = 99", 0],
  ["DELETE FROM t WHERE a = 1 RETURNING c", 1],
  ["PRAGMA user_version = 3", 0],
  ["PRAGMA user_version", 0],
  ["DROP TABLE w", 0],
  ["REPLACE INTO u VALUES (9)", 1],
  ["WITH x AS (SELECT 1) UPDATE t SET c = 'y'", 2],
  ["CREATE INDEX i ON t (c)", 0],
  ["DELETE FROM t", 2],
];

async function withTable(connect: () => Promise<Connection>): Promise<Connection> {
  const connection = await connect();
  await connection.query({ sql: "CREATE TABLE t (a INTEGER, b TEXT)" });
  return connection;
}

export const queryChecks: readonly Check[] = [
  {
    name: "query.duplicate-column-names-keep-both-values",
    run: async (context) => {
      const { columns, rows } = await (await context.connect()).query({ sql: "SELECT 1 AS x, 2 AS x, 3" });
      assert.deepEqual({ columns, rows }, { columns: ["x", "x", "3"], rows: [[1, 2, 3]] });
    },
  },
  {
    name: "query.an-empty-result-has-columns",
    run: async (context) => {
      const connection = await withTable(context.connect);
      assert.deepEqual(await connection.query({ sql: "SELECT b, a FROM t" }), {
        columns: ["b", "a"],
        rows: [],
        changes: 0,
      });
    },
  },
  {
    name: "query.a-statement-without-rows-has-no-columns",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const result = await connection.query({ sql: "INSERT INTO t VALUES (1, 'x')" });
      assert.deepEqual(result, { columns: [], rows: [], changes: 1 });
    },
  },
  {
    name: "query.wrong-parameter-count-fails",
    run: async (context) => {
      const connection = await context.connect();
      for (const params of [[], [1], [1, 2, 3]]) {
        await rejectsWith(connection.query({ sql: "SELECT ?, ?", params }), {
          kind: "value",
          reason: "parameters",
        });
      }
      await rejectsWith(connection.query({ sql: "SELECT ?" }), { kind: "value", reason: "parameters" });
    },
  },
  {
    name: "query.question-marks-in-text-and-comments-are-no-parameters",
    run: async (context) => {
      const connection = await context.connect();
      const sql = `SELECT '?', "a?b", ? /* ? */ FROM (SELECT 1 AS "a?b") -- ?`;
      assert.deepEqual(await readRows(connection, sql, [5]), [["?", 1, 5]]);
    },
  },
  {
    name: "query.named-and-numbered-parameters-are-refused",
    run: async (context) => {
      const connection = await context.connect();
      for (const sql of ["SELECT ?1", "SELECT :a", "SELECT @a", "SELECT $a"]) {
        await rejectsWith(connection.query({ sql, params: [1] }), { kind: "sql", reason: "parameters" });
      }
    },
  },
  {
    name: "query.a-second-statement-is-refused-and-the-first-does-not-run",
    run: async (context) => {
      const connection = await context.connect();
      const sql = "CREATE TABLE one (a); CREATE TABLE two (a)";
      await rejectsWith(connection.query({ sql }), { kind: "sql", reason: "several-statements" });
      assert.deepEqual(await readTables(connection), []);
    },
  },
  {
    name: "query.trailing-semicolons-and-comments-are-accepted",
    run: async (context) => {
      const connection = await context.connect();
      assert.equal(await readValue(connection, "  -- first\n SELECT 1 ;; /* ; */ -- last;"), 1);
    },
  },
  {
    name: "query.an-empty-text-is-refused",
    run: async (context) => {
      const connection = await context.connect();
      for (const sql of ["", "  \n", ";;", "-- only a comment", "/* open"]) {
        await rejectsWith(connection.query({ sql }), { kind: "sql" });
      }
    },
  },
  {
    name: "query.a-nul-in-the-text-is-refused",
    run: async (context) => {
      const connection = await context.connect();
      await rejectsWith(connection.query({ sql: "CREATE TABLE t (a)\0 garbage" }), { kind: "sql" });
      assert.deepEqual(await readTables(connection), []);
    },
  },
  {
    name: "query.a-trigger-is-one-statement",
    run: async (context) => {
      const connection = await withTable(context.connect);
      await connection.query({ sql: "CREATE TABLE l (x)" });
      await connection.query({ sql: trigger });
      await connection.query({ sql: "INSERT INTO t VALUES (1, 'x')" });
      assert.deepEqual(await readRows(connection, "SELECT x FROM l"), [["c"]]);
    },
  },
  {
    name: "query.counts-changes-of-insert-update-and-delete-only",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const found: unknown[] = [];
      for (const [sql, , params = []] of changes)
        found.push([sql, (await connection.query({ sql, params })).changes]);
      assert.deepEqual(
        found,
        changes.map(([sql, count]) => [sql, count]),
      );
    },
  },
  {
    name: "query.returning-gives-rows",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const result = await connection.query({ sql: "INSERT INTO t VALUES (1, 'x') RETURNING b, a + 1" });
      assert.deepEqual(result, { columns: ["b", "a + 1"], rows: [["x", 2]], changes: 1 });
    },
  },
  {
    name: "query.sees-new-columns-after-ddl",
    run: async (context) => {
      const connection = await withTable(context.connect);
      await connection.query({ sql: "INSERT INTO t VALUES (1, 'x')" });
      const select = { sql: "SELECT * FROM t" };
      assert.deepEqual((await connection.query(select)).columns, ["a", "b"]);
      await connection.query({ sql: "ALTER TABLE t RENAME COLUMN b TO c" });
      await connection.query({ sql: "ALTER TABLE t ADD COLUMN d DEFAULT 4" });
      assert.deepEqual(await connection.query(select), {
        columns: ["a", "c", "d"],
        rows: [[1, "x", 4]],
        changes: 0,
      });
    },
  },
  {
    name: "query.sees-new-columns-after-ddl-of-another-connection",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const select = { sql: "SELECT * FROM t" };
      assert.deepEqual((await connection.query(select)).columns, ["a", "b"]);
      const other = await context.connect();
      await other.query({ sql: "ALTER TABLE t RENAME COLUMN b TO c" });
      assert.deepEqual((await connection.query(select)).columns, ["a", "c"]);
    },
  },
  {
    name: "query.reads-a-pragma-afresh-each-time",
    run: async (context) => {
      const connection = await context.connect();
      const found: SqlValue[] = [];
      for (const value of [3, 8]) {
        await connection.query({ sql: `PRAGMA user_version = ${value}` });
        found.push(await readValue(connection, "PRAGMA user_version"));
      }
      for (const value of ["OFF", "ON", "OFF"]) {
        await connection.query({ sql: `PRAGMA foreign_keys = ${value}` });
        found.push(await readValue(connection, "PRAGMA foreign_keys"));
      }
      assert.deepEqual(found, [3, 8, 0, 1, 0]);
    },
  },
  {
    name: "query.transaction-control-is-refused",
    run: async (context) => {
      const connection = await context.connect();
      for (const sql of [
        "BEGIN",
        "COMMIT",
        "END",
        "ROLLBACK",
        "SAVEPOINT a",
        "RELEASE a",
        "/* x */ ; begin",
      ]) {
        await rejectsWith(connection.query({ sql }), { kind: "unsupported", reason: "transaction-control" });
      }
      assert.equal(await readValue(connection, "SELECT 1"), 1);
    },
  },
  {
    name: "query.reads-ten-thousand-rows",
    run: async (context) => {
      const connection = await context.connect();
      const rows = await readRows(
        connection,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i, 'row ' || i FROM n",
      );
      assert.deepEqual([rows.length, rows[9999]], [10_000, [10_000, "row 10000"]]);
    },
  },
];
