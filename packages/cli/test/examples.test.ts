import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { firstFence, listFences } from "../../../tools/src/markdown-fences.ts";
import { parseArguments } from "../src/arguments/parse-arguments.ts";
import { readColumn } from "./support/database-file.ts";
import { runChild, sourceCommand, type ChildOutcome } from "./support/run-child.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();
const root = join(import.meta.dirname, "..", "..", "..");
const readPage = (name: string): string => readFileSync(join(root, "docs", name), "utf8");

const run = async (line: string, cwd: string): Promise<ChildOutcome> =>
  await runChild(
    (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', "")),
    { cwd, command: sourceCommand },
  );

const timeless = (text: string): string => text.replaceAll(/\d+(?:\.\d+)? m?s\b/g, "<time>");

test("the page about getting started does what it says", async () => {
  const directory = temporaryDirectory();
  for (const { language, text } of listFences(readPage("getting-started.md"))) {
    const [, path] = /^(?:\/\/|--) (\S+\.\w+)\n/.exec(text) ?? [];
    if (path !== undefined) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    if (language !== "console") continue;
    for (const part of text.split(/^\$ skillmeat-migrate /m).slice(1)) {
      const [command = "", ...output] = part.split("\n");
      const { exit, stdout, stderr } = await run(command, directory);
      expect(timeless((stderr + stdout).replaceAll(`${directory}/`, "")), command).toBe(
        timeless(output.join("\n")),
      );
      expect(exit, command).toBe(0);
    }
  }
  expect(
    readColumn(
      join(directory, "app.db"),
      "SELECT name FROM sqlite_schema WHERE name LIKE '%book%' ORDER BY 1",
    ),
  ).toEqual(["book", "ix_book_title"]);
}, 300_000);

describe.each(["coming-from-alembic.md", "branches.md"])("the commands on %s", (page) => {
  const lines = [...readPage(page).matchAll(/`skillmeat-migrate ([^`]+)`/g)].map((match) => match[1] ?? "");

  test.each(lines)("skillmeat-migrate %s is understood", (line) => {
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
    expect(() => parseArguments(words)).not.toThrow();
  });
});

test("every option that the page about Alembic names for a project is one", async () => {
  expect(firstFence(readPage("coming-from-alembic.md"), "ts")).toContain("op.batchAlterTable");
  const { readConfig } = await import("../src/config/read-config.ts");
  for (const key of [
    "template",
    "fileName",
    "slugLength",
    "versionLocations",
    "recursive",
    "postWriteHooks",
    "schema",
    "journal",
  ]) {
    expect(readPage("coming-from-alembic.md")).toContain(`\`${key}`);
    expect(() => readConfig({ [key]: Symbol("wrong") }, "x")).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ key }) }),
    );
  }
});

test("the example project goes up, down and up, and generates nothing new", async () => {
  const directory = temporaryDirectory();
  cpSync(join(root, "examples", "library"), directory, { recursive: true });
  for (const line of ["upgrade", "check", "downgrade base --yes", "upgrade"]) {
    const { exit, stderr } = await run(line, directory);
    expect(exit, `${line}\n${stderr}`).toBe(0);
  }
  expect((await run("revision --autogenerate", directory)).stderr).toContain("nothing was written");
  expect(readColumn(join(directory, "library.db"), "SELECT name FROM shelf ORDER BY 1")).toEqual([
    "fiction",
    "poetry",
  ]);
}, 300_000);
