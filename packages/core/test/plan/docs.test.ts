import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lintCodes } from "@skillmeat/migrate-core";

const text = readFileSync(new URL("../../../../docs/plans.md", import.meta.url), "utf8");

test("every code of a warning is documented with its meaning, and no other", () => {
  const rows = [...text.matchAll(/^\| `(SKM_LINT_\w+)` \| (.*) \|$/gmu)].map((match) => [match[1], match[2]]);
  expect(rows).toEqual(Object.entries(lintCodes));
});
