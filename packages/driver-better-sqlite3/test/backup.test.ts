import { existsSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { withMounts, runChild } from "./support/run-child.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

async function temporary(mode?: "wal") {
  const database = temporaryDatabase(mode === undefined ? {} : { journalMode: mode });
  const connection = await database.driver.connect();
  onTestFinished(async () => {
    await connection.close();
    await database.dispose();
  });
  await connection.unit([
    { sql: "CREATE TABLE t (a)" },
    { sql: "INSERT INTO t VALUES ('S3CRET'), ('kept')" },
  ]);
  await connection.query({ sql: "DELETE FROM t WHERE a = 'S3CRET'" });
  return { connection, ...database.files };
}

test("a copy is readable by this user only and holds what is only in the log", async () => {
  const { connection, directory } = await temporary("wal");
  const path = join(directory, "copy.db");
  await connection.backup?.(path);
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  const copy = new Database(path, { readonly: true });
  expect(copy.prepare("SELECT a FROM t").pluck().all()).toEqual(["kept"]);
  expect(copy.serialize().includes("S3CRET")).toBe(false);
  copy.close();
});

test("a copy does not follow a link, not even one that leads nowhere", async () => {
  const { connection, directory } = await temporary();
  const link = join(directory, "copy.db");
  symlinkSync("elsewhere.db", link);
  await expect(connection.backup?.(link)).rejects.toMatchObject({ kind: "cantopen" });
  expect(existsSync(join(directory, "elsewhere.db"))).toBe(false);
});

test("a copy is written while another connection writes", async () => {
  const { connection, directory, path } = await temporary("wal");
  const other = new Database(path);
  other.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES ('later')");
  await connection.backup?.(join(directory, "copy.db"));
  other.exec("COMMIT");
  other.close();
  const copy = new Database(join(directory, "copy.db"), { readonly: true });
  expect(copy.prepare("SELECT a FROM t").pluck().all()).toEqual(["kept"]);
  copy.close();
});

test("a copy that fails leaves no file", async () => {
  const { connection, directory, path } = await temporary();
  await connection.close();
  const mounted = join(directory, "small");
  const report = await runChild(
    {
      options: { path },
      before: [
        {
          sql: "INSERT INTO t WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) SELECT randomblob(1000) FROM n",
        },
      ],
      backup: join(mounted, "copy.db"),
      list: mounted,
    },
    withMounts('mkdir "$1"; mount -t tmpfs -o size=100k tmpfs "$1"', mounted),
  );
  expect(report).toMatchObject({ error: { kind: "full" }, list: [] });
});
