import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../driver/driver.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import { need, type Check, type CheckContext } from "./check.ts";
import { readRows } from "./read-rows.ts";

async function fill(context: CheckContext): Promise<Connection> {
  const connection = await context.connect();
  await connection.unit([
    { sql: "CREATE TABLE t (a, b)" },
    { sql: "INSERT INTO t (rowid, a, b) VALUES (10, 1, x'00ff'), (20, 'two', NULL)" },
    { sql: "PRAGMA user_version = 9" },
  ]);
  return connection;
}

async function back(connection: Connection, path: string): Promise<void> {
  const writing = connection.backup?.(path);
  assert.ok(writing);
  await writing;
}

function filesOf(context: CheckContext) {
  const { files } = context.database;
  assert.ok(files, "an engine that writes backups has files");
  return files;
}

const everything = "SELECT rowid, a, b, (SELECT user_version FROM pragma_user_version) FROM t";

const copying: readonly Check[] = [
  {
    name: "backup.is-a-database-with-the-same-content",
    run: async (context) => {
      const { directory, driverFor } = filesOf(context);
      const connection = await fill(context);
      const path = join(directory, "it's a copy.db");
      await back(connection, path);
      const copy = await driverFor(path).connect({ readOnly: true });
      assert.deepEqual(await readRows(copy, everything), await readRows(connection, everything));
      assert.deepEqual(await readRows(copy, "PRAGMA integrity_check"), [["ok"]]);
      await copy.close();
    },
  },
  {
    name: "backup.works-for-a-reader",
    run: async (context) => {
      const { directory, driverFor } = filesOf(context);
      await (await fill(context)).close();
      const path = join(directory, "copy.db");
      await back(await context.connect({ readOnly: true }), path);
      const copy = await driverFor(path).connect({ readOnly: true });
      assert.equal((await readRows(copy, everything)).length, 2);
      await copy.close();
    },
  },
  {
    name: "backup.never-overwrites",
    run: async (context) => {
      const { directory } = filesOf(context);
      const connection = await fill(context);
      const path = join(directory, "copy.db");
      writeFileSync(path, "");
      await rejectsWith(back(connection, path), { kind: "cantopen" });
      await rejectsWith(back(connection, join(directory, "missing", "copy.db")), { kind: "cantopen" });
    },
  },
  {
    name: "backup.is-refused-inside-a-transaction",
    run: async (context) => {
      const { directory } = filesOf(context);
      const connection = await fill(context);
      const path = join(directory, "copy.db");
      await connection.transaction?.(async () => {
        await rejectsWith(back(connection, path), { kind: "busy", reason: "in-use" });
      });
      assert.equal(existsSync(path), false);
      assert.equal(readdirSync(directory).includes("copy.db"), false);
    },
  },
];

const withBackup = need("backups", (traits) => traits.hasBackup && traits.hasFiles);

export const backupChecks: readonly Check[] = copying.map((check) => ({ ...check, applies: withBackup }));
