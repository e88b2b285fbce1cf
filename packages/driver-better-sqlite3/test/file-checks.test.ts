import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { toMigrationError } from "@skillmeat/migrate-core/driver";
import { betterSqlite3 } from "../src/index.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

function temporaryDirectory(): string {
  const database = temporaryDatabase();
  onTestFinished(() => database.dispose());
  return database.files.directory;
}

/** A database of several pages, closed. */
function makeDatabase(path: string, mode: "delete" | "wal" = "delete"): void {
  const database = new Database(path);
  database.pragma(`journal_mode = ${mode}`);
  database.exec("CREATE TABLE t (a, b); CREATE INDEX i ON t (b)");
  database.exec(
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300) INSERT INTO t SELECT x, hex(randomblob(30)) FROM n",
  );
  database.close();
}

function patch(path: string, change: (bytes: Buffer) => Buffer): void {
  makeDatabase(path);
  writeFileSync(path, change(readFileSync(path)));
}

/** Every name in a directory with what it holds. No connection may be open: see prepareDatabaseFile. */
function contentOf(directory: string): unknown {
  return readdirSync(directory)
    .toSorted()
    .map((name) => {
      const path = join(directory, name);
      const stats = lstatSync(path);
      const digest = stats.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "-";
      return { name, mode: stats.mode, digest };
    });
}

interface Row {
  readonly name: string;
  /** Puts something at the path. */
  readonly make: (path: string) => void;
  /** What is opened, where it is not the path itself. */
  readonly input?: (path: string) => string;
  /** `null` where it opens. */
  readonly code: string | null;
  readonly exitCode?: number;
  readonly says?: RegExp;
}

const nothing = (): void => {};

const rows: readonly Row[] = [
  { name: "a directory", make: (path) => mkdirSync(path), code: "SKM_DB_IS_DIRECTORY", exitCode: 5, says: /directory/ },
  { name: "a path that ends in a slash", make: nothing, input: (path) => `${path}/`, code: "SKM_DB_IS_DIRECTORY", exitCode: 5 },
  { name: "a missing directory", make: nothing, input: (path) => join(path, "..", "nodir", "x.db"), code: "SKM_DB_PARENT", exitCode: 5, says: /nodir" does not exist/ },
  { name: "random bytes", make: (path) => writeFileSync(path, randomBytes(8192)), code: "SKM_DB_NOT_A_DB", exitCode: 5, says: /not an SQLite database, or it is encrypted/ },
  { name: "text", make: (path) => writeFileSync(path, "hello\n"), code: "SKM_DB_NOT_A_DB", exitCode: 5 },
  { name: "the magic of the header only", make: (path) => writeFileSync(path, "SQLite format 3\0"), code: "SKM_DB_NOT_A_DB", exitCode: 5 },
  { name: "the first 5,000 bytes of a database", make: (path) => patch(path, (bytes) => bytes.subarray(0, 5000)), code: "SKM_DB_CORRUPT", exitCode: 5 },
  { name: "the first page of a database", make: (path) => patch(path, (bytes) => bytes.subarray(0, 4096)), code: "SKM_DB_CORRUPT", exitCode: 5 },
  { name: "a read version of a newer SQLite", make: (path) => patch(path, (bytes) => (bytes.fill(9, 18, 20), bytes)), code: "SKM_DB_NOT_A_DB", exitCode: 5 },
  { name: "a schema format of a newer SQLite", make: (path) => patch(path, (bytes) => (bytes.writeUInt32BE(9, 44), bytes)), code: "SKM_DB_NOT_A_DB", exitCode: 5 },
  { name: "a schema that cannot be parsed", make: (path) => patch(path, (bytes) => Buffer.from(bytes.toString("latin1").replace("CREATE TABLE t", "CREATE TABEL t"), "latin1")), code: "SKM_DB_CORRUPT", exitCode: 5 },
  { name: "links in a loop", make: (path) => (symlinkSync("b", path), symlinkSync(basename(path), join(path, "..", "b"))), code: "SKM_DB_OPEN", exitCode: 5, says: /loop/ },
  { name: "a file with two names", make: (path) => (makeDatabase(path), linkSync(path, `${path}2`)), code: "SKM_DB_HARDLINK", exitCode: 9, says: /2 hard links/ },
  { name: "a fifo", make: (path) => void execFileSync("mkfifo", [path]), code: "SKM_DB_OPEN", exitCode: 5, says: /not a regular file/ },
  { name: "a device", make: nothing, input: () => "/dev/null", code: "SKM_DB_OPEN", exitCode: 5, says: /not a regular file/ },
  { name: "a lock directory left behind", make: (path) => (makeDatabase(path), mkdirSync(`${path}.lock`)), code: "SKM_LOCK_STALE", exitCode: 6, says: /\.lock", \d+ seconds old/ },
  { name: "a blank path", make: nothing, input: () => " ", code: "SKM_URL", exitCode: 2 },
  { name: "an unknown scheme", make: nothing, input: () => "postgres://x/y", code: "SKM_URL", exitCode: 2, says: /"postgres" is not supported/ },
  { name: "a URL inside file:", make: nothing, input: () => "file:http://x/y", code: "SKM_URL", exitCode: 2 },
  { name: "a drive letter", make: nothing, input: () => "C:\\x.db", code: "SKM_URL", exitCode: 2 },
  { name: "a NUL in the path", make: nothing, input: (path) => `${path}\0.db`, code: "SKM_URL", exitCode: 2 },
  { name: "parameters of SQLite's own URLs", make: nothing, input: (path) => `file:${path}?mode=ro`, code: "SKM_URL", exitCode: 2 },
  { name: "a link to a name that ends in a space", make: (path) => symlinkSync("other ", path), code: "SKM_URL", exitCode: 2, says: /ends in white space/ },
  { name: "an empty file", make: (path) => writeFileSync(path, ""), code: null },
  { name: "a link to a database", make: (path) => (makeDatabase(`${path}-real`), symlinkSync(`${basename(path)}-real`, path)), code: null },
  { name: "a log of another database beside it", make: (path) => (makeDatabase(path, "wal"), writeFileSync(`${path}-wal`, randomBytes(4152))), code: null },
  { name: "a path from Python with three slashes", make: makeDatabase, input: (path) => `sqlite://${path}`, code: null },
  { name: "a path from Python with four slashes", make: makeDatabase, input: (path) => `sqlite:///${path}`, code: null },
]; // prettier-ignore

test.each(rows)("$name is answered with $code", async ({ make, input, code, exitCode, says }) => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.db");
  make(path);
  const before = contentOf(directory);
  const driver = betterSqlite3(input?.(path) ?? path);
  if (code === null) {
    const connection = await driver.connect();
    expect((await connection.query({ sql: "PRAGMA integrity_check" })).rows).toEqual([["ok"]]);
    await connection.close();
    return;
  }
  const error = await driver.connect().catch(toMigrationError);
  expect(error).toMatchObject({ code, exitCode });
  if (says !== undefined) expect((error as Error).message).toMatch(says);
  expect(contentOf(directory)).toEqual(before);
});

/** Numbers from 0 to 1, the same in every run: a linear congruential generator modulo 2^32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test("a few wrong bytes end in success or in a clear refusal, never in damage", async () => {
  const directory = temporaryDirectory();
  const random = seededRandom(20_251_201);
  const outcomes = new Set<string>();
  for (let round = 0; round < 60; round += 1) {
    const path = join(directory, `${round}.db`);
    patch(path, (bytes) => {
      // Every third round hits the header and the schema, the others any page.
      const reach = round % 3 === 0 ? 128 : bytes.length;
      for (let index = 0; index < 8; index += 1)
        bytes[Math.floor(random() * reach)] = Math.floor(random() * 256);
      return bytes;
    });
    const before = createHash("sha256").update(readFileSync(path)).digest("hex");
    const outcome = await betterSqlite3(path)
      .connect()
      .then(async (connection) => {
        await connection.close();
        return "opened";
      }, toMigrationError);
    const code = typeof outcome === "string" ? outcome : outcome.code;
    outcomes.add(code);
    expect(["opened", "SKM_DB_CORRUPT", "SKM_DB_NOT_A_DB"]).toContain(code);
    expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(before);
  }
  expect(outcomes.size).toBeGreaterThan(1);
});
