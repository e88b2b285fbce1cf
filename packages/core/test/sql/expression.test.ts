import { describe, expect, test } from "vitest";
import { assertExpression, isConstant, parenthesize } from "../../src/sql/expression.ts";

describe("assertExpression", () => {
  test.each([
    "1",
    "a + b",
    "x IN (1, 2)",
    "coalesce(a, ')')",
    "a -- note\n + 1",
    "/* , ; */ 1",
    "(1)",
    "'a;b,c'",
  ])("accepts %j", (text) => {
    expect(() => assertExpression(text, "check")).not.toThrow();
  });

  test.each([
    ["1); DROP TABLE y; --", "closes a parenthesis that it did not open"],
    ["1, b TEXT", "has a comma outside of parentheses"],
    ["1; 2", "has a semicolon"],
    ["(1; 2)", "has a semicolon"],
    ["(1", "leaves a parenthesis open"],
    ["'a", "has a string, name or comment that never ends"],
    ["1 /* x", "has a string, name or comment that never ends"],
    ["1 -- x", "ends in a -- comment, which would hide what follows"],
    ["", "is empty"],
    ["/* x */", "is empty"],
    ["?", "has a parameter, which a stored definition cannot have"],
    [":a", "has a parameter, which a stored definition cannot have"],
    ["1abc", "has characters that are no SQL"],
    ["a\0", "holds a NUL character or half of a surrogate pair"],
  ])("refuses %j", (text, problem) => {
    expect(() => assertExpression(text, "check")).toThrow(
      expect.objectContaining({ code: "SKM_SQL_SYNTAX", details: { role: "check", problem } }),
    );
  });
});

test.each([
  ["a + 1", "(a + 1)"],
  ["(a + 1)", "(a + 1)"],
  [" ( a ) ", "( a )"],
  ["(a) + (b)", "((a) + (b))"],
  ["')'", "(')')"],
  ["((a))", "((a))"],
])("parenthesize(%j) is %j", (text, expected) => {
  expect(parenthesize(text)).toBe(expected);
});

test.each(["1", "-1", "+ 1.5", "'a'", "x'00'", "NULL", "true", "CURRENT_TIMESTAMP", "0x10"])(
  "%s is a constant",
  (text) => {
    expect(isConstant(text)).toBe(true);
  },
);

test.each(["1 + 1", "-'a'", "abs(1)", "a", "-a", "(1)", "--1", '"a"', ""])("%j is no constant", (text) => {
  expect(isConstant(text)).toBe(false);
});
