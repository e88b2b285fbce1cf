import { expect, test } from "vitest";
import { countParameters } from "@skillmeat/migrate-core";

test.each([
  ["SELECT 1", 0],
  ["SELECT ?, ? + ?", 3],
  ["SELECT '?', \"?\", [?], `?`, ? -- ?\n /* ? */", 1],
  ["INSERT INTO t VALUES (?,?),(?,?)", 4],
])("%j has %i", (sql, count) => {
  expect(countParameters(sql)).toBe(count);
});

test.each(["?1", ":a", "@a", "$a", "#a"])("%s is refused", (parameter) => {
  expect(() => countParameters(`SELECT ${parameter}`)).toThrow(
    expect.objectContaining({ code: "SKM_SQL_PARAMETERS", details: { parameter, offset: 7 } }),
  );
});
