import Database from "better-sqlite3";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitStatements } from "@skillmeat/migrate-core";

const trigger = `CREATE TRIGGER t AFTER UPDATE ON a FOR EACH ROW WHEN NEW.x > 1 BEGIN
  UPDATE a SET x = CASE WHEN 1 THEN CASE x WHEN 2 THEN 3 END ELSE 4 END;
  SELECT CASE WHEN 1 THEN 2 END;
END`;

describe("splitStatements", () => {
  test.each<[string, string[]]>([
    ["", []],
    [" ;; -- nothing\n; /* none */", []],
    ["SELECT 1", ["SELECT 1"]],
    ["SELECT 1;", ["SELECT 1"]],
    ["\uFEFFSELECT 1;\r\nSELECT 2;\r\n", ["SELECT 1", "SELECT 2"]],
    ["SELECT ';'; SELECT \";\", [;], `;`", ["SELECT ';'", 'SELECT ";", [;], `;`']],
    ["SELECT 1 -- a; b\n; SELECT /* ; */ 2", ["SELECT 1", "SELECT /* ; */ 2"]],
    ["-- first\nSELECT 1; -- second\nSELECT 2;", ["-- first\nSELECT 1", "-- second\nSELECT 2"]],
    ["BEGIN; SELECT 1; END;", ["BEGIN", "SELECT 1", "END"]],
    [`${trigger}; SELECT 1`, [trigger, "SELECT 1"]],
    [
      `create temp trigger t after insert on a begin select 1; end; select 2`,
      ["create temp trigger t after insert on a begin select 1; end", "select 2"],
    ],
    [
      "CREATE /* x */ TEMPORARY -- y\n TRIGGER t BEGIN SELECT 1; /* c */ END; SELECT 2",
      ["CREATE /* x */ TEMPORARY -- y\n TRIGGER t BEGIN SELECT 1; /* c */ END", "SELECT 2"],
    ],
    [
      "EXPLAIN QUERY PLAN CREATE TRIGGER t BEGIN SELECT 1; END; SELECT 2",
      ["EXPLAIN QUERY PLAN CREATE TRIGGER t BEGIN SELECT 1; END", "SELECT 2"],
    ],
    ["CREATE TABLE trigger_log (a); SELECT 2", ["CREATE TABLE trigger_log (a)", "SELECT 2"]],
    [
      "CREATE TRIGGER t BEGIN SELECT \"END\"; SELECT 'END'; END; x",
      ["CREATE TRIGGER t BEGIN SELECT \"END\"; SELECT 'END'; END", "x"],
    ],
  ])("%# cuts a script", (script, expected) => {
    expect(splitStatements(script)).toEqual(expected);
  });

  test.each([
    ["SELECT 1;\nSELECT 'a", 2, /line 2 begins a string that never ends/u],
    ['SELECT "a', 1, /a quoted name/u],
    ["SELECT [a", 1, /a quoted name/u],
    ["SELECT 1;\n\n/* x", 3, /a comment/u],
    ["SELECT x'ab", 1, /a string/u],
    ["CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2;", 1, /a trigger/u],
  ])("refuses %j, which never ends", (script, line, message) => {
    const error = expect.objectContaining({
      code: "SKM_SQL_SYNTAX",
      message: expect.stringMatching(message),
      details: expect.objectContaining({ line }),
    });
    expect(() => splitStatements(script)).toThrow(error);
  });

  test("refuses what is no string", () => {
    expect(() => splitStatements(5 as unknown as string)).toThrow(TypeError);
  });

  const simple = fc.constantFrom(
    "SELECT 1",
    "INSERT INTO a VALUES (';', \"x;\", [;], `;`)",
    "CREATE TABLE b (x TEXT DEFAULT ';' /* ; */)",
    "-- lead; \nDELETE FROM a WHERE x = 'it''s; END'",
    "UPDATE a SET x = CASE WHEN x > 1 THEN 'BEGIN' ELSE 'END' END",
    "WITH c AS (SELECT 1) SELECT * FROM c",
  );
  const body = fc
    .array(
      simple.filter((statement) => !/^(?:--|CREATE|WITH)/u.test(statement)),
      { minLength: 1, maxLength: 3 },
    )
    .map((statements) => `${statements.join(";\n  ")};`);
  const triggers = fc
    .tuple(
      fc.constantFrom("CREATE", "create temp", "CREATE TEMPORARY /* ; */"),
      body,
      fc.constantFrom("END", "end"),
    )
    .map(([create, text, end]) => `${create} TRIGGER t AFTER INSERT ON a BEGIN\n  ${text}\n${end}`);
  const separator = fc.constantFrom(";", ";\n", " ;\r\n", ";;\n", "\n;\t; ");

  test("statements joined are cut into the same statements", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(simple, triggers), { maxLength: 8 }),
        separator,
        (statements, between) => {
          expect(splitStatements(statements.join(between))).toEqual(statements);
          expect(splitStatements(`${statements.join(between)}${between}`)).toEqual(statements);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("SQLite runs each piece as one statement", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE a (x)");
    fc.assert(
      fc.property(fc.array(fc.oneof(simple, triggers), { maxLength: 4 }), (statements) => {
        for (const statement of splitStatements(statements.join(";"))) {
          // A wrong cut gives a syntax error, or the error for a second statement.
          db.prepare(statement.replaceAll(/"x;"|\[;\]|`;`/gu, "1").replace("(';', 1, 1, 1)", "(';')"));
        }
      }),
      { numRuns: 300 },
    );
  });
});
