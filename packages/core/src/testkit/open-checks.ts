import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rejectsWith } from "./assert-driver-error.ts";
import {
  withFiles,
  withTransactions,
  type Check,
  type CheckContext,
  type DatabaseUnderTest,
} from "./check.ts";
import { readRows, readTables, readValue } from "./read-rows.ts";

type Files = NonNullable<DatabaseUnderTest["files"]>;

function filesOf(context: CheckContext): Files {
  const { files } = context.database;
  assert.ok(files);
  return files;
}

/** Not to be called while the process has the database open: closing a descriptor drops SQLite's locks. */
function digest(directory: string): readonly string[] {
  return readdirSync(directory)
    .toSorted()
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(directory, name)))
          .digest("hex")}`,
    );
}

async function fill(context: CheckContext): Promise<void> {
  const connection = await context.connect();
  await connection.unit([
    { sql: "CREATE TABLE t (a INTEGER, b TEXT)" },
    {
      sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, hex(randomblob(40)) FROM n",
    },
  ]);
  await connection.close();
}

export const openChecks: readonly Check[] = [
  {
    name: "open.creates-and-connects",
    run: async (context) => {
      const connection = await context.connect();
      assert.equal(await readValue(connection, "SELECT 1"), 1);
      assert.deepEqual(await readTables(connection), []);
    },
  },
  {
    name: "open.second-connection-sees-the-same-database",
    run: async (context) => {
      const first = await context.connect();
      await first.query({ sql: "CREATE TABLE t (a)" });
      assert.deepEqual(await readTables(await context.connect()), ["t"]);
    },
  },
  {
    name: "open.missing-directory-is-cantopen",
    applies: withFiles,
    run: async (context) => {
      const { directory, driverFor } = filesOf(context);
      const missing = join(directory, "missing");
      await rejectsWith(driverFor(join(missing, "x.db")).connect(), {
        kind: "cantopen",
        reason: "parent-missing",
      });
      assert.equal(existsSync(missing), false);
    },
  },
  {
    name: "open.directory-is-cantopen",
    applies: withFiles,
    run: async (context) => {
      const { directory, driverFor } = filesOf(context);
      await rejectsWith(driverFor(directory).connect(), { kind: "cantopen", reason: "directory" });
    },
  },
  {
    name: "open.create-false-refuses-a-missing-database",
    applies: withFiles,
    run: async (context) => {
      const { path } = filesOf(context);
      await rejectsWith(context.connect({ create: false }), { kind: "cantopen", reason: "missing" });
      await rejectsWith(context.connect({ readOnly: true }), { kind: "cantopen", reason: "missing" });
      assert.equal(existsSync(path), false);
    },
  },
  {
    name: "open.a-missing-directory-is-missing-to-a-reader",
    applies: withFiles,
    run: async (context) => {
      const { directory, driverFor } = filesOf(context);
      const driver = driverFor(join(directory, "missing", "x.db"));
      await rejectsWith(driver.connect({ readOnly: true }), { kind: "cantopen", reason: "missing" });
    },
  },
  {
    name: "open.not-a-database-fails-at-open",
    applies: withFiles,
    run: async (context) => {
      const { directory, path } = filesOf(context);
      writeFileSync(path, Buffer.alloc(8192, "not a database "));
      const before = digest(directory);
      await rejectsWith(context.connect(), { kind: "notadb" });
      await rejectsWith(context.connect({ readOnly: true }), { kind: "notadb" });
      assert.deepEqual(digest(directory), before);
    },
  },
  {
    name: "open.truncated-database-fails-at-open",
    applies: withFiles,
    run: async (context) => {
      await fill(context);
      const { directory, path } = filesOf(context);
      writeFileSync(path, readFileSync(path).subarray(0, 5000));
      const before = digest(directory);
      await rejectsWith(context.connect(), { kind: "corrupt" });
      assert.deepEqual(digest(directory), before);
    },
  },
  {
    name: "open.an-empty-file-is-an-empty-database",
    applies: withFiles,
    run: async (context) => {
      writeFileSync(filesOf(context).path, "");
      assert.deepEqual(await readTables(await context.connect({ create: false })), []);
    },
  },
  {
    name: "open.readonly-rejects-writes",
    run: async (context) => {
      await fill(context);
      const connection = await context.connect({ readOnly: true });
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 500);
      for (const sql of ["INSERT INTO t VALUES (1, 'x')", "CREATE TABLE u (a)", "PRAGMA user_version = 7"]) {
        await rejectsWith(connection.query({ sql }), { kind: "readonly" });
        await rejectsWith(connection.unit([{ sql }]), { kind: "readonly", step: 0, outcome: "rolled-back" });
      }
      assert.deepEqual(await readTables(connection), ["t"]);
    },
  },
  {
    name: "open.readonly-leaves-every-byte-and-no-file",
    applies: withFiles,
    run: async (context) => {
      await fill(context);
      const { directory } = filesOf(context);
      const before = digest(directory);
      const connection = await context.connect({ readOnly: true });
      await readRows(connection, "SELECT * FROM t");
      await connection.unit([{ sql: "SELECT count(*) FROM t" }]);
      await connection.close();
      assert.deepEqual(digest(directory), before);
    },
  },
  {
    name: "open.file-url-equals-path",
    applies: withFiles,
    run: async (context) => {
      const { directory, driverFor } = filesOf(context);
      const name = "with space & ü %41.db";
      const byUrl = await driverFor(`file:${encodeURI(join(directory, name))}`).connect();
      await byUrl.query({ sql: "CREATE TABLE t (a)" });
      await byUrl.close();
      assert.deepEqual(readdirSync(directory), [name]);
      const byPath = await driverFor(join(directory, name)).connect({ create: false });
      assert.deepEqual(await readTables(byPath), ["t"]);
      await byPath.close();
    },
  },
  {
    name: "open.odd-paths-are-refused",
    applies: withFiles,
    run: async (context) => {
      const { directory, driverFor } = filesOf(context);
      for (const path of [" ", `${directory}/a\0b.db`, "postgres://host/db", "file:http://host/x.db"]) {
        await rejectsWith(driverFor(path).connect(), { kind: "cantopen", reason: "url" });
      }
      assert.deepEqual(readdirSync(directory), []);
    },
  },
  {
    name: "open.a-cancelled-signal-opens-nothing",
    applies: withFiles,
    run: async (context) => {
      const { path } = filesOf(context);
      await rejectsWith(context.connect({ signal: AbortSignal.abort() }), {
        kind: "timeout",
        reason: "aborted",
      });
      assert.equal(readdirSync(dirname(path)).includes(basename(path)), false);
    },
  },
  {
    name: "close.may-be-called-again",
    run: async (context) => {
      const connection = await context.connect();
      await connection.close();
      await connection.close();
    },
  },
  {
    name: "close.ends-the-connection",
    run: async (context) => {
      const connection = await context.connect();
      await connection.close();
      await rejectsWith(connection.query({ sql: "SELECT 1" }), { kind: "closed" });
      await rejectsWith(connection.unit([{ sql: "SELECT 1" }]), { kind: "closed" });
    },
  },
  {
    name: "close.rolls-back-an-open-transaction",
    applies: withTransactions,
    run: async (context) => {
      const connection = await context.connect();
      const transaction = connection.transaction?.(async (tx) => {
        await tx.query({ sql: "CREATE TABLE t (a)" });
        await connection.close();
        await tx.query({ sql: "INSERT INTO t VALUES (1)" });
      });
      assert.ok(transaction);
      await rejectsWith(transaction, { kind: "closed", outcome: "rolled-back" });
      assert.deepEqual(await readTables(await context.connect()), []);
    },
  },
];
