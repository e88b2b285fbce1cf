import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { assertColumnType } from "../../src/sql/assert-column-type.ts";

const types = [
  "TEXT",
  "integer",
  "VARCHAR(32)",
  "DECIMAL(10, 2)",
  "DECIMAL(+10,-2)",
  "DOUBLE PRECISION",
  "UNSIGNED BIG INT",
  "F32_BLOB(3)",
  '"my type"',
  "[a b]",
  "CHARACTER VARYING (255)",
  "naïve",
];

test.each(types)("%s is a type, and SQLite keeps it", (type) => {
  expect(() => assertColumnType(type, "type")).not.toThrow();
  const db = new Database(":memory:");
  db.exec(`CREATE TABLE t (a ${type})`);
  expect(
    db.prepare("SELECT count(*) FROM pragma_table_info('t') WHERE \"notnull\" = 0 AND pk = 0").pluck().get(),
  ).toBe(1);
});

test.each([
  "",
  " ",
  "TEXT NOT NULL",
  "TEXT DEFAULT 1",
  "TEXT PRIMARY KEY",
  "TEXT); DROP TABLE y; --",
  "TEXT, b TEXT",
  "VARCHAR()",
  "VARCHAR(a)",
  "VARCHAR(1,2,3)",
  "VARCHAR(1) x",
  "(1)",
  "1",
  "TEXT ?",
  "'a",
  "VARCHAR(1",
])("%j is none", (type) => {
  expect(() => assertColumnType(type, "type")).toThrow(
    expect.objectContaining({ code: "SKM_TABLE_DEFINITION" }),
  );
});
