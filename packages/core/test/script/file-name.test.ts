import { describe, expect, test } from "vitest";
import { findFileNameFlaw, makeSlug, renderFileName } from "../../src/script/file-name.ts";

const parts = {
  revision: "1a2b3c4d5e6f",
  message: "Add users table",
  createDate: new Date("2026-03-04T05:06:07.890Z"),
};

describe("a file name", () => {
  test.each([
    ["{rev}_{slug}", "1a2b3c4d5e6f_add_users_table"],
    ["{year}{month}{day}_{hour}{minute}{second}_{slug}", "20260304_050607_add_users_table"],
    ["{epoch}-{rev}", "1772600767-1a2b3c4d5e6f"],
    ["{year}/{month}/{rev}", "2026/03/1a2b3c4d5e6f"],
    ["%%(year)d_%%(month).2d_%%(day).2d_%%(rev)s", "2026_03_04_1a2b3c4d5e6f"],
    ["%(rev)s-%(month)d", "1a2b3c4d5e6f-3"],
  ])("of the template %s is %s", (template, name) => {
    expect(findFileNameFlaw(template)).toBeUndefined();
    expect(renderFileName(template, parts)).toBe(name);
  });

  test("has no separator beside an empty slug", () => {
    const empty = { ...parts, message: " …" };
    expect(renderFileName("{rev}_{slug}", empty)).toBe("1a2b3c4d5e6f");
    expect(renderFileName("{year}-{slug}/{rev}-{slug}", empty)).toBe("2026/1a2b3c4d5e6f");
  });

  test.each([
    ["", /empty/],
    ["{revision}", /there is no \{revision\}; there are \{rev\}/],
    ["{rev", /brace/],
    ["%%(rev)x", /percent|there is no/],
    ["a:{rev}", /character/],
    ["../{rev}", /hidden/],
    ["/{rev}", /empty or hidden/],
    [".{rev}", /hidden/],
    ["{rev}\\x", /character/],
  ])("cannot have the template %j", (template, flaw) => {
    expect(findFileNameFlaw(template)).toMatch(flaw);
  });
});

describe("a slug", () => {
  test.each([
    ["Add users table", 40, "add_users_table"],
    ['  say """hi""" -- it\'s; rm -rf / ', 40, "say_hi_it_s_rm_rf"],
    ["Größe für Ñandú 表", 40, "größe_für_ñandú_表"],
    ["Gro\u0308sse", 40, "grösse"],
    ["one two three four", 9, "one_two"],
    ["one two three four", 13, "one_two_three"],
    ["abcdefghij", 4, "abcd"],
    ["𝒳𝒳𝒳", 3, "𝒳"],
    ["../../etc/passwd", 40, "etc_passwd"],
    ["", 40, ""],
  ])("of %j with at most %i characters is %j", (message, longest, slug) => {
    expect(makeSlug(message, longest)).toBe(slug);
  });
});
