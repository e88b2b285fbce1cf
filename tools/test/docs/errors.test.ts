import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "@skillmeat/migrate-core";
import { repositoryRoot } from "../../src/workspace-folders.ts";

interface Section {
  readonly code: string;
  /** From the heading above, 0 for warnings. */
  readonly exitCode: number;
  readonly meaning: string;
  readonly advice: string;
}

const sections = parseSections(readFileSync(join(repositoryRoot, "docs", "errors.md"), "utf8"));
const errors = sections.filter(({ exitCode }) => exitCode > 0);

test("docs/errors.md has every error code once, with its exit code and meaning", () => {
  const documented = errors.map(({ code, exitCode, meaning }) => [code, { exitCode, meaning }] as const);
  expect(Object.fromEntries(documented)).toEqual(errorCodes);
  expect(documented).toHaveLength(Object.keys(errorCodes).length);
});

test("docs/errors.md lists the codes in the order of the table", () => {
  expect(errors.map(({ code }) => code)).toEqual(Object.keys(errorCodes));
});

test("docs/errors.md says for each code what to do", () => {
  expect(sections.filter(({ advice }) => !/^\S.{20,}[.?]$/s.test(advice)).map(({ code }) => code)).toEqual(
    [],
  );
});

function parseSections(markdown: string): readonly Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .flatMap((group) => {
      const exitCode = Number(/^Exit code (\d+)/.exec(group)?.[1] ?? 0);
      return group
        .split(/^### /m)
        .slice(1)
        .map((section) => parseSection(section, exitCode));
    });
}

function parseSection(section: string, exitCode: number): Section {
  const [code = "", meaning = "", ...advice] = section.trim().split("\n\n");
  const lowered = meaning.charAt(0).toLowerCase() + meaning.slice(1).replace(/\.$/, "");
  return { code, exitCode, meaning: lowered, advice: advice.join("\n\n") };
}
