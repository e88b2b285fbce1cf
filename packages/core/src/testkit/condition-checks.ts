import assert from "node:assert/strict";
import type { ConditionalResult, Connection, UnitCondition, UnitOptions } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import { withConditions, type Check } from "./check.ts";
import { readTables, readValue } from "./read-rows.ts";

const createTable: Statement = { sql: "CREATE TABLE t (a INTEGER PRIMARY KEY)" };
const insertOne: Statement = { sql: "INSERT INTO t VALUES (1)" };

/** A condition that holds in a database without tables, and three questions, one of which fails. */
const empty: UnitCondition = {
  questions: [
    { sql: "SELECT count(*) FROM sqlite_schema" },
    { sql: "SELECT a FROM missing" },
    { sql: "SELECT a FROM t" },
  ],
  condition: {
    sql: "SELECT CASE WHEN EXISTS (SELECT 1 FROM sqlite_schema) THEN json('not empty') END",
  },
};

async function unitIf(
  connection: Connection,
  steps: readonly Statement[],
  options: UnitOptions = {},
): Promise<ConditionalResult> {
  assert.ok(connection.unitIf !== undefined);
  return await connection.unitIf(empty, steps, options);
}

const rowsOf = (result: ConditionalResult): readonly unknown[] =>
  (result.kind === "done" ? result.results : result.answers).map((one) => one?.rows);

export const conditionChecks: readonly Check[] = [
  {
    name: "condition.that-holds-lets-the-unit-commit",
    applies: withConditions,
    run: async ({ connect }) => {
      const connection = await connect();
      const done = await unitIf(connection, [createTable, insertOne], {
        readAfter: { sql: "SELECT a FROM t" },
      });
      assert.equal(done.kind, "done");
      assert.deepEqual(rowsOf(done), [[], [], [[1]]]);
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 1);
    },
  },
  {
    name: "condition.that-fails-keeps-the-unit-from-beginning",
    applies: withConditions,
    run: async ({ connect }) => {
      const connection = await connect();
      await connection.unit([createTable, insertOne]);
      const refused = await unitIf(connection, [{ sql: "INSERT INTO t VALUES (2)" }]);
      assert.equal(refused.kind, "refused");
      assert.deepEqual(rowsOf(refused), [[[1]], undefined, [[1]]]);
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 1);
    },
  },
  {
    name: "condition.that-holds-leaves-a-failure-to-the-unit",
    applies: withConditions,
    run: async ({ connect }) => {
      const connection = await connect();
      const steps = [createTable, insertOne, insertOne];
      await rejectsWith(unitIf(connection, steps), {
        kind: "constraint",
        step: 2,
        outcome: "rolled-back",
      });
      assert.deepEqual(await readTables(connection), []);
    },
  },
  {
    name: "condition.and-unit-race-and-one-applies",
    applies: withConditions,
    run: async ({ connect }) => {
      const connections = await Promise.all([connect(), connect(), connect()]);
      const guard: Statement = empty.condition;
      const runs = await Promise.allSettled(
        connections.map(async (connection) => await unitIf(connection, [guard, createTable])),
      );
      const applied = runs.filter((run) => run.status === "fulfilled" && run.value.kind === "done");
      assert.equal(applied.length, 1);
    },
  },
];
