import Database from "better-sqlite3";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenize } from "@skillmeat/migrate-core";

const show = (sql: string) =>
  tokenize(sql)
    .filter(({ kind }) => kind !== "space")
    .map(({ kind, text }) => `${kind} ${text}`);

describe("tokenize", () => {
  test.each([
    ["SELECT a", ["word SELECT", "word a"]],
    ["'it''s'", ["string 'it''s'"]],
    [`"a""b" [c d] \`e\`\`\``, [`quoted "a""b"`, "quoted [c d]", "quoted `e```"]],
    ["x'0aFF' X''", ["blob x'0aFF'", "blob X''"]],
    ["x'0' x'zz'", ["illegal x'0'", "illegal x'zz'"]],
    ["xy x 'a'", ["word xy", "word x", "string 'a'"]],
    [
      "1 1.5 .5 1. 1e5 1.5E-3 1e+5",
      ["1", "1.5", ".5", "1.", "1e5", "1.5E-3", "1e+5"].map((n) => `number ${n}`),
    ],
    ["0x1F 1_000 0x1_f", ["number 0x1F", "number 1_000", "number 0x1_f"]],
    ["123abc 1e 0xg", ["illegal 123abc", "illegal 1e", "illegal 0xg"]],
    ["a.b", ["word a", "operator .", "word b"]],
    [
      "? ?12 :a @b $c #d ::",
      ["?", "?12", ":a", "@b", "$c", "#d"].map((v) => `variable ${v}`).concat("illegal :", "illegal :"),
    ],
    ["$a::b", ["variable $a::b"]],
    ["a$b ünïcode 名前", ["word a$b", "word ünïcode", "word 名前"]],
    ["-- x\n1", ["comment -- x", "number 1"]],
    ["-- x\r\n1", ["comment -- x\r", "number 1"]],
    ["/* a * / */ 1 /**/ 2", ["comment /* a * / */", "number 1", "comment /**/", "number 2"]],
    ["/*/ 1 */", ["comment /*/ 1 */"]],
    ["1 /*", ["number 1", "operator /", "operator *"]],
    ["1 /* x", ["number 1", "unterminated /* x"]],
    ["'a", ["unterminated 'a"]],
    ['"a', ['unterminated "a']],
    ["[a", ["unterminated [a"]],
    ["x'ab", ["unterminated x'ab"]],
    ["a->b ->>c -1", ["word a", "operator ->", "word b", "operator ->>", "word c", "operator -", "number 1"]],
    [
      "== != <> <= << >= >> || < > = |",
      ["==", "!=", "<>", "<=", "<<", ">=", ">>", "||", "<", ">", "=", "|"].map((o) => `operator ${o}`),
    ],
    ["! ^ { \\ \u0000 \u0007", ["!", "^", "{", "\\", "\u0000", "\u0007"].map((i) => `illegal ${i}`)],
    ["a\u00a0b", ["word a\u00a0b"]],
  ])("cuts %j", (sql, expected) => {
    expect(show(sql)).toEqual(expected);
  });

  test("takes a byte-order mark for space where a token can begin", () => {
    expect(tokenize("\uFEFFa\uFEFF").map(({ kind }) => kind)).toEqual(["space", "word"]);
  });

  test("takes a vertical tab for space only inside of space", () => {
    expect(tokenize(" \u000b1").map(({ kind }) => kind)).toEqual(["space", "number"]);
    expect(tokenize("\u000b1").map(({ kind }) => kind)).toEqual(["illegal", "number"]);
  });

  const nastyPiece = fc.constantFrom(
    ...Array.from("'\"`[]()-/*;.?:@$#!<>=|&~%+, \n\r\t\u000b\u0000\uFEFF_xXeE019abZé名😀\\{^"),
    "--",
    "/*",
    "*/",
    "''",
    "BEGIN",
    "END",
    "x'",
    "0x",
    "1e",
    "::",
    "\r\n",
    "\ud800",
  );
  const nasty = fc.array(nastyPiece, { maxLength: 30 }).map((pieces) => pieces.join(""));

  test("loses no character of any text", () => {
    const lossless = (text: string) => {
      const tokens = tokenize(text);
      return (
        tokens.map((token) => token.text).join("") === text && tokens.every((token) => token.text !== "")
      );
    };
    fc.assert(fc.property(nasty, lossless), { numRuns: 10_000 });
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 40 }), lossless), { numRuns: 5_000 });
  });

  test("finds the unrecognized token that SQLite reports", () => {
    const db = new Database(":memory:");
    let reported = 0;
    const piece = fc.constantFrom(
      ...Array.from("'\"`[]-/*?:@$#!<=|. \n\t\u000b_xXeE01aé{^"),
      "--",
      "/*",
      "*/",
      "''",
      "x'",
      "0x",
      "1e",
      "1_",
    );
    // The engine of this test is built without Tcl's variables, to which `::` belongs.
    const text = fc
      .array(piece, { maxLength: 8 })
      .map((pieces) => `SELECT 1,${pieces.join("")}`)
      .filter((sql) => !sql.includes("::"));
    fc.assert(
      fc.property(text, (sql) => {
        const found = unrecognizedToken(db, sql);
        if (found === undefined) return;
        reported += 1;
        const tokens = tokenize(sql);
        // Underscores at the wrong place in a number are found by the parser, not by the tokenizer.
        if (tokens.some(({ kind, text }) => kind === "number" && text.includes("_"))) return;
        expect(tokens.find(({ kind }) => kind === "illegal" || kind === "unterminated")?.text).toBe(found);
      }),
      { numRuns: 5_000 },
    );
    expect(reported).toBeGreaterThan(500);
  });
});

function unrecognizedToken(db: Database.Database, sql: string): string | undefined {
  try {
    db.prepare(sql);
    return undefined;
  } catch (error) {
    return /^unrecognized token: "([\s\S]*)"$/u.exec((error as Error).message)?.[1];
  }
}
