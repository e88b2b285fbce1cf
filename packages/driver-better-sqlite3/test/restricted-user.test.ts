import { chmodSync, chownSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { asNobody, runChild, withMounts } from "./support/run-child.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

const nobody = 65_534;

/** A directory of the user who is not root, with a database. */
function temporary(mode: "delete" | "wal" = "delete") {
  const { files, dispose } = temporaryDatabase();
  const { directory, path } = files;
  onTestFinished(() => {
    chmodSync(directory, 0o700);
    return dispose();
  });
  const database = new Database(path);
  database.pragma(`journal_mode = ${mode}`);
  database.exec("CREATE TABLE t (a)");
  database.close();
  for (const name of [path, directory]) if (asNobody.length > 0) chownSync(name, nobody, nobody);
  return { directory, path };
}

const read = { connect: { readOnly: true }, unit: [{ sql: "SELECT count(*) FROM t" }] };

test("a file that may not be written is refused before any work, and read", async () => {
  const { path } = temporary();
  chmodSync(path, 0o444);
  const { error } = await runChild({ options: { path } }, asNobody);
  expect(error).toMatchObject({
    kind: "readonly",
    message: expect.stringContaining("the file may not be written") as string,
  });
  expect(await runChild({ options: { path }, ...read }, asNobody)).toEqual({ rows: [[0]] });
});

test("a file that may not be read is a matter of permission", async () => {
  const { path } = temporary();
  chmodSync(path, 0o000);
  for (const connect of [{}, { readOnly: true }]) {
    const { error } = await runChild({ options: { path }, connect }, asNobody);
    expect(error).toMatchObject({ kind: "cantopen", reason: "permission" });
  }
});

test("a directory that may not be written is refused, because the journal stands there", async () => {
  const { path, directory } = temporary("wal");
  chmodSync(directory, 0o555);
  const { error } = await runChild({ options: { path } }, asNobody);
  expect(error).toMatchObject({
    kind: "readonly",
    message: expect.stringContaining("its directory") as string,
  });
  const reading = await runChild({ options: { path }, ...read }, asNobody);
  expect(reading.error).toMatchObject({ kind: "readonly" });
  expect(readdirSync(directory)).toEqual(["test.db"]);
});

test("without a log, a directory that may not be written can be read from", async () => {
  const { path, directory } = temporary("delete");
  chmodSync(directory, 0o555);
  expect(await runChild({ options: { path }, ...read }, asNobody)).toEqual({ rows: [[0]] });
});

test("a directory that may not be searched is a matter of permission", async () => {
  const { path, directory } = temporary();
  chmodSync(directory, 0o000);
  const { error } = await runChild({ options: { path } }, asNobody);
  expect(error).toMatchObject({ kind: "cantopen", reason: "permission" });
});

test("a new database in a directory that may not be written is refused", async () => {
  const { directory } = temporary();
  chmodSync(directory, 0o555);
  const { error } = await runChild({ options: { path: join(directory, "new.db") } }, asNobody);
  expect(error).toMatchObject({ kind: "readonly" });
  const below = await runChild(
    { options: { path: join(directory, "a", "new.db"), createParent: true } },
    asNobody,
  );
  expect(below.error).toMatchObject({ kind: "readonly" });
});

test("a file system that is mounted for reading is refused before any work, and read", async () => {
  const { path, directory } = temporary();
  const mounts = withMounts('mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"', directory);
  const { error } = await runChild({ options: { path } }, mounts);
  expect(error).toMatchObject({
    kind: "readonly",
    message: expect.stringContaining("file system is read-only") as string,
  });
  const created = await runChild({ options: { path: join(directory, "new.db") } }, mounts);
  expect(created.error).toMatchObject({ kind: "readonly" });
  expect(await runChild({ options: { path }, ...read }, mounts)).toEqual({ rows: [[0]] });
});

const fill = [
  { sql: "CREATE TABLE big (a)" },
  {
    sql: "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000) INSERT INTO big SELECT randomblob(1000) FROM n",
  },
];
const kept = [{ sql: "CREATE TABLE kept (a)" }, { sql: "INSERT INTO kept VALUES (7)" }];
const state =
  "SELECT a, (SELECT count(*) FROM sqlite_schema), (SELECT integrity_check FROM pragma_integrity_check) FROM kept";

test.each([
  ["delete, while a statement runs", {}, -100, 1],
  ["wal, while a statement runs", { journalMode: "wal" as const }, -100, 1],
  ["delete, at COMMIT", {}, -10_000, undefined],
  ["wal, at COMMIT", { journalMode: "wal" as const }, -10_000, undefined],
])(
  "a full disk (%s) rolls back, and a fresh connection finds the state before",
  async (_, journal, cacheSize, step) => {
    const { directory } = temporary();
    const report = await runChild(
      {
        options: { path: join(directory, "full.db"), ...journal, pragmas: { cache_size: cacheSize } },
        before: [...kept],
        unit: fill,
        after: { sql: state },
      },
      withMounts('mount -t tmpfs -o size=600k tmpfs "$1"', directory),
    );
    expect(report.error).toMatchObject({ kind: "full", outcome: "rolled-back", engineCode: "SQLITE_FULL" });
    expect(report.error?.step).toBe(step);
    expect(report.after).toEqual([[7, 1, "ok"]]);
  },
);
