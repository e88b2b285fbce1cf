import { expect, test } from "vitest";
import { createStatementCache } from "../../src/driver/statement-cache.ts";
import { faultyEngine } from "./faulty-engine.ts";

function countingCache() {
  const prepared: string[] = [];
  const finalized: string[] = [];
  const { engine } = faultyEngine((real) => ({
    prepare: (sql) => {
      prepared.push(sql);
      return { ...real.prepare(sql), finalize: () => finalized.push(sql) };
    },
  }));
  return { cache: createStatementCache(engine), prepared, finalized };
}

test("a statement used again is prepared once", () => {
  const { cache, prepared } = countingCache();
  expect(cache.get("SELECT a FROM t")).toBe(cache.get("SELECT a FROM t"));
  expect(prepared).toEqual(["SELECT a FROM t"]);
});

test("the statement used longest ago is freed first", () => {
  const { cache, finalized } = countingCache();
  for (let index = 0; index < 64; index += 1) cache.get(`SELECT ${index}`);
  cache.get("SELECT 0");
  cache.get("SELECT 64");
  expect(finalized).toEqual(["SELECT 1"]);
});

test.each([
  ["a definition", "CREATE TABLE u (a)"],
  ["a PRAGMA, which may answer while it is compiled", "PRAGMA foreign_keys"],
  ["a very long text", `SELECT '${"x".repeat(70_000)}'`],
])("%s is prepared each time and freed by the next one", (_, sql) => {
  const { cache, prepared, finalized } = countingCache();
  cache.get(sql);
  expect(finalized).toEqual([]);
  cache.get(sql);
  cache.get("SELECT 1");
  expect({ prepared, finalized }).toEqual({ prepared: [sql, sql, "SELECT 1"], finalized: [sql, sql] });
});

test("clearing frees all", () => {
  const { cache, finalized } = countingCache();
  cache.get("SELECT 1");
  cache.get("CREATE TABLE u (a)");
  cache.clear();
  expect(finalized.toSorted()).toEqual(["CREATE TABLE u (a)", "SELECT 1"]);
});

test("a refused text is not given to the library", () => {
  const { cache, prepared } = countingCache();
  for (const sql of ["", "SELECT 1; SELECT 2", "SELECT :a", "SELECT 1\0", "SELECT '\uD800'"]) {
    expect(() => cache.get(sql)).toThrow(expect.objectContaining({ name: "DriverError", kind: "sql" }));
  }
  expect(() => cache.get(undefined as unknown as string)).toThrow(TypeError);
  expect(prepared).toEqual([]);
});
