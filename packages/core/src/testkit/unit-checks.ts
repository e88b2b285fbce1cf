import assert from "node:assert/strict";
import type { Statement } from "../driver/statement.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import type { Check } from "./check.ts";
import { readRows, readTables, readValue } from "./read-rows.ts";

const createTable: Statement = { sql: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)" };
const insertOne: Statement = { sql: "INSERT INTO t VALUES (1, 'x')" };

/** A guard as core writes it: aborts the unit when the condition holds, on every engine. */
const guard = (condition: string, message: string): Statement => ({
  sql: `SELECT CASE WHEN ${condition} THEN json('${message}') END`,
});

const forbidden: readonly (readonly [sql: string, reason: "transaction-control" | "forbidden"])[] = [
  ["BEGIN", "transaction-control"],
  ["COMMIT", "transaction-control"],
  ["END TRANSACTION", "transaction-control"],
  ["ROLLBACK", "transaction-control"],
  ["/* x */ ;; -- y\n commit", "transaction-control"],
  ["ATTACH ':memory:' AS other", "forbidden"],
  ["DETACH other", "forbidden"],
  ["VACUUM", "forbidden"],
];

/** The version guard of core: whoever comes second finds that the version has moved. */
const upgrade: readonly Statement[] = [
  guard("(SELECT v FROM version) IS NOT 'old'", "version moved"),
  { sql: "CREATE TABLE made (a)" },
  { sql: "UPDATE version SET v = 'new'" },
];

export const unitChecks: readonly Check[] = [
  {
    name: "unit.commits-all-and-returns-each-result",
    run: async (context) => {
      const connection = await context.connect();
      const results = await connection.unit([
        createTable,
        { sql: "INSERT INTO t VALUES (?, ?), (?, ?)", params: [1, "x", 2, "y"] },
        { sql: "SELECT b FROM t ORDER BY a" },
      ]);
      assert.deepEqual(results, [
        { columns: [], rows: [], changes: 0 },
        { columns: [], rows: [], changes: 2 },
        { columns: ["b"], rows: [["x"], ["y"]], changes: 0 },
      ]);
      assert.deepEqual(await readRows(await context.connect(), "SELECT a FROM t"), [[1], [2]]);
    },
  },
  {
    name: "unit.of-no-statements-is-done",
    run: async (context) => {
      assert.deepEqual(await (await context.connect()).unit([]), []);
    },
  },
  {
    name: "unit.rolls-back-ddl-and-dml-and-names-step",
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit([createTable, insertOne]);
      const steps = [
        { sql: "ALTER TABLE t ADD COLUMN c" },
        { sql: "UPDATE t SET b = 'changed'" },
        { sql: "CREATE TABLE u (a)" },
        { sql: "INSERT INTO missing VALUES (1)" },
        { sql: "CREATE TABLE v (a)" },
      ];
      await rejectsWith(connection.unit(steps), { kind: "sql", step: 3, outcome: "rolled-back" });
      assert.deepEqual(await connection.query({ sql: "SELECT * FROM t" }), {
        columns: ["a", "b"],
        rows: [[1, "x"]],
        changes: 0,
      });
      assert.deepEqual(await readTables(connection), ["t"]);
    },
  },
  {
    name: "unit.names-the-step-of-a-bad-parameter",
    run: async (context) => {
      const connection = await context.connect();
      const steps = [createTable, { sql: "INSERT INTO t VALUES (?, ?)", params: [1] }];
      await rejectsWith(connection.unit(steps), {
        kind: "value",
        reason: "parameters",
        step: 1,
        outcome: "rolled-back",
      });
      assert.deepEqual(await readTables(connection), []);
    },
  },
  ...forbidden.map(([sql, reason]): Check => ({
    name: `unit.refuses ${JSON.stringify(sql)}`,
    run: async (context) => {
      const connection = await context.connect();
      await rejectsWith(connection.unit([createTable, { sql }, insertOne]), {
        kind: "unsupported",
        reason,
        step: 1,
        outcome: "rolled-back",
      });
      assert.deepEqual(await readTables(connection), []);
    },
  })),
  {
    name: "unit.on-conflict-rollback-is-a-failure",
    run: async (context) => {
      const connection = await context.connect();
      const steps = [createTable, insertOne, { sql: "INSERT OR ROLLBACK INTO t VALUES (1, 'y')" }];
      await rejectsWith(connection.unit([...steps, { sql: "CREATE TABLE after_it (a)" }]), {
        kind: "constraint",
        reason: "transaction-lost",
        step: 2,
        outcome: "rolled-back",
      });
      assert.deepEqual(await readTables(connection), []);
    },
  },
  {
    name: "unit.raise-rollback-is-a-failure",
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit([
        createTable,
        { sql: "CREATE TRIGGER stop BEFORE INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END" },
      ]);
      await rejectsWith(connection.unit([{ sql: "CREATE TABLE u (a)" }, insertOne]), {
        kind: "constraint",
        reason: "transaction-lost",
        step: 1,
        outcome: "rolled-back",
      });
      assert.deepEqual(await readTables(connection), ["t"]);
    },
  },
  {
    name: "unit.user-version-is-part-of-the-transaction",
    run: async (context) => {
      const connection = await context.connect();
      const steps = [{ sql: "PRAGMA user_version = 5" }, { sql: "SELECT * FROM missing" }];
      await rejectsWith(connection.unit(steps), { kind: "sql", step: 1, outcome: "rolled-back" });
      assert.equal(await readValue(connection, "PRAGMA user_version"), 0);
    },
  },
  {
    name: "unit.a-guard-in-sql-aborts",
    run: async (context) => {
      const connection = await context.connect();
      const steps = [
        createTable,
        guard("EXISTS (SELECT 1 FROM t)", "full"),
        guard("1", "stop here"),
        insertOne,
      ];
      await rejectsWith(connection.unit(steps), { kind: "sql", step: 2, outcome: "rolled-back" });
      assert.deepEqual(await readTables(connection), []);
    },
  },
  {
    name: "unit.a-version-guard-refuses-the-second-run",
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit([
        { sql: "CREATE TABLE version (v)" },
        { sql: "INSERT INTO version VALUES ('old')" },
      ]);
      await connection.unit(upgrade);
      await rejectsWith(connection.unit(upgrade), { kind: "sql", step: 0, outcome: "rolled-back" });
    },
  },
  {
    name: "unit.of-several-sessions-exactly-one-applies",
    run: async (context) => {
      const first = await context.connect();
      await first.unit([{ sql: "CREATE TABLE version (v)" }, { sql: "INSERT INTO version VALUES ('old')" }]);
      const others = await Promise.all([context.connect(), context.connect(), context.connect()]);
      const outcomes = await Promise.allSettled(
        [first, ...others].map(async (one) => await one.unit(upgrade)),
      );
      assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), [
        "fulfilled",
        "rejected",
        "rejected",
        "rejected",
      ]);
      assert.deepEqual(await readRows(first, "SELECT v FROM version"), [["new"]]);
    },
  },
  {
    name: "unit.runs-a-thousand-statements",
    run: async (context) => {
      const connection = await context.connect();
      const inserts = Array.from({ length: 1000 }, (_, index) => ({
        sql: "INSERT INTO t VALUES (?, ?)",
        params: [index, `row ${index}`],
      }));
      await connection.unit([createTable, ...inserts]);
      assert.equal(await readValue(connection, "SELECT count(DISTINCT b) FROM t"), 1000);
    },
  },
  {
    name: "unit.runs-a-statement-of-a-megabyte",
    run: async (context) => {
      const connection = await context.connect();
      const text = "it''s ".repeat(175_000);
      await connection.unit([createTable, { sql: `INSERT INTO t VALUES (1, '${text}')` }]);
      assert.equal(await readValue(connection, "SELECT length(b) FROM t"), 175_000 * 5);
    },
  },
  {
    name: "unit.a-cancelled-signal-changes-nothing",
    run: async (context) => {
      const connection = await context.connect();
      await rejectsWith(connection.unit([createTable], { signal: AbortSignal.abort(new Error("enough")) }), {
        kind: "timeout",
        reason: "aborted",
        outcome: "rolled-back",
      });
      assert.deepEqual(await readTables(connection), []);
    },
  },
];
