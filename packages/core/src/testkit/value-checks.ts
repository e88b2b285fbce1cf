import assert from "node:assert/strict";
import type { SqlValue } from "../driver/statement.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import type { Check } from "./check.ts";
import { readRows } from "./read-rows.ts";

/** What goes in, what SQLite makes of it, and what comes out. */
const roundTrips: readonly (readonly [name: string, value: SqlValue, type: string, back?: SqlValue])[] = [
  ["null-stays-null", null, "null"],
  ["a-safe-integer-is-an-integer", 1, "integer"],
  ["a-negative-integer-is-an-integer", -42, "integer"],
  ["the-largest-safe-integer-is-a-number", Number.MAX_SAFE_INTEGER, "integer"],
  ["the-smallest-safe-integer-is-a-number", Number.MIN_SAFE_INTEGER, "integer"],
  ["a-bigint-that-is-safe-comes-back-as-a-number", 7n, "integer", 7],
  ["the-first-unsafe-integer-stays-exact", 9_007_199_254_740_993n, "integer"],
  ["the-largest-integer-stays-exact", 2n ** 63n - 1n, "integer"],
  ["the-smallest-integer-stays-exact", -(2n ** 63n), "integer"],
  ["a-fraction-is-a-real", 0.1, "real"],
  ["a-number-beyond-the-safe-integers-is-a-real", 2 ** 60, "real"],
  ["infinity-is-a-real", Infinity, "real"],
  ["text-stays-text", "grüße 🐘 '\"", "text"],
  ["empty-text-is-not-null", "", "text"],
  ["digits-stay-text", "007", "text"],
  ["text-with-a-nul-is-not-cut", "a\0b", "text"],
  ["a-blob-stays-a-blob", new Uint8Array([0, 1, 255]), "blob"],
  ["an-empty-blob-is-not-null", new Uint8Array(0), "blob"],
];

const refused: readonly (readonly [name: string, value: unknown])[] = [
  ["undefined-is-refused", undefined],
  ["a-boolean-is-refused", true],
  ["not-a-number-is-refused", Number.NaN],
  ["a-date-is-refused", new Date(0)],
  ["a-plain-object-is-refused", {}],
  ["an-array-is-refused", [1]],
  ["a-bigint-beyond-64-bits-is-refused", 2n ** 63n],
  ["half-a-surrogate-pair-is-refused", "a\uD800"],
];

const large = "0123456789abcdef".repeat(65_536);

export const valueChecks: readonly Check[] = [
  ...roundTrips.map(([name, value, type, back = value]): Check => ({
    name: `values.${name}`,
    run: async (context) => {
      const connection = await context.connect();
      const rows = await readRows(connection, "SELECT ?, typeof(?)", [value, value]);
      assert.deepEqual(rows, [[back, type]]);
    },
  })),
  ...refused.map(([name, value]): Check => ({
    name: `values.${name}`,
    run: async (context) => {
      const connection = await context.connect();
      const params: SqlValue[] = [];
      Reflect.set(params, 0, value);
      await rejectsWith(connection.query({ sql: "SELECT ?", params }), { kind: "value" });
    },
  })),
  {
    name: "values.a-slice-of-a-buffer-is-bound-as-the-slice",
    run: async (context) => {
      const connection = await context.connect();
      const slice = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
      assert.deepEqual(await readRows(connection, "SELECT ?", [slice]), [[new Uint8Array([1, 2])]]);
    },
  },
  {
    name: "values.a-megabyte-of-text-comes-back",
    run: async (context) => {
      const connection = await context.connect();
      assert.deepEqual(await readRows(connection, "SELECT ?", [large]), [[large]]);
    },
  },
  {
    name: "values.an-integer-in-a-column-without-affinity-stays-an-integer",
    run: async (context) => {
      const connection = await context.connect();
      await connection.query({ sql: "CREATE TABLE t (a)" });
      await connection.query({ sql: "INSERT INTO t VALUES (?)", params: [5] });
      assert.deepEqual(await readRows(connection, "SELECT a, typeof(a), a || '' FROM t"), [
        [5, "integer", "5"],
      ]);
    },
  },
];
