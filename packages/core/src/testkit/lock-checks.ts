import assert from "node:assert/strict";
import type { Connection, Executor } from "../driver/driver.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import { need, withFileLocks, type Check, type CheckContext } from "./check.ts";
import { readRows, readValue } from "./read-rows.ts";

interface Holder {
  readonly tx: Executor;
  /** Commits and gives the lock back. */
  release(): Promise<void>;
}

/** Takes the write lock and keeps it until told. */
async function hold(connection: Connection): Promise<Holder> {
  const begun = Promise.withResolvers<Executor>();
  const end = Promise.withResolvers<void>();
  const transaction = connection.transaction?.(async (tx) => {
    await tx.query({ sql: "INSERT INTO t VALUES (1)" });
    begun.resolve(tx);
    await end.promise;
  });
  assert.ok(transaction);
  transaction.catch(begun.reject);
  return {
    tx: await begun.promise,
    release: async () => {
      end.resolve();
      await transaction;
    },
  };
}

/** A promise that is awaited after other steps: when it fails during them, it says so only once awaited. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

async function twoConnections(context: CheckContext): Promise<readonly [Connection, Connection]> {
  const first = await context.connect();
  await first.query({ sql: "CREATE TABLE t (a)" });
  return [first, await context.connect()];
}

const withConcurrentReads = need(
  "locks of files, and readers beside a writer",
  (traits) => withFileLocks(traits) && traits.capabilities.concurrentReads,
);

const insertTwo = { sql: "INSERT INTO t VALUES (2)" };

const locking: readonly Check[] = [
  {
    name: "lock.a-second-writer-is-told-busy-in-time",
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      const holder = await hold(first);
      const start = performance.now();
      await rejectsWith(second.unit([insertTwo], { waitMs: 300 }), { kind: "busy", outcome: "rolled-back" });
      const waited = performance.now() - start;
      assert.ok(waited >= 295 && waited < 900, `waited ${waited} ms instead of 300`);
      await holder.release();
      await second.unit([insertTwo], { waitMs: 300 });
      assert.deepEqual(await readRows(first, "SELECT a FROM t ORDER BY a"), [[1], [2]]);
    },
  },
  {
    name: "lock.no-wait-tries-once",
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      const holder = await hold(first);
      const waits: number[] = [];
      const options = { waitMs: 0, onWait: (ms: number) => void waits.push(ms) };
      await rejectsWith(second.unit([insertTwo], options), { kind: "busy" });
      assert.deepEqual(waits, []);
      await holder.release();
    },
  },
  {
    name: "lock.waits-without-blocking-the-event-loop",
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      const holder = await hold(first);
      const waits: number[] = [];
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 5);
      const waiting = awaitedLater(second.unit([insertTwo], { onWait: (ms) => void waits.push(ms) }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      clearInterval(timer);
      await holder.release();
      await waiting;
      assert.ok(turns >= 10, `the event loop turned ${turns} times in 200 ms`);
      assert.ok(waits.length >= 3, `onWait was called ${waits.length} times`);
      assert.deepEqual(
        waits.toSorted((a, b) => a - b),
        waits,
      );
      assert.deepEqual(await readRows(first, "SELECT a FROM t ORDER BY a"), [[1], [2]]);
    },
  },
  {
    name: "lock.a-query-waits-too",
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      const holder = await hold(first);
      const waiting = awaitedLater(second.query(insertTwo));
      await new Promise((resolve) => setTimeout(resolve, 30));
      await holder.release();
      assert.equal((await waiting).changes, 1);
    },
  },
  {
    name: "lock.a-query-waits-as-long-as-its-connection-was-told",
    run: async (context) => {
      const [first] = await twoConnections(context);
      const second = await context.connect({ waitMs: 50 });
      const holder = await hold(first);
      await rejectsWith(second.query(insertTwo), { kind: "busy" });
      await holder.release();
    },
  },
  {
    name: "lock.waiting-ends-with-the-signal",
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      const holder = await hold(first);
      const controller = new AbortController();
      const waiting = second.unit([insertTwo], {
        signal: controller.signal,
        onWait: () => controller.abort(),
      });
      await rejectsWith(waiting, { kind: "timeout", reason: "aborted", outcome: "rolled-back" });
      await holder.release();
      assert.deepEqual(await readRows(second, "SELECT a FROM t"), [[1]]);
    },
  },
  {
    name: "lock.a-busy-begin-leaves-the-connection-usable",
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      const holder = await hold(first);
      for (let round = 0; round < 3; round += 1) {
        await rejectsWith(second.unit([insertTwo], { waitMs: 0, foreignKeys: "suspended" }), {
          kind: "busy",
        });
      }
      assert.equal(await readValue(second, "PRAGMA foreign_keys"), 1);
      await holder.release();
      await second.unit([{ sql: "DROP TABLE t" }]);
    },
  },
  {
    name: "lock.a-transaction-that-has-read-can-write-at-its-end",
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      await first.transaction?.(async (tx) => {
        assert.equal(await readValue(tx, "SELECT count(*) FROM t"), 0);
        await rejectsWith(second.unit([insertTwo], { waitMs: 0 }), { kind: "busy" });
        await tx.query({ sql: "INSERT INTO t VALUES (1)" });
      });
      await second.unit([insertTwo]);
      assert.deepEqual(await readRows(first, "SELECT a FROM t ORDER BY a"), [[1], [2]]);
    },
  },
  {
    name: "lock.a-reader-is-not-blocked-and-sees-the-state-before",
    applies: withConcurrentReads,
    run: async (context) => {
      const [first, second] = await twoConnections(context);
      const holder = await hold(first);
      assert.deepEqual(await readRows(second, "SELECT a FROM t"), []);
      assert.deepEqual(await readRows(holder.tx, "SELECT a FROM t"), [[1]]);
      await holder.release();
      assert.deepEqual(await readRows(second, "SELECT a FROM t"), [[1]]);
    },
  },
];

export const lockChecks: readonly Check[] = locking.map((check) => ({ applies: withFileLocks, ...check }));
