import { globSync, readFileSync } from "node:fs";
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

/** Codes that are fixed for users before the feature that they belong to exists. The list only shrinks. */
const announced: readonly string[] = [];

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

test("docs/errors.md has a section for each code that a source file names", () => {
  const documented = new Set(sections.map(({ code }) => code));
  expect([...namedCodes()].filter((code) => !documented.has(code))).toEqual([]);
});

test("every error code is named by a source file, those that are announced apart", () => {
  const named = namedCodes();
  expect(Object.keys(errorCodes).filter((code) => !named.has(code))).toEqual(announced);
});

/** The codes that stand as strings in the sources of the packages, outside the table itself. */
function namedCodes(): ReadonlySet<string> {
  const paths = globSync("packages/*/src/**/*.ts", { cwd: repositoryRoot }).filter(
    (path) => !path.endsWith(join("errors", "codes.ts")),
  );
  const texts = paths.map((path) => readFileSync(join(repositoryRoot, path), "utf8"));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/"(SKM_[A-Z_]+)"/g)].map((match) => match[1] ?? "")),
  );
}

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
