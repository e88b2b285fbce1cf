import assert from "node:assert/strict";
import type { DriverErrorKind } from "../driver/driver-error.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import type { Check } from "./check.ts";
import { readValue } from "./read-rows.ts";

const failing: readonly (readonly [name: string, sql: string, kind: DriverErrorKind])[] = [
  ["a-syntax-error", "SELEC 1", "sql"],
  ["an-unfinished-statement", "SELECT (1", "sql"],
  ["a-missing-table", "SELECT * FROM missing", "sql"],
  ["a-missing-column", "SELECT nothing FROM t", "sql"],
  ["a-missing-function", "SELECT no_such_function(1)", "sql"],
  ["an-object-that-exists", "CREATE TABLE t (a)", "sql"],
  ["malformed-json", "SELECT json('stop')", "sql"],
  ["a-unique-violation", "INSERT INTO t (a, b) VALUES (1, 1)", "constraint"],
  ["a-null-violation", "INSERT INTO t (a, b) VALUES (2, NULL)", "constraint"],
  ["a-check-violation", "INSERT INTO t (a, b) VALUES (3, -1)", "constraint"],
  ["a-foreign-key-violation", "INSERT INTO t (a, b, c) VALUES (4, 1, 99)", "constraint"],
  ["a-type-violation", "INSERT INTO s VALUES ('text')", "constraint"],
  ["a-raised-abort", "DELETE FROM t", "constraint"],
];

const schema = [
  "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER NOT NULL CHECK (b > 0), c INTEGER REFERENCES t (a))",
  "CREATE TABLE s (a INTEGER) STRICT",
  "CREATE TRIGGER keep BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'keep it'); END",
  "INSERT INTO t VALUES (1, 1, NULL)",
].map((sql) => ({ sql }));

export const errorChecks: readonly Check[] = [
  ...failing.map(([name, sql, kind]): Check => ({
    name: `errors.${name}-is-of-kind-${kind}`,
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit(schema);
      const error = await rejectsWith(connection.query({ sql }), { kind });
      assert.notEqual(error.message, "");
      assert.ok(error.cause instanceof Error, "the error of the library is kept as the cause");
    },
  })),
  {
    name: "errors.leave-the-connection-usable",
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit(schema);
      for (const [, sql, kind] of failing) {
        await rejectsWith(connection.query({ sql }), { kind });
        await rejectsWith(connection.unit([{ sql }]), { kind, step: 0, outcome: "rolled-back" });
      }
      assert.equal(await readValue(connection, "SELECT count(*) FROM t"), 1);
      await connection.unit([{ sql: "DROP TABLE t" }, { sql: "DROP TABLE s" }]);
    },
  },
];
