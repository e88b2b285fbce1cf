import assert from "node:assert/strict";
import { DriverError } from "../driver/driver-error.ts";
import type { Statement } from "../driver/statement.ts";
import { rejectsWith } from "./assert-driver-error.ts";
import { need, withForeignKeysOff, type Check } from "./check.ts";
import { readRows, readValue } from "./read-rows.ts";

const commented = `CREATE TABLE "odd ""name""" (
  a INTEGER PRIMARY KEY, -- the key
  b TEXT   COLLATE NOCASE DEFAULT ('x' || 'y'), /* two  spaces */
  CHECK (length(b) < 10)
)`;

const library: readonly Statement[] = [
  "CREATE TABLE book (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT COLLATE NOCASE, year INT)",
  "CREATE TABLE loan (book_id INTEGER NOT NULL REFERENCES book (id) ON DELETE CASCADE)",
  "CREATE TABLE log (what TEXT)",
  "CREATE UNIQUE INDEX title_index ON book (title)",
  "CREATE INDEX recent ON book (year DESC) WHERE year > 2000",
  "CREATE INDEX lower_title ON book (lower(title))",
  "CREATE VIEW modern AS SELECT * FROM book WHERE year > 2000",
  "CREATE VIEW titles AS SELECT title FROM modern",
  "CREATE TRIGGER logged AFTER UPDATE ON book BEGIN INSERT INTO log VALUES (new.title); END",
  "CREATE TRIGGER lent AFTER INSERT ON loan BEGIN UPDATE book SET year = year WHERE id = new.book_id; END",
  "INSERT INTO book (id, title, year) VALUES (1, 'One', 1999), (2, 'Two', 2020), (50, 'Last', 2021)",
  "DELETE FROM book WHERE id = 50",
  "INSERT INTO loan VALUES (1), (2)",
  "DELETE FROM log",
].map((sql) => ({ sql }));

/** The order that works on every engine: dependents go first and come back last. */
const rebuild: readonly Statement[] = [
  "DROP TRIGGER lent",
  "DROP TRIGGER logged",
  "DROP VIEW titles",
  "DROP VIEW modern",
  "CREATE TABLE book_new (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL COLLATE NOCASE, year INT)",
  "INSERT INTO book_new SELECT id, title, year FROM book",
  "UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'book') WHERE name = 'book_new'",
  "DROP TABLE book",
  "ALTER TABLE book_new RENAME TO book",
  "CREATE UNIQUE INDEX title_index ON book (title)",
  "CREATE INDEX recent ON book (year DESC) WHERE year > 2000",
  "CREATE INDEX lower_title ON book (lower(title))",
  "CREATE VIEW modern AS SELECT * FROM book WHERE year > 2000",
  "CREATE VIEW titles AS SELECT title FROM modern",
  "CREATE TRIGGER logged AFTER UPDATE ON book BEGIN INSERT INTO log VALUES (new.title); END",
  "CREATE TRIGGER lent AFTER INSERT ON loan BEGIN UPDATE book SET year = year WHERE id = new.book_id; END",
  "SELECT CASE WHEN EXISTS (SELECT 1 FROM pragma_foreign_key_check) THEN json('foreign key') END",
].map((sql) => ({ sql }));

const withKeptText = need("the text of definitions", ({ capabilities }) => capabilities.preservesSql);

const objects =
  "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name";

export const schemaChecks: readonly Check[] = [
  {
    name: "schema.text-of-definitions-is-kept",
    applies: withKeptText,
    run: async (context) => {
      const connection = await context.connect();
      await connection.query({ sql: `${commented};` });
      assert.equal(await readValue(connection, "SELECT sql FROM sqlite_schema"), commented);
    },
  },
  {
    name: "schema.pragma-functions-answer",
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit(library);
      const columns = await readRows(connection, "SELECT name, hidden FROM pragma_table_xinfo(?)", ["book"]);
      assert.deepEqual(columns, [
        ["id", 0],
        ["title", 0],
        ["year", 0],
      ]);
      const keys = await readRows(connection, 'SELECT "table", on_delete FROM pragma_foreign_key_list(?)', [
        "loan",
      ]);
      assert.deepEqual(keys, [["book", "CASCADE"]]);
      const indexes = await readRows(connection, "SELECT name FROM pragma_index_list(?) ORDER BY name", [
        "book",
      ]);
      assert.deepEqual(indexes, [["lower_title"], ["recent"], ["title_index"]]);
    },
  },
  {
    name: "schema.strict-without-rowid-and-generated-columns-work",
    run: async (context) => {
      const connection = await context.connect();
      const [, , , result] = await connection.unit([
        {
          sql: "CREATE TABLE t (a TEXT PRIMARY KEY, b INT, c INT AS (b * 2) STORED, d ANY AS (b + 1)) STRICT, WITHOUT ROWID",
        },
        { sql: "INSERT INTO t (a, b) VALUES ('x', 4)" },
        { sql: "UPDATE t SET b = 5" },
        { sql: "SELECT * FROM t" },
      ]);
      assert.deepEqual(result?.rows, [["x", 5, 10, 6]]);
    },
  },
  {
    name: "schema.full-text-search-works",
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit([
        { sql: "CREATE VIRTUAL TABLE f USING fts5 (body)" },
        { sql: "INSERT INTO f VALUES ('the quick fox'), ('slow')" },
      ]);
      assert.deepEqual(await readRows(connection, "SELECT body FROM f WHERE f MATCH 'quick'"), [
        ["the quick fox"],
      ]);
    },
  },
  {
    name: "schema.integrity-can-be-checked",
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit(library);
      assert.deepEqual(await readRows(connection, "PRAGMA integrity_check"), [["ok"]]);
    },
  },
  {
    name: "schema.a-full-rebuild-keeps-everything",
    applies: withForeignKeysOff,
    run: async (context) => {
      const connection = await context.connect();
      await connection.unit(library);
      const before = await readRows(connection, objects);
      await connection.unit(rebuild, { foreignKeys: "suspended" });
      assert.deepEqual(await readRows(connection, objects), before);
      assert.deepEqual(await readRows(connection, "SELECT book_id FROM loan"), [[1], [2]]);
      await connection.query({ sql: "INSERT INTO book (title) VALUES ('New')" });
      assert.equal(await readValue(connection, "SELECT max(id) FROM book"), 51);
      assert.deepEqual(await readRows(connection, "SELECT title FROM titles"), [["Two"]]);
      await connection.query({ sql: "INSERT INTO loan VALUES (2)" });
      assert.deepEqual(await readRows(connection, "SELECT what FROM log"), [["Two"]]);
      assert.deepEqual(await readRows(connection, "PRAGMA integrity_check"), [["ok"]]);
    },
  },
  {
    name: "capabilities.alter-constraints-is-true-of-the-engine",
    run: async (context) => {
      const connection = await context.connect();
      await connection.query({ sql: "CREATE TABLE t (a INTEGER)" });
      // A check that is NULL is satisfied (lang_createtable.html#check_constraints), also when it is added.
      await connection.query({ sql: "INSERT INTO t VALUES (NULL)" });
      const alter = connection.query({ sql: "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)" });
      if (connection.capabilities.alterConstraints) await alter;
      else await assert.rejects(alter, DriverError);
    },
  },
  {
    name: "capabilities.parameter-limit-is-true-of-the-engine",
    run: async (context) => {
      const connection = await context.connect();
      const { parameters } = connection.capabilities.limits;
      // A list of values has no other limit; before SQLite 3.46 rows of VALUES count as a deep expression.
      const statement = (count: number) => ({
        sql: `SELECT -1 NOT IN (${Array.from({ length: count }, () => "?").join(", ")})`,
        params: Array.from({ length: count }, (_, index) => index),
      });
      assert.deepEqual((await connection.query(statement(parameters))).rows, [[1]]);
      await rejectsWith(connection.query(statement(parameters + 1)), { kind: "sql" });
    },
  },
];
