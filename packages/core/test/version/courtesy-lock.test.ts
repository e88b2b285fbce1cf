import { expect, onTestFinished, test } from "vitest";
import type { Connection } from "@skillmeat/migrate-core";
import {
  fenceOf,
  leaseSeconds,
  lockTable,
  readLock,
  releaseLock,
  takeLock,
  type LockOwner,
} from "../../src/version/courtesy-lock.ts";
import { openDriver, temporaryPath } from "../support/temporary-database.ts";

const owner = (id: string): LockOwner => ({ id, holder: `process of ${id}` });

async function open(): Promise<Connection> {
  const connection = await openDriver(temporaryPath()).connect();
  onTestFinished(async () => await connection.close());
  return connection;
}

const lapse = async (connection: Connection): Promise<unknown> =>
  await connection.query({ sql: `UPDATE ${lockTable} SET expires_at = 0` });

async function take(connection: Connection, id: string) {
  const lease = await takeLock(connection, owner(id));
  if (lease === undefined) throw new Error("somebody else has it");
  return lease;
}

test("one owner has the lock until its time is up, and each owner has another token", async () => {
  const connection = await open();
  const first = await take(connection, "a");
  expect(first.token).toBe(1);
  expect(await takeLock(connection, owner("b"))).toBeUndefined();
  // Its own lease is made longer, and stays the same.
  expect((await take(connection, "a")).token).toBe(1);
  await lapse(connection);
  expect((await take(connection, "b")).token).toBe(2);
  await lapse(connection);
  expect((await take(connection, "a")).token).toBe(3);
  const { lapsesInMs, heldMs, ...state } = (await readLock(connection)) ?? {};
  expect(state).toEqual({ holder: "process of a", token: 3 });
  expect(heldMs).toBeLessThan(5000);
  expect(lapsesInMs).toBeGreaterThan((leaseSeconds - 5) * 1000);
});

test("a fence lets pass the lease that it is of, and none before or beside it", async () => {
  const connection = await open();
  const first = await take(connection, "a");
  await connection.query(fenceOf(first));
  await lapse(connection);
  const second = await take(connection, "b");
  await lapse(connection);
  const third = await take(connection, "a");
  await connection.query(fenceOf(third));
  for (const lost of [first, second]) {
    await expect(connection.query(fenceOf(lost))).rejects.toMatchObject({ kind: "sql" });
  }
  await connection.query({ sql: `DROP TABLE ${lockTable}` });
  await expect(connection.query(fenceOf(third))).rejects.toMatchObject({ kind: "sql" });
  // Tokens begin anew with the table: only the owner tells this lease from the first one.
  const anew = await take(connection, "c");
  expect(anew.token).toBe(first.token);
  await expect(connection.query(fenceOf(first))).rejects.toMatchObject({ kind: "sql" });
});

test("who has lost the lock gives back nothing", async () => {
  const connection = await open();
  const lost = await take(connection, "a");
  await lapse(connection);
  const held = await take(connection, "b");
  await releaseLock(connection, lost);
  expect(await readLock(connection)).toMatchObject({ holder: "process of b" });
  await releaseLock(connection, held);
  expect(await readLock(connection)).toBeNull();
  // Nor where the table is gone by now.
  await releaseLock(connection, held);
});
