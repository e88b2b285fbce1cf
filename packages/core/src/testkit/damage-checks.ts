import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { rejectsWith } from "./assert-driver-error.ts";
import { need, withFiles, type Check } from "./check.ts";
import { readRows, readTables, readValue } from "./read-rows.ts";

const canLimitPages = need("PRAGMA max_page_count", ({ capabilities }) =>
  capabilities.settablePragmas.includes("max_page_count"),
);

const fill = {
  sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, hex(zeroblob(200)) FROM n",
};

export const damageChecks: readonly Check[] = [
  {
    name: "damage.a-full-database-rolls-back-and-leaves-the-connection-usable",
    applies: canLimitPages,
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit([{ sql: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)" }]);
      await connection.query({ sql: "PRAGMA max_page_count = 10" });
      await rejectsWith(connection.unit([{ sql: "CREATE TABLE u (a)" }, fill]), {
        kind: "full",
        step: 1,
        outcome: "rolled-back",
      });
      assert.deepEqual(await readTables(connection), ["t"]);
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 0);
      await connection.query({ sql: "PRAGMA max_page_count = 1000000" });
      await connection.unit([fill]);
      assert.deepEqual(await readRows(connection, "PRAGMA integrity_check"), [["ok"]]);
    },
  },
  {
    name: "damage.a-damaged-page-is-of-kind-corrupt",
    applies: withFiles,
    run: async (context) => {
      const { path } = context.database.files ?? { path: "" };
      const first = await context.connect();
      await first.unit([{ sql: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)" }, fill]);
      const root = Number(await readValue(first, "SELECT rootpage FROM sqlite_schema WHERE name = 't'"));
      const pageSize = Number(await readValue(first, "PRAGMA page_size"));
      await first.close();
      const bytes = readFileSync(path);
      bytes.fill(0xff, (root - 1) * pageSize, root * pageSize);
      writeFileSync(path, bytes);
      const connection = await context.connect();
      await rejectsWith(connection.query({ sql: "SELECT sum(a) FROM t" }), { kind: "corrupt" });
    },
  },
];
