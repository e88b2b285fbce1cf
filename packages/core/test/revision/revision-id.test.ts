import { describe, expect, it } from "vitest";
import { validateBranchLabel, validateRevisionId } from "../../src/revision/index.ts";

const good = ["a", "001_initial_schema", "AbC_9", "x".repeat(64), "1975ea83b712"];

const bad: readonly (readonly [string, string])[] = [
  ["", "is empty"],
  ["head", "is a reserved word"],
  ["heads", "is a reserved word"],
  ["base", "is a reserved word"],
  ["current", "is a reserved word"],
  ["HEAD", "is a reserved word"],
  ["a@b", 'contains "@"'],
  ["a-b", 'contains "-"'],
  ["a+b", 'contains "+"'],
  ["a:b", 'contains ":"'],
  ["a,b", 'contains ","'],
  ["a b", 'contains " "'],
  [" ab", "begins or ends with a space"],
  ["ab\n", "contains a control character"],
  ["a\u0000b", "contains a control character"],
  ["../../../evil", 'contains "/"'],
  ["..", 'contains "."'],
  ["é", 'contains "é"'],
  ["r".repeat(65), "has 65 characters"],
];

describe.each([
  ["revision id", validateRevisionId],
  ["branch label", validateBranchLabel],
])("a new %s", (what, validate) => {
  it.each(good)("may be %j", (name) => {
    expect(() => validate(name)).not.toThrow();
  });

  it.each(bad)("may not be %j: it %s", (name, reason) => {
    expect(() => validate(name)).toThrow(
      expect.objectContaining({
        code: "SKM_SCRIPT_ID",
        exitCode: 2,
        details: { name, reason },
        message: expect.stringContaining(`cannot be a ${what}: it ${reason}`) as unknown,
      }),
    );
  });
});
