import assert from "node:assert/strict";
import type { Connection, Executor, UnitOptions } from "../driver/driver.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import { withTransactions, type Check } from "./check.ts";
import { readRows, readTables, readValue } from "./read-rows.ts";

async function transact<T>(
  connection: Connection,
  work: (tx: Executor) => Promise<T>,
  options?: UnitOptions,
): Promise<T> {
  const running = connection.transaction?.(work, options);
  assert.ok(running, "an interactive connection has transaction()");
  return await running;
}

async function withTable(connect: () => Promise<Connection>): Promise<Connection> {
  const connection = await connect();
  await connection.query({ sql: "CREATE TABLE t (a INTEGER PRIMARY KEY)" });
  return connection;
}

const insert = (value: number) => ({ sql: "INSERT INTO t VALUES (?)", params: [value] });

const interactive: readonly Check[] = [
  {
    name: "transaction.decides-between-reading-and-writing",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const result = await transact(connection, async (tx) => {
        await tx.query(insert(1));
        const count = await readValue(tx, "SELECT count(*) FROM t");
        await tx.query(insert(Number(count) + 10));
        return `seen ${String(count)}`;
      });
      assert.equal(result, "seen 1");
      assert.deepEqual(await readRows(await context.connect(), "SELECT a FROM t"), [[1], [11]]);
    },
  },
  {
    name: "transaction.rolls-back-and-rejects-with-the-error-of-the-work",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const enough = new Error("enough");
      const failing = transact(connection, async (tx) => {
        await tx.query(insert(1));
        await tx.query({ sql: "CREATE TABLE u (a)" });
        throw enough;
      });
      await assert.rejects(failing, (error) => error === enough);
      assert.deepEqual(await readTables(connection), ["t"]);
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 0);
    },
  },
  {
    name: "transaction.continues-after-a-caught-error",
    run: async (context) => {
      const connection = await withTable(context.connect);
      await transact(connection, async (tx) => {
        await tx.query(insert(1));
        await rejectsWith(tx.query(insert(1)), { kind: "constraint" });
        await tx.query(insert(2));
      });
      assert.deepEqual(await readRows(connection, "SELECT a FROM t"), [[1], [2]]);
    },
  },
  {
    name: "transaction.does-not-go-on-after-it-was-lost",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const failing = transact(connection, async (tx) => {
        await tx.query(insert(1));
        await rejectsWith(tx.query({ sql: "INSERT OR ROLLBACK INTO t VALUES (1)" }), {
          kind: "constraint",
          reason: "transaction-lost",
        });
        await rejectsWith(tx.query(insert(2)), { kind: "constraint", reason: "transaction-lost" });
      });
      await rejectsWith(failing, { kind: "constraint", reason: "transaction-lost", outcome: "rolled-back" });
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 0);
    },
  },
  {
    name: "transaction.has-savepoints",
    run: async (context) => {
      const connection = await withTable(context.connect);
      await transact(connection, async (tx) => {
        await tx.query(insert(1));
        await tx.query({ sql: "SAVEPOINT probe" });
        await tx.query(insert(2));
        await tx.query({ sql: "ROLLBACK TO probe" });
        await tx.query({ sql: "RELEASE probe" });
        await tx.query(insert(3));
      });
      assert.deepEqual(await readRows(connection, "SELECT a FROM t"), [[1], [3]]);
    },
  },
  {
    name: "transaction.refuses-transaction-control",
    run: async (context) => {
      const connection = await withTable(context.connect);
      await transact(connection, async (tx) => {
        await tx.query(insert(1));
        await rejectsWith(tx.query({ sql: "COMMIT" }), {
          kind: "unsupported",
          reason: "transaction-control",
        });
      });
      assert.deepEqual(await readRows(connection, "SELECT a FROM t"), [[1]]);
    },
  },
  {
    name: "transaction.suspends-foreign-keys",
    run: async (context) => {
      const connection = await context.connect();
      const pragma = "PRAGMA foreign_keys";
      const inside = await transact(connection, async (tx) => await readValue(tx, pragma), {
        foreignKeys: "suspended",
      });
      assert.deepEqual([inside, await readValue(connection, pragma)], [0, 1]);
    },
  },
  {
    name: "transaction.executor-ends-with-it",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const kept = await transact(connection, async (tx) => await Promise.resolve([tx]));
      await rejectsWith(kept[0]?.query(insert(1)) ?? Promise.resolve(), { kind: "closed" });
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 0);
    },
  },
  {
    name: "transaction.keeps-other-calls-of-its-connection-out",
    run: async (context) => {
      const connection = await withTable(context.connect);
      await transact(connection, async (tx) => {
        await tx.query(insert(1));
        await rejectsWith(connection.query(insert(2)), { kind: "busy", reason: "in-use" });
        await rejectsWith(connection.unit([insert(3)]), { kind: "busy", reason: "in-use" });
        await rejectsWith(
          transact(connection, async () => await Promise.resolve()),
          {
            kind: "busy",
            reason: "in-use",
          },
        );
      });
      assert.deepEqual(await readRows(connection, "SELECT a FROM t"), [[1]]);
    },
  },
  {
    name: "transaction.is-cancelled-by-its-signal",
    run: async (context) => {
      const connection = await withTable(context.connect);
      const controller = new AbortController();
      const failing = transact(
        connection,
        async (tx) => {
          await tx.query(insert(1));
          controller.abort();
        },
        { signal: controller.signal },
      );
      await rejectsWith(failing, { kind: "timeout", reason: "aborted", outcome: "rolled-back" });
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 0);
    },
  },
  {
    name: "transaction.of-a-reader-sees-one-snapshot",
    run: async (context) => {
      const writer = await withTable(context.connect);
      const reader = await context.connect({ readOnly: true });
      await transact(reader, async (tx) => {
        await rejectsWith(tx.query(insert(1)), { kind: "readonly" });
        assert.equal(await readValue(tx, "SELECT count(*) FROM t"), 0);
      });
      await writer.query(insert(1));
      assert.equal(await readValue(reader, "SELECT count(*) FROM t"), 1);
    },
  },
];

export const transactionChecks: readonly Check[] = interactive.map((check) => ({
  ...check,
  applies: withTransactions,
}));
