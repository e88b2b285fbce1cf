import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { nodeSqlite3Wasm } from "@skillmeat/migrate-driver-node-sqlite3-wasm";
import { temporaryDatabase } from "./support/temporary-database.ts";

function freshPath(): string {
  const { files, dispose } = temporaryDatabase();
  onTestFinished(dispose);
  return files.path;
}

test("a database with a write-ahead log is refused with what to do, and left alone", async () => {
  const path = freshPath();
  const native = await betterSqlite3({ path, journalMode: "wal" }).connect();
  await native.query({ sql: "CREATE TABLE t (a)" });
  await native.close();
  const before = readFileSync(path);
  for (const readOnly of [false, true]) {
    await expect(nodeSqlite3Wasm(path).connect({ readOnly })).rejects.toMatchObject({
      kind: "unsupported",
      message: expect.stringContaining("write-ahead log") as string,
      hint: expect.stringContaining("journal_mode = DELETE") as string,
    });
  }
  expect(readFileSync(path)).toEqual(before);
});

test("a database in UTF-16 is refused instead of being called damaged", async () => {
  const path = freshPath();
  const native = new DatabaseSync(path);
  native.exec("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a)");
  native.close();
  await expect(nodeSqlite3Wasm(path).connect()).rejects.toMatchObject({
    kind: "unsupported",
    message: expect.stringContaining("UTF-16") as string,
  });
});

test("a file where the lock would be is named", async () => {
  const path = freshPath();
  writeFileSync(`${path}.lock`, "");
  await expect(nodeSqlite3Wasm(path).connect()).rejects.toMatchObject({
    kind: "cantopen",
    message: expect.stringContaining('.lock", which must be a directory') as string,
  });
});

test("a PRAGMA that the engine cannot honour is reported, the others are applied", async () => {
  const reports: unknown[] = [];
  const driver = nodeSqlite3Wasm({
    path: freshPath(),
    pragmas: { journal_mode: "WAL", synchronous: "NORMAL", mmap_size: 268_435_456, cache_size: -4000 },
    onPragmas: (report) => reports.push(...report.map(({ name, got, applied }) => [name, got, applied])),
  });
  const connection = await driver.connect();
  await connection.close();
  expect(reports).toEqual([
    ["journal_mode", "delete", false],
    ["synchronous", 1, true],
    ["mmap_size", 0, false],
    ["cache_size", -4000, true],
  ]);
});

test("the file of another library in this process is refused", async () => {
  const path = freshPath();
  const held = await betterSqlite3(path).connect();
  await expect(nodeSqlite3Wasm(path).connect()).rejects.toMatchObject({ kind: "busy", reason: "in-use" });
  await held.close();
  await (await nodeSqlite3Wasm(path).connect()).close();
});

test("columns named like numbers keep their order", async () => {
  const connection = await nodeSqlite3Wasm(":memory:").connect();
  const { columns, rows } = await connection.query({
    sql: "SELECT 'b' AS x, 'a' AS \"0\", 'c' AS __proto__",
  });
  expect([columns, rows]).toEqual([["x", "0", "__proto__"], [["b", "a", "c"]]]);
  await connection.close();
});

test("text keeps its NUL in columns and keys", async () => {
  const connection = await nodeSqlite3Wasm(":memory:").connect();
  await connection.query({ sql: "CREATE TABLE t (a TEXT PRIMARY KEY, b BLOB)" });
  const text = `ü\0${"x".repeat(50)}\0`;
  await connection.query({ sql: "INSERT INTO t VALUES (?, ?)", params: [text, new Uint8Array([0])] });
  const read = "SELECT a, b, length(CAST(a AS BLOB)) FROM t WHERE a = ?";
  expect((await connection.query({ sql: read, params: [text] })).rows).toEqual([
    [text, new Uint8Array([0]), Buffer.byteLength(text)],
  ]);
  await connection.close();
});
