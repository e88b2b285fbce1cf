import { describe, expect, test } from "vitest";
import {
  checkOf,
  columnPrimaryKeyOf,
  foldName,
  isNotNull,
  isSameName,
  keyColumnOf,
  primaryKeyColumnsOf,
  primaryKeyOf,
  uniquesOf,
} from "../../src/schema/table-definition.ts";

test("names differ to SQLite in everything but the case of ASCII letters", () => {
  expect(isSameName("Users", "uSERS")).toBe(true);
  expect(isSameName("É", "é")).toBe(false);
  expect(isSameName("a", "b")).toBe(false);
  expect(foldName("AbÇ_1")).toBe("abÇ_1");
});

describe("short forms stand for full forms", () => {
  test("of a table's primary key", () => {
    expect(primaryKeyOf({ primaryKey: ["a"] })).toEqual({ columns: ["a"] });
    expect(primaryKeyOf({ primaryKey: { name: "pk", columns: ["a"] } })).toEqual({
      name: "pk",
      columns: ["a"],
    });
    expect(primaryKeyOf({})).toBeUndefined();
  });

  test("of a column's primary key", () => {
    expect(columnPrimaryKeyOf({ name: "a", primaryKey: true })).toEqual({});
    expect(columnPrimaryKeyOf({ name: "a", primaryKey: { order: "desc" } })).toEqual({ order: "desc" });
    expect(columnPrimaryKeyOf({ name: "a", primaryKey: false })).toBeUndefined();
    expect(columnPrimaryKeyOf({ name: "a" })).toBeUndefined();
  });

  test("of unique constraints, checks and key columns", () => {
    expect(uniquesOf({ uniques: [["a"], { name: "u", columns: ["b"] }] })).toEqual([
      { columns: ["a"] },
      { name: "u", columns: ["b"] },
    ]);
    expect(uniquesOf({})).toEqual([]);
    expect(checkOf("a > 1")).toEqual({ expression: "a > 1" });
    expect(checkOf({ name: "c", expression: "a" })).toEqual({ name: "c", expression: "a" });
    expect(keyColumnOf("a")).toEqual({ column: "a" });
  });
});

test("the columns of the primary key are found where it is written", () => {
  expect(primaryKeyColumnsOf({ columns: [{ name: "a" }, { name: "b", primaryKey: true }] })).toEqual(["b"]);
  expect(
    primaryKeyColumnsOf({ columns: [{ name: "a" }], primaryKey: [{ column: "a", order: "desc" }] }),
  ).toEqual(["a"]);
  expect(primaryKeyColumnsOf({ columns: [{ name: "a" }] })).toEqual([]);
});

test.each([
  [{ name: "a" }, false, false],
  [{ name: "a" }, true, true],
  [{ name: "a", nullable: true }, true, false],
  [{ name: "a", nullable: false }, false, true],
  [{ name: "a", notNull: { name: "nn" } }, false, true],
])("%# a column is NOT NULL when it says so, or as a key", (column, isKey, expected) => {
  expect(isNotNull(column, isKey)).toBe(expected);
});
