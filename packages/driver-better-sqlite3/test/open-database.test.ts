import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { Connection, SqlValue } from "@skillmeat/migrate-core/driver";
import { betterSqlite3, type BetterSqlite3FileOptions } from "../src/index.ts";
import { startChild } from "./support/run-child.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

function temporary(options?: Omit<BetterSqlite3FileOptions, "path" | "url">) {
  const database = temporaryDatabase(options);
  onTestFinished(() => database.dispose());
  return { driver: database.driver, ...database.files };
}

async function pragma(connection: Connection, name: string): Promise<SqlValue | undefined> {
  return (await connection.query({ sql: `PRAGMA ${name}` })).rows[0]?.[0];
}

const settings = [
  "journal_mode",
  "synchronous",
  "mmap_size",
  "trusted_schema",
  "cell_size_check",
  "foreign_keys",
  "busy_timeout",
];

async function readSettings(connection: Connection): Promise<unknown> {
  const found: Record<string, unknown> = {};
  for (const name of settings) found[name] = await pragma(connection, name);
  return found;
}

const careful = { mmap_size: 0, trusted_schema: 0, cell_size_check: 1, foreign_keys: 1, busy_timeout: 0 };

test("a connection outside WAL makes the removal of the journal durable", async () => {
  const connection = await temporary().driver.connect();
  expect(await readSettings(connection)).toEqual({ journal_mode: "delete", synchronous: 3, ...careful });
  await connection.close();
});

test("a connection in WAL makes each commit durable", async () => {
  const connection = await temporary({ journalMode: "wal" }).driver.connect();
  expect(await readSettings(connection)).toEqual({ journal_mode: "wal", synchronous: 2, ...careful });
  await connection.close();
});

test("the journal mode of a database is left as it is unless told", async () => {
  const { driver, path } = temporary();
  const other = new Database(path);
  other.pragma("journal_mode = wal");
  other.close();
  const connection = await driver.connect();
  expect(await readSettings(connection)).toMatchObject({ journal_mode: "wal", synchronous: 2 });
  await connection.close();
});

test("a reader does not switch to WAL", async () => {
  const { driver, path } = temporary({ journalMode: "wal" });
  new Database(path).exec("CREATE TABLE t (a)").close();
  const connection = await driver.connect({ readOnly: true });
  expect(await pragma(connection, "journal_mode")).toBe("delete");
  await connection.close();
});

test("the switch to WAL waits for a lock although SQLite would not", async () => {
  const { path } = temporary();
  const holder = new Database(path);
  holder.exec("CREATE TABLE t (a); BEGIN IMMEDIATE");
  setTimeout(() => {
    holder.exec("COMMIT");
    holder.close();
  }, 100);
  const connection = await betterSqlite3({ path, journalMode: "wal" }).connect({ waitMs: 5000 });
  expect(await pragma(connection, "journal_mode")).toBe("wal");
  await connection.close();
});

test("the switch to WAL ends with busy at the limit", async () => {
  const { path } = temporary();
  const holder = new Database(path);
  holder.exec("CREATE TABLE t (a); BEGIN IMMEDIATE");
  const connecting = betterSqlite3({ path, journalMode: "wal" }).connect({ waitMs: 60 });
  await expect(connecting).rejects.toMatchObject({ kind: "busy", target: path });
  holder.close();
});

test("a database that is held exclusively is busy after the limit, and opens once it is free", async () => {
  const { driver, path } = temporary();
  const holder = new Database(path);
  holder.exec("CREATE TABLE t (a); BEGIN EXCLUSIVE");
  const start = performance.now();
  await expect(driver.connect({ waitMs: 200 })).rejects.toMatchObject({ kind: "busy", target: path });
  expect(performance.now() - start).toBeGreaterThanOrEqual(195);
  setTimeout(() => holder.close(), 50);
  const connection = await driver.connect({ waitMs: 20_000 });
  expect((await connection.query({ sql: "SELECT name FROM sqlite_schema" })).rows).toEqual([["t"]]);
  await connection.close();
});

test("outside WAL a reader keeps COMMIT waiting, and it is rolled back at the limit", async () => {
  const { driver, path } = temporary();
  const connection = await driver.connect();
  await connection.query({ sql: "CREATE TABLE t (a)" });
  const reader = new Database(path);
  reader.exec("BEGIN; SELECT * FROM t");
  const insert = [{ sql: "INSERT INTO t VALUES (1)" }];
  await expect(connection.unit(insert, { waitMs: 80 })).rejects.toMatchObject({
    kind: "busy",
    outcome: "rolled-back",
    step: undefined,
  });
  setTimeout(() => reader.exec("COMMIT"), 50);
  await connection.unit(insert, { waitMs: 20_000 });
  expect((await connection.query({ sql: "SELECT a FROM t" })).rows).toEqual([[1]]);
  reader.close();
  await connection.close();
});

test("a new database is readable by this user only, with all that SQLite puts beside it", async () => {
  const { driver, directory } = temporary({ journalMode: "wal" });
  const connection = await driver.connect();
  await connection.query({ sql: "CREATE TABLE t (a)" });
  const modes = readdirSync(directory)
    .toSorted()
    .map((name) => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]);
  expect(modes).toEqual([
    ["test.db", "600"],
    ["test.db-shm", "600"],
    ["test.db-wal", "600"],
  ]);
  await connection.close();
});

test("a transaction is not committed into a file that was moved away", async () => {
  const { driver, path, directory } = temporary();
  const connection = await driver.connect();
  await connection.query({ sql: "CREATE TABLE t (a)" });
  const moved = join(directory, "moved.db");
  const writing = connection.transaction?.(async (tx) => {
    await tx.query({ sql: "INSERT INTO t VALUES (1)" });
    renameSync(path, moved);
    writeFileSync(path, "");
  });
  await expect(writing).rejects.toMatchObject({ kind: "io", reason: "replaced", outcome: "rolled-back" });
  await connection.close();
  const reader = new Database(moved, { readonly: true });
  expect(reader.prepare("SELECT count(*) FROM t").pluck().get()).toBe(0);
  reader.close();
});

test("PRAGMAs of the profile are set last and reported", async () => {
  const reports: unknown[] = [];
  const { driver } = temporary({
    pragmas: { synchronous: "NORMAL", cache_size: -2000, page_count: 9 },
    onPragmas: (report) => reports.push(...report.map(({ name, applied }) => [name, applied])),
  });
  const connection = await driver.connect();
  expect(reports).toEqual([
    ["synchronous", true],
    ["cache_size", true],
    ["page_count", false],
  ]);
  expect(await pragma(connection, "synchronous")).toBe(1);
  await connection.close();
});

test("every connection to :memory: is a database of its own", async () => {
  const driver = betterSqlite3({ path: ":memory:", journalMode: "wal" });
  const [first, second] = [await driver.connect(), await driver.connect()];
  await first.query({ sql: "CREATE TABLE t (a)" });
  expect((await second.query({ sql: "SELECT * FROM sqlite_schema" })).rows).toEqual([]);
  await expect(
    (await driver.connect({ readOnly: true })).query({ sql: "CREATE TABLE t (a)" }),
  ).rejects.toMatchObject({ kind: "readonly" });
  await first.close();
  await second.close();
});

test("a relative path keeps its meaning when the working directory changes", async () => {
  const { directory } = temporary();
  const before = process.cwd();
  process.chdir(directory);
  onTestFinished(() => process.chdir(before));
  const driver = betterSqlite3("relative.db");
  process.chdir(before);
  await (await driver.connect()).close();
  expect(readdirSync(directory)).toEqual(["relative.db"]);
});

test("capabilities are found by asking this build of SQLite", async () => {
  const connection = await betterSqlite3(":memory:").connect();
  const { capabilities } = connection;
  const [[version] = []] = (await connection.query({ sql: "SELECT sqlite_version()" })).rows;
  expect(capabilities).toMatchObject({
    interactive: true,
    foreignKeysOff: true,
    lock: "file",
    preservesSql: true,
    maxUnitMs: null,
    engineVersion: version,
  });
  expect(capabilities.settablePragmas).toEqual(
    expect.arrayContaining(["foreign_keys", "journal_mode", "synchronous"]),
  );
  expect(capabilities.limits.sqlBytes).toBeGreaterThan(1_000_000);
  await connection.close();
});

/** Name, digest and size of every file; `-shm` is an index that every reader rebuilds and holds no data. */
function bytesOf(directory: string): unknown {
  return readdirSync(directory)
    .filter((name) => !name.endsWith("-shm"))
    .toSorted()
    .map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(directory, name)))
        .digest("hex"),
    ]);
}

/** Leaves a database as a process does that is killed right after a statement. */
async function crash(path: string, statements: readonly string[]): Promise<void> {
  const child = await startChild({ options: { path }, hold: statements.map((sql) => ({ sql })) });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

async function filled(mode: "delete" | "wal") {
  const database = temporary(mode === "wal" ? { journalMode: "wal" } : {});
  const connection = await database.driver.connect();
  await connection.query({ sql: "CREATE TABLE t (a)" });
  await connection.query({ sql: "INSERT INTO t VALUES (1)" });
  return { ...database, connection };
}

const bigInsert =
  "INSERT INTO t WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000) SELECT zeroblob(3000) FROM n";

test("a reader leaves a log that a killed process left behind as it is", async () => {
  const { driver, path, directory, connection } = await filled("wal");
  await connection.close();
  await crash(path, ["PRAGMA cache_size = 5", bigInsert]);
  const before = bytesOf(directory);
  expect(JSON.stringify(before)).toContain("test.db-wal");
  const reader = await driver.connect({ readOnly: true });
  expect((await reader.query({ sql: "SELECT a FROM t" })).rows).toEqual([[1]]);
  await reader.close();
  expect(bytesOf(directory)).toEqual(before);
});

test("a reader sees what is only in the log of a process that runs, and leaves it alone", async () => {
  const { driver, directory, connection } = await filled("wal");
  const before = readdirSync(directory);
  const reader = await driver.connect({ readOnly: true });
  expect((await reader.query({ sql: "SELECT a FROM t" })).rows).toEqual([[1]]);
  await reader.close();
  expect(readdirSync(directory)).toEqual(before);
  await connection.query({ sql: "INSERT INTO t VALUES (2)" });
  await connection.close();
});

test("a reader does not roll back what a killed process left, and says who does", async () => {
  const { driver, path, directory, connection } = await filled("delete");
  await connection.close();
  await crash(path, ["PRAGMA cache_size = 5", bigInsert]);
  const before = bytesOf(directory);
  expect(JSON.stringify(before)).toContain("test.db-journal");
  await expect(driver.connect({ readOnly: true })).rejects.toMatchObject({
    kind: "readonly",
    engineCode: "SQLITE_READONLY_ROLLBACK",
    hint: expect.stringContaining("run a command that writes") as string,
  });
  expect(bytesOf(directory)).toEqual(before);
  const writer = await driver.connect();
  expect((await writer.query({ sql: "SELECT a FROM t" })).rows).toEqual([[1]]);
  await writer.close();
  expect(readdirSync(directory)).toEqual(["test.db"]);
});
