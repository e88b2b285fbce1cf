import Database from "better-sqlite3";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteIdentifier } from "@skillmeat/migrate-core";
import { assertObjectName } from "../../src/sql/quote-identifier.ts";

describe("quoteIdentifier", () => {
  test.each([
    ["users", "users"],
    ["_a1", "_a1"],
    ["MixedCase", "MixedCase"],
    ["select", '"select"'],
    ["Order", '"Order"'],
    ["key", '"key"'],
    ["true", '"true"'],
    ["a b", '"a b"'],
    ['a"b', '"a""b"'],
    ["1a", '"1a"'],
    ["a$", '"a$"'],
    ["main.t", '"main.t"'],
    ["name", "name"],
    ["ünï", '"ünï"'],
    ["a\nb", '"a\nb"'],
    ["sqlite_x", "sqlite_x"],
  ])("writes %j as %j", (name, expected) => {
    expect(quoteIdentifier(name)).toBe(expected);
  });

  test.each([
    ["", "is empty"],
    [5, "is not a string"],
    [null, "is not a string"],
    [undefined, "is not a string"],
    [{}, "is not a string"],
    ["a\0b", "holds a NUL character"],
    ["\ud800", "holds half of a surrogate pair"],
    ["x".repeat(1025), "has 1025 characters, at most 1024 are allowed"],
  ])("refuses %j", (name, problem) => {
    expect(() => quoteIdentifier(name as string)).toThrow(
      expect.objectContaining({ code: "SKM_IDENTIFIER", details: { role: "name", problem } }),
    );
  });

  test.each(["sqlite_x", "SQLITE_x", "sqlite_"])("a new object cannot be named %j", (name) => {
    expect(() => assertObjectName(name)).toThrow(expect.objectContaining({ code: "SKM_IDENTIFIER" }));
  });

  test("a new object can be named like SQLite's own but for the prefix", () => {
    expect(() => assertObjectName("my_sqlite_x")).not.toThrow();
  });

  test("shows control characters as escapes", () => {
    expect(() => quoteIdentifier("\u001b[2J\0")).toThrow(/"\\x1b\[2J\\x00"/u);
  });

  const unit = fc.oneof(
    fc.constantFrom(...Array.from(`"'[]\`;.-/* \n\tAaZz09_$éß名😀\u001b\u202e`)),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  const name = fc
    .oneof(
      fc.array(unit, { minLength: 1, maxLength: 12 }).map((units) => units.join("")),
      fc.constantFrom("select", "ORDER", "rowid", "within", "true", "null", "x'", "a--b"),
    )
    .filter((text) => text !== "" && !text.includes("\0") && text.isWellFormed() && !/^sqlite_/iu.test(text));

  test("a name goes through CREATE TABLE unchanged", () => {
    const db = new Database(":memory:");
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck();
    const columns = db.prepare("SELECT name FROM pragma_table_info(?)").pluck();
    fc.assert(
      fc.property(name, name, (table, column) => {
        db.exec("BEGIN");
        db.exec(`CREATE TABLE ${quoteIdentifier(table)} (${quoteIdentifier(column)})`);
        const found = [tables.all(), columns.all(table)];
        db.exec("ROLLBACK");
        expect(found).toEqual([[table], [column]]);
      }),
      { numRuns: 2_000 },
    );
  });
});
