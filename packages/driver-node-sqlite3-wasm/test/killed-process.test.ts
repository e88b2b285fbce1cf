import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Connection, Driver } from "@skillmeat/migrate-core/driver";
import { nodeSqlite } from "@skillmeat/migrate-driver-node-sqlite";
import { nodeSqlite3Wasm } from "@skillmeat/migrate-driver-node-sqlite3-wasm";
import { killInTransaction } from "./support/killed-process.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

const rows = 2000;
let path: string;
let directory: string;

beforeEach(async () => {
  const database = temporaryDatabase();
  ({ path, directory } = database.files);
  const connection = await database.driver.connect();
  await connection.unit([
    { sql: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)" },
    {
      sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n`,
    },
  ]);
  await connection.close();
  return database.dispose;
});

async function open(driver: Driver, options = {}): Promise<Connection> {
  const connection = await driver.connect(options);
  onTestFinished(async () => await connection.close());
  return connection;
}

/** `[rows changed by a transaction that never ended, the verdict of SQLite]`. */
async function state(connection: Connection): Promise<readonly unknown[]> {
  const changed = await connection.query({ sql: "SELECT count(*) FROM t WHERE b LIKE '%changed'" });
  const check = await connection.query({ sql: "PRAGMA integrity_check" });
  return [changed.rows[0]?.[0], check.rows[0]?.[0]];
}

function age(seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  utimesSync(`${path}.lock`, then, then);
}

/** Notes an owner of the lock directory that is there. */
function note(pid: number, host: string): void {
  const { ino, mtimeNs } = statSync(`${path}.lock`, { bigint: true });
  writeFileSync(`${path}.lock-owner`, JSON.stringify({ pid, host, lock: `${ino}:${mtimeNs}` }));
}

describe("after a process was killed in a transaction", () => {
  let pid: number;
  beforeEach(() => {
    ({ pid } = killInTransaction(path));
    expect(readdirSync(directory).toSorted()).toEqual([
      "test.db",
      "test.db-journal",
      "test.db.lock",
      "test.db.lock-owner",
    ]);
  });

  test("the owner of the lock is named, without waiting, and nothing is removed", async () => {
    await expect(nodeSqlite3Wasm(path).connect()).rejects.toMatchObject({
      kind: "busy",
      reason: "stale-lock",
      target: path,
      message: expect.stringContaining(`of process ${pid}, which is not running any more`) as string,
      hint: expect.stringContaining("--break-lock") as string,
    });
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  test("breaking the lock rolls the transaction back before anybody can read the half of it", async () => {
    const driver = nodeSqlite3Wasm({ path, breakLock: true });
    const connection = await open(driver);
    expect(await state(connection)).toEqual([0, "ok"]);
    await connection.unit([{ sql: "DELETE FROM t WHERE a = 1" }]);
    expect(await state(connection)).toEqual([0, "ok"]);
  });

  test("a native driver names the owner too, and breaks the lock when told", async () => {
    await expect(nodeSqlite(path).connect()).rejects.toMatchObject({
      reason: "stale-lock",
      message: expect.stringContaining(`of process ${pid},`) as string,
    });
    const connection = await open(nodeSqlite({ path, breakLock: true }));
    expect(await state(connection)).toEqual([0, "ok"]);
    expect(existsSync(`${path}.lock`)).toBe(false);
    await connection.close();
    expect(readdirSync(directory)).toEqual(["test.db"]);
  });

  test("whoever removes the directory by hand finds the transaction rolled back by the next opening", async () => {
    rmdirSync(`${path}.lock`);
    await expect(nodeSqlite3Wasm(path).connect({ readOnly: true })).rejects.toMatchObject({
      kind: "readonly",
      hint: expect.stringContaining("such as upgrade") as string,
    });
    expect(existsSync(`${path}-journal`)).toBe(true);
    expect(await state(await open(nodeSqlite3Wasm(path)))).toEqual([0, "ok"]);
  });
});

test("a connection that was open when another process died refuses to work on the half of its transaction", async () => {
  const connection = await open(nodeSqlite3Wasm(path));
  killInTransaction(path);
  rmdirSync(`${path}.lock`);
  const refused = { kind: "io", message: expect.stringContaining("a killed process") as string };
  await expect(connection.query({ sql: "SELECT count(*) FROM t" })).rejects.toMatchObject(refused);
  await expect(connection.unit([{ sql: "DELETE FROM t" }])).rejects.toMatchObject(refused);
  expect(await state(await open(nodeSqlite3Wasm(path)))).toEqual([0, "ok"]);
  expect(await state(connection)).toEqual([0, "ok"]);
});

test("a lock whose owner is running is waited for and never broken", async () => {
  const holder = await open(nodeSqlite3Wasm(path));
  await holder.transaction?.(async (tx) => {
    await tx.query({ sql: "DELETE FROM t WHERE a = 1" });
    age(10);
    note(process.pid, hostname());
    for (const breakLock of [false, true]) {
      const other = nodeSqlite3Wasm({ path, breakLock });
      await expect(other.connect({ waitMs: 50 })).rejects.toMatchObject({
        kind: "busy",
        reason: undefined,
        message: expect.stringContaining(`process ${process.pid}, which is running`) as string,
      });
    }
    expect(existsSync(`${path}.lock`)).toBe(true);
  });
  expect((await holder.query({ sql: "SELECT count(*) FROM t" })).rows).toEqual([[rows - 1]]);
});

test("a connection opens as soon as the lock of another one is gone", async () => {
  const holder = await open(nodeSqlite3Wasm(path));
  let opened: Promise<Connection> | undefined;
  await holder.transaction?.(async (tx) => {
    await tx.query({ sql: "DELETE FROM t WHERE a = 1" });
    opened = open(nodeSqlite3Wasm(path));
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  expect((await (await opened)?.query({ sql: "SELECT count(*) FROM t" }))?.rows).toEqual([[rows - 1]]);
});

const unknownOwners: readonly (readonly [name: string, note: string | undefined])[] = [
  ["no note", undefined],
  ["a note that is no JSON", "{"],
  ["a note about another directory", '{"pid":1,"host":"h","lock":"1:2"}'],
];

describe.each(unknownOwners)("a lock with %s", (_, text) => {
  test("is stale after the wait, and broken when told", async () => {
    mkdirSync(`${path}.lock`);
    age(3600);
    if (text !== undefined) writeFileSync(`${path}.lock-owner`, text);
    await expect(nodeSqlite3Wasm(path).connect({ waitMs: 20 })).rejects.toMatchObject({
      reason: "stale-lock",
      message: expect.stringMatching(/36\d\d seconds old, of an unknown process$/) as string,
    });
    await open(nodeSqlite3Wasm({ path, breakLock: true }));
  });
});

test("a lock that was made on another host names it", async () => {
  mkdirSync(`${path}.lock`);
  age(3600);
  note(process.pid, `not-${hostname()}`);
  await expect(nodeSqlite3Wasm(path).connect({ waitMs: 20 })).rejects.toMatchObject({
    reason: "stale-lock",
    message: expect.stringContaining(`on the host "not-${hostname()}"`) as string,
  });
});
