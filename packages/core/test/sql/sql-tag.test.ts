import { describe, expect, expectTypeOf, test } from "vitest";
import { sql, type SqlFragment } from "@skillmeat/migrate-core";

describe("sql", () => {
  test("keeps the text of the template", () => {
    expect(sql`CURRENT_TIMESTAMP`).toEqual({ kind: "sql", text: "CURRENT_TIMESTAMP" });
    expect(sql``).toEqual({ kind: "sql", text: "" });
  });

  test.each([
    [sql`a = ${"it's"}`, "a = 'it''s'"],
    [sql`a > ${1} AND b < ${2.5}`, "a > 1 AND b < 2.5"],
    [sql`${true} ${null} ${new Uint8Array([1])} ${5n}`, "1 NULL X'01' 5"],
    [sql`kind IN (${["skill", "agent"]})`, "kind IN ('skill', 'agent')"],
    [sql`kind IN (${[]})`, "kind IN ()"],
    [sql`${sql.identifier("order")} > ${sql`max(${1}, ${2})`}`, '"order" > max(1, 2)'],
    [sql`${[sql`a`, 1]}`, "a, 1"],
    [sql`a LIKE ${"%'); DROP TABLE x; --"}`, "a LIKE '%''); DROP TABLE x; --'"],
  ])("%# renders what is interpolated", (fragment, text) => {
    expect(fragment.text).toBe(text);
  });

  test("makes frozen data", () => {
    expect(Object.isFrozen(sql`a`)).toBe(true);
    expect(Object.isFrozen(sql)).toBe(true);
    expectTypeOf(sql`a`).toEqualTypeOf<SqlFragment>();
  });

  test("refuses values without a literal", () => {
    expect(() => sql`${NaN}`).toThrow(expect.objectContaining({ code: "SKM_LITERAL" }));
    // @ts-expect-error undefined is no value
    expect(() => sql`${undefined}`).toThrow(expect.objectContaining({ code: "SKM_LITERAL" }));
    expect(() => sql`${sql.identifier("")}`).toThrow(expect.objectContaining({ code: "SKM_IDENTIFIER" }));
  });

  test("refuses to be called as a function", () => {
    // @ts-expect-error a tag takes a template
    expect(() => sql("DROP TABLE x")).toThrow(TypeError);
  });

  test("refuses a template with an invalid escape", () => {
    expect(() => sql`\u{zzzz}`).toThrow(TypeError);
  });
});
