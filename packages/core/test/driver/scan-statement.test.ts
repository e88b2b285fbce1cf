import Database from "better-sqlite3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scanStatement } from "@skillmeat/migrate-core/driver";

const trigger =
  "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT '; END;'; END";

test.each([
  ["", 0],
  [" \n\t;;", 0],
  ["-- only", 0],
  ["/* only */", 0],
  ["/* open ; SELECT 1", 0],
  ["/*/ still a comment */", 0],
  ["SELECT 1", 1],
  ["SELECT 1;", 1],
  [";; SELECT 1 ;; -- end\n;", 1],
  ["SELECT 1; SELECT 2", 2],
  ["SELECT 1; /* x */ x", 2],
  ["SELECT ';'", 1],
  ["SELECT 'it''s; fine'; --", 1],
  ["SELECT 'open ; SELECT 2", 1],
  ['SELECT "a;""b"; SELECT 2', 2],
  ["SELECT `a;``b`", 1],
  ["SELECT [a;b]; SELECT 2", 2],
  ["SELECT 1 -- ; SELECT 2\n; SELECT 3", 2],
  ["SELECT 1 /* ; */; ", 1],
  ["SELECT x'00'; SELECT 1", 2],
  [trigger, 1],
  [`${trigger};`, 1],
  [`${trigger}; -- ;`, 1],
  [`${trigger}; SELECT 1`, 2],
  [`create temp trigger x after insert on t begin select 1; end; select 2`, 2],
  [`CREATE TEMPORARY TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END`, 1],
  [`EXPLAIN ${trigger}; SELECT 1`, 2],
  [`EXPLAIN QUERY PLAN ${trigger}; `, 1],
  ["CREATE TABLE trigger (a); SELECT 1", 2],
  ["\uFEFFSELECT 1; SELECT 2", 2],
])("%j holds %i statements", (sql, statements) => {
  expect(scanStatement(sql).statements).toBe(statements);
});

test.each([
  ["SELECT ?, ?", 2, undefined],
  ["SELECT '?', \"?\", [?], `?` -- ?\n/* ? */", 0, undefined],
  ["INSERT INTO t VALUES (?,?,?)", 3, undefined],
  ["SELECT a->>'$.b', ? FROM t", 1, undefined],
  ["SELECT ?1, ?", 1, "?1"],
  ["SELECT :name", 0, ":name"],
  ["SELECT @name, :other", 0, "@name"],
  ["SELECT $name", 0, "$name"],
  ["SELECT a$b FROM t", 0, undefined],
])("%j has %i bare parameters and %j besides", (sql, parameters, strayParameter) => {
  expect(scanStatement(sql)).toMatchObject({ parameters, strayParameter });
});

test.each([
  ["/* x */ ; commit", ["COMMIT"]],
  ["rollback to x", ["ROLLBACK", "TO", "X"]],
  ["PRAGMA journal_mode", ["PRAGMA", "JOURNAL_MODE"]],
  ["WITH x AS (SELECT 1) DELETE FROM t", ["WITH", "X", "AS"]],
  ["(select 1)", []],
  ["\uFEFFBEGIN", ["BEGIN"]],
  ["one two three four five six seven", ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX"]],
])("%j starts with the words %j", (sql, words) => {
  expect(scanStatement(sql).words).toEqual(words);
});

test("the tokens of the first statement are counted", () => {
  expect(scanStatement("PRAGMA journal_mode /* x */; -- y").tokens).toBe(2);
  expect(scanStatement("PRAGMA journal_mode = wal").tokens).toBe(4);
});

/** Pieces that are hard to tell apart; whatever they form, SQLite is the judge. */
const pieces = fc.constantFrom(
  "SELECT 1", "SELECT ?", "SELECT '", "'", '"', "`", "[", "]", "--", "/*", "*/", "\n", ";", " ", "?", "x", "''",
  "-", "/", "*", "1", "END", "a;b", trigger, "CREATE TABLE u (a)",
); // prettier-ignore

test("it agrees with SQLite on every text that SQLite can prepare", () => {
  const database = new Database(":memory:");
  database.exec("CREATE TABLE t (a)");
  let prepared = 0;
  let several = 0;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const sql = parts.join("");
      const verdict = judge(database, sql);
      if (verdict === undefined) return;
      if (verdict === 1) prepared += 1;
      if (verdict === 2) several += 1;
      expect(scanStatement(sql).statements, sql).toBe(verdict);
    }),
    { numRuns: 20_000 },
  );
  database.close();
  expect(prepared).toBeGreaterThan(200);
  expect(several).toBeGreaterThan(200);
});

/** How many statements the library sees, `undefined` where SQLite finds a syntax error first. */
function judge(database: Database.Database, sql: string): number | undefined {
  try {
    database.prepare(sql);
    return 1;
  } catch (error) {
    if (!(error instanceof RangeError)) return undefined;
    return error.message.includes("more than one") ? 2 : 0;
  }
}

test("it counts the parameters that SQLite counts", () => {
  const database = new Database(":memory:");
  const expressions = fc.constantFrom("?", "'?'", "1", '"?"', "x'3f'", "/* ? */ ?", "-- ?\n?", "'a''?'");
  fc.assert(
    fc.property(fc.array(expressions, { minLength: 1, maxLength: 9 }), (list) => {
      const sql = `SELECT ${list.join(", ")} FROM (SELECT 1 AS "?")`;
      const { parameters } = scanStatement(sql);
      database.prepare(sql).all(...Array.from({ length: parameters }, () => null));
    }),
    { numRuns: 1000 },
  );
  database.close();
});
