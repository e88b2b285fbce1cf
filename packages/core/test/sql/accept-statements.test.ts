import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { assertMigrationStatement } from "@skillmeat/migrate-core";
import { acceptStatement, acceptStatements } from "../../src/sql/accept-statements.ts";

describe("assertMigrationStatement", () => {
  test.each([
    "SELECT 1",
    "SELECT 1;",
    ";; SELECT 1 ;;",
    "-- why\nUPDATE t SET a = 'COMMIT; BEGIN'",
    "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = 1; DELETE FROM a; END;",
    "CREATE TABLE commit_log (a)",
    'SELECT "begin", [end] FROM t',
    "EXPLAIN QUERY PLAN SELECT 1",
    "INSERT INTO t DEFAULT VALUES",
    "REPLACE INTO t VALUES (1)",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
    "CREATE VIRTUAL TABLE f USING fts5(a)",
    "REINDEX",
    "ANALYZE",
    "PRAGMA table_info(t)",
    "PRAGMA main.foreign_key_check",
    "PRAGMA user_version = 5",
    "PRAGMA application_id=0x3039",
    "PRAGMA page_count",
    "PRAGMA defer_foreign_keys = ON",
    "SELECT load_extension FROM t",
    "SELECT 'load_extension(1)'",
  ])("accepts %j", (sql) => {
    expect(() => assertMigrationStatement(sql)).not.toThrow();
  });

  test.each([
    ["BEGIN", "BEGIN"],
    ["begin immediate", "BEGIN"],
    ["COMMIT", "COMMIT"],
    ["/*x*/ ;; COMMIT", "COMMIT"],
    ["-- x\nEND TRANSACTION", "END"],
    ["ROLLBACK TO guard", "ROLLBACK"],
    ["SAVEPOINT a", "SAVEPOINT"],
    ["RELEASE a", "RELEASE"],
    ["SELECT 1; COMMIT", "COMMIT"],
    ["EXPLAIN COMMIT", "COMMIT"],
    ["EXPLAIN QUERY PLAN /* */ ROLLBACK", "ROLLBACK"],
    ["\uFEFFCOMMIT", "COMMIT"],
  ])("refuses %j, which leaves the transaction", (sql, verb) => {
    expect(() => assertMigrationStatement(sql)).toThrow(
      expect.objectContaining({ code: "SKM_TX_ESCAPED", details: { verb } }),
    );
  });

  test.each([
    ["ATTACH 'x.db' AS x", "ATTACH"],
    ["detach x", "DETACH"],
    ["VACUUM", "VACUUM"],
    ["PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys"],
    ["PRAGMA foreign_keys", "PRAGMA foreign_keys"],
    ['pragma Main."JOURNAL_MODE"(wal)', "PRAGMA journal_mode"],
    ["PRAGMA writable_schema=ON", "PRAGMA writable_schema"],
    ["PRAGMA /* x */ [writable_schema] = 1", "PRAGMA writable_schema"],
    ["PRAGMA schema_version = 7", "PRAGMA schema_version"],
    ["PRAGMA page_size(1024)", "PRAGMA page_size"],
    ["PRAGMA constructor", "PRAGMA constructor"],
    ["PRAGMA", "PRAGMA "],
    ["EXPLAIN PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys"],
    ["SELECT load_extension('x')", "load_extension()"],
    ["SELECT 1 WHERE \"LOAD_extension\" /**/ ('x') IS NULL", "load_extension()"],
  ])("refuses %j", (sql, what) => {
    expect(() => assertMigrationStatement(sql)).toThrow(
      expect.objectContaining({
        code: "SKM_SQL_FORBIDDEN",
        details: { what },
        hint: expect.stringMatching(/^[a-z]/u),
      }),
    );
  });

  test.each([
    ["SELECT 1; SELECT 2", "SKM_SQL_MULTI"],
    ["SELECT 1;;;SELECT 2", "SKM_SQL_MULTI"],
    ["", "SKM_SQL_SYNTAX"],
    [" -- x\n;", "SKM_SQL_SYNTAX"],
    ["SELECT 1\0; DROP TABLE t", "SKM_SQL_SYNTAX"],
    ["SELECT '\ud800'", "SKM_SQL_SYNTAX"],
    ["SELECT 'a", "SKM_SQL_SYNTAX"],
    ["SELECT 1 /* never", "SKM_SQL_SYNTAX"],
    ["CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;", "SKM_SQL_SYNTAX"],
    ["SELECT ?1", "SKM_SQL_PARAMETERS"],
    ["SELECT :name", "SKM_SQL_PARAMETERS"],
  ])("refuses %j with %s", (sql, code) => {
    expect(() => assertMigrationStatement(sql)).toThrow(expect.objectContaining({ code }));
  });

  test("names the way to run several statements", () => {
    expect(() => assertMigrationStatement("SELECT 1; SELECT 2")).toThrow(
      expect.objectContaining({
        details: { statements: 2 },
        hint: expect.stringContaining("op.executeScript"),
      }),
    );
  });

  test.each([5, null, undefined, {}])("refuses %j, which is no string", (sql) => {
    expect(() => assertMigrationStatement(sql as string)).toThrow(TypeError);
  });
});

test("acceptStatement returns the statement alone", () => {
  expect(acceptStatement(" ;; -- why\n SELECT ?, ? ; -- after")).toEqual({
    sql: "-- why\n SELECT ?, ?",
    verb: "SELECT",
    parameters: 2,
  });
});

test("a trigger that tries to end early is one broken statement, which SQLite refuses whole", () => {
  const db = new Database(":memory:");
  db.exec("CREATE TABLE a (x); BEGIN");
  const sql = "CREATE TRIGGER t AFTER INSERT ON a; COMMIT; END";
  expect(acceptStatements(sql)).toHaveLength(1);
  expect(() => db.prepare(sql)).toThrow(/syntax error/u);
  expect(db.inTransaction).toBe(true);
});
