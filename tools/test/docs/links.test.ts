import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listFences } from "../../src/markdown-fences.ts";
import { repositoryRoot } from "../../src/workspace-folders.ts";

const texts = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: repositoryRoot,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(repositoryRoot, path)));
const read = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");

test.each(texts)("the relative links of %s lead to files", (path) => {
  const links = [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map(
    (match) => match[1] ?? "",
  );
  const broken = links.filter((link) => !existsSync(join(repositoryRoot, dirname(path), link)));
  expect(broken).toEqual([]);
});

test.each(texts)("the fences of %s are closed and say their language", (path) => {
  expect(listFences(read(path)).filter(({ language }) => language === "")).toEqual([]);
});

test("the first screen of the README is 40 lines with the program and its output", () => {
  const fences = listFences(read("README.md")).slice(0, 3);
  expect(fences.map(({ language }) => language)).toEqual(["sh", "ts", "text"]);
  const last = fences.at(-1);
  expect((last?.line ?? 0) + (last?.text.split("\n").length ?? 0)).toBeLessThanOrEqual(40);
});

test("the README leads to every page of docs and of its drivers", () => {
  const pages = texts.filter((path) => /^docs\/(drivers\/)?[\w-]+\.md$/.test(path));
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.filter((path) => !read("README.md").includes(`](${path})`))).toEqual([]);
});

test("every decision record stands in their list, numbered without a gap", () => {
  const records = texts.filter((path) => /^docs\/decisions\/\d{4}-/.test(path)).map((path) => path.slice(15));
  const listed = [...read("docs/decisions/README.md").matchAll(/\]\((\d{4}-[^)]+)\)/g)].map(
    (match) => match[1],
  );
  expect(listed).toEqual(records);
  expect(records.map((record) => Number(record.slice(0, 4)))).toEqual(
    records.map((_record, index) => index + 1),
  );
});

test("every decision record has context, decision and consequences", () => {
  const records = texts.filter((path) => /^docs\/decisions\/\d{4}-/.test(path));
  const headings = records.map((path) => [...read(path).matchAll(/^## (.*)$/gm)].map((match) => match[1]));
  expect(headings).toEqual(records.map(() => ["Context", "Decision", "Consequences"]));
});
