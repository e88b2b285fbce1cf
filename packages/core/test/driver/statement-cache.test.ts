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

test("a statement that comes again is kept from then on", () => {
  const { cache, prepared, finalized } = countingCache();
  const sql = "SELECT a FROM t";
  cache.get(sql);
  const kept = cache.get(sql);
  expect(cache.get(sql)).toBe(kept);
  expect({ prepared, finalized }).toEqual({ prepared: [sql, sql], finalized: [sql] });
});

test("a statement that came once is freed when the next is prepared", () => {
  const { cache, finalized } = countingCache();
  cache.get("SELECT 1");
  expect(finalized).toEqual([]);
  cache.get("SELECT 2");
  expect(finalized).toEqual(["SELECT 1"]);
});

test("of the kept statements the one used longest ago is freed first", () => {
  const { cache, finalized } = countingCache();
  const twice = (sql: string): void => void [cache.get(sql), cache.get(sql)];
  for (let index = 0; index < 64; index += 1) twice(`SELECT ${index}`);
  cache.get("SELECT 0");
  finalized.length = 0;
  twice("SELECT 64");
  expect(finalized).toEqual(["SELECT 64", "SELECT 1"]);
});

test("ten thousand different statements keep few of them alive", () => {
  const { cache, prepared, finalized } = countingCache();
  for (let index = 0; index < 10_000; index += 1) cache.get(`SELECT ${index}`);
  expect(prepared.length - finalized.length).toBe(1);
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
  cache.get("SELECT 1");
  cache.get("CREATE TABLE u (a)");
  finalized.length = 0;
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
