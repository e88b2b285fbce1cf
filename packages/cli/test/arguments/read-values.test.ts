import { describe, expect, test } from "vitest";
import { readAssignments } from "../../src/arguments/read-assignments.ts";
import { readDuration } from "../../src/arguments/read-duration.ts";
import { readRevision } from "../../src/arguments/read-revision.ts";

describe("a time", () => {
  test.each([
    ["0", 0],
    ["500", 500],
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5s", 1500],
    ["2m", 120_000],
  ])("%s is %i ms", (text, expected) => {
    expect(readDuration("--lock-timeout", text)).toBe(expected);
  });

  test.each(["", "s", "-1", "5 s", "1h", "1e3", "30S", "99999m", "Infinity"])("%j is refused", (text) => {
    expect(() => readDuration("--lock-timeout", text)).toThrowError(
      expect.objectContaining({ code: "SKM_USAGE" }),
    );
  });
});

describe("what -x gives", () => {
  test("is split at the first =, empty without one, a list where it is repeated", () => {
    const read = readAssignments(["a=1", "b", "c=x=y", "a=2", "a=", "d="]);
    expect({ ...read }).toEqual({ a: ["1", "2", ""], b: "", c: "x=y", d: "" });
  });

  test("has no prototype and touches none", () => {
    const before = Reflect.ownKeys(Object.prototype);
    const read = readAssignments(["__proto__=1", "constructor=2", "toString=3"]);
    expect(Object.getPrototypeOf(read)).toBeNull();
    expect(Object.keys(read)).toEqual(["__proto__", "constructor", "toString"]);
    expect(read["__proto__"]).toBe("1");
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
    expect(Object.isFrozen(read)).toBe(true);
  });

  test("is refused without a key", () => {
    expect(() => readAssignments(["=1"])).toThrowError(expect.objectContaining({ code: "SKM_USAGE" }));
  });
});

describe("a revision", () => {
  test.each(["head", "-1", "+2", "lib@head", "a b", "über"])("%j is passed on to the graph", (word) => {
    expect(readRevision(word)).toBe(word);
  });

  test.each(["", " ", " head ", "head ", "\thead", "a:b", ":"])("%j is refused", (word) => {
    expect(() => readRevision(word)).toThrowError(expect.objectContaining({ code: "SKM_USAGE" }));
  });
});
