import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { testDriver } from "@skillmeat/migrate-core/testkit";
import { betterSqlite3 } from "../src/index.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

const names = [
  "synchronous",
  "mmap_size",
  "trusted_schema",
  "cell_size_check",
  "foreign_keys",
  "busy_timeout",
  "query_only",
];
const settings = (database: Database.Database): unknown =>
  names.map((name) => [name, database.pragma(name, { simple: true })]);

function temporary(): Database.Database {
  const { files, dispose } = temporaryDatabase();
  const database = new Database(files.path, { timeout: 1234 });
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; CREATE TABLE t (a)",
  );
  onTestFinished(() => {
    database.close();
    return dispose();
  });
  return database;
}

test("a borrowed database gets its settings back and stays open", async () => {
  const database = temporary();
  const before = settings(database);
  for (const readOnly of [false, true]) {
    const connection = await betterSqlite3({ database }).connect({ readOnly });
    expect(settings(database)).toEqual([
      ["synchronous", 2],
      ["mmap_size", 0],
      ["trusted_schema", 0],
      ["cell_size_check", 1],
      ["foreign_keys", 1],
      ["busy_timeout", 0],
      ["query_only", readOnly ? 1 : 0],
    ]);
    await connection.close();
    await connection.close();
    expect(settings(database)).toEqual(before);
  }
  expect(database.prepare("SELECT 1").pluck().get()).toBe(1);
});

test("the application reads numbers as before", async () => {
  const database = temporary();
  const connection = await betterSqlite3({ database }).connect();
  await connection.query({ sql: "INSERT INTO t VALUES (?)", params: [7] });
  expect(database.prepare("SELECT a FROM t").get()).toEqual({ a: 7 });
  await connection.close();
});

test("a database inside a transaction is refused and left alone", async () => {
  const database = temporary();
  database.exec("BEGIN; INSERT INTO t VALUES (1)");
  await expect(betterSqlite3({ database }).connect()).rejects.toMatchObject({
    kind: "busy",
    reason: "in-use",
  });
  expect(database.inTransaction).toBe(true);
  database.exec("COMMIT");
  await (await betterSqlite3({ database }).connect()).close();
});

test("a transaction that the application begins later is not touched", async () => {
  const database = temporary();
  const connection = await betterSqlite3({ database }).connect();
  database.exec("BEGIN; INSERT INTO t VALUES (1)");
  const refused = { kind: "busy", reason: "in-use" };
  await expect(connection.unit([{ sql: "DELETE FROM t" }])).rejects.toMatchObject(refused);
  await expect(connection.query({ sql: "DELETE FROM t" })).rejects.toMatchObject(refused);
  await expect(connection.close()).rejects.toMatchObject(refused);
  expect(database.inTransaction).toBe(true);
  database.exec("COMMIT");
  expect((await connection.query({ sql: "SELECT a FROM t" })).rows).toEqual([[1]]);
  await connection.close();
});

test("an application that iterates is waited for", async () => {
  const database = temporary();
  database.exec("INSERT INTO t VALUES (1), (2)");
  const connection = await betterSqlite3({ database }).connect({ waitMs: 20_000 });
  const rows = database.prepare("SELECT a FROM t").iterate();
  rows.next();
  const unit = connection.unit([{ sql: "DELETE FROM t" }], { onWait: () => rows.return?.() });
  expect(await unit).toMatchObject([{ changes: 2 }]);
  await connection.close();
});

test("a database that is closed is refused, or ends the connection", async () => {
  const database = temporary();
  const driver = betterSqlite3({ database });
  const connection = await driver.connect();
  database.close();
  await expect(connection.query({ sql: "SELECT 1" })).rejects.toMatchObject({ kind: "closed" });
  await connection.close();
  await expect(driver.connect()).rejects.toMatchObject({ kind: "closed" });
});

describe("a database in memory", () => {
  test("is migrated where it is", async () => {
    const database = new Database(":memory:");
    const connection = await betterSqlite3({ database }).connect();
    await connection.unit([{ sql: "CREATE TABLE t (a)" }]);
    await connection.close();
    expect(database.prepare("SELECT name FROM sqlite_schema").pluck().get()).toBe("t");
    database.close();
  });
});

await testDriver({
  describe: (title, body) => describe(`${title}, with a borrowed database`, body),
  test,
  create: () => {
    const { files, dispose } = temporaryDatabase();
    const opened: Database.Database[] = [];
    return {
      driver: {
        name: "borrowed",
        // The application's own connections: one each, as they would be in several processes.
        connect: async (options) => {
          const database = new Database(files.path);
          opened.push(database);
          return await betterSqlite3({ database }).connect(options);
        },
      },
      dispose: () => {
        for (const database of opened) database.close();
        return dispose();
      },
    };
  },
});
