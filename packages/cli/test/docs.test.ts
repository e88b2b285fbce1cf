import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { commandNames, commandTable } from "../src/arguments/command-table.ts";
import { optionDefinition, switchTable, valueTable } from "../src/arguments/option-table.ts";
import { linearProject, writeRevisions } from "./support/example-project.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";
import { errorCodes } from "@skillmeat/migrate-core";
import { readConfig } from "../src/config/read-config.ts";

const temporaryDirectory = temporaryDirectories();
const text = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "cli.md"), "utf8");

/** The first cells of the rows of all tables. */
const cells = [...text.matchAll(/^\| (.+?) \|/gm)].map((match) =>
  (match[1] ?? "").replaceAll(String.raw`\|`, "|"),
);

test.each(commandNames)("the command %s stands in the docs with its operands", (name) => {
  const { operands } = commandTable[name];
  const shown =
    operands === null
      ? ""
      : operands.usage !== undefined
        ? ` ${operands.usage}`
        : operands.min === 0
          ? ` [${operands.name}]${operands.max > 1 ? "..." : ""}`
          : ` <${operands.name}>${operands.max > 1 ? "..." : ""}`;
  expect(cells).toContain(`\`${name}${shown}\``);
});

test("every command stands in the README", () => {
  const readme = readFileSync(join(import.meta.dirname, "..", "..", "..", "README.md"), "utf8");
  const missing = commandNames.filter((name) => name !== "help" && !readme.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test.each([...Object.keys(switchTable), ...Object.keys(valueTable)] as (
  | keyof typeof switchTable
  | keyof typeof valueTable
)[])("the option %s stands in the docs", (name) => {
  const { short, long } = optionDefinition(name);
  const forms = [
    ...(short === undefined ? [] : [`\`-${short}\``]),
    ...(long === false ? [] : [`\`--${name}\``]),
  ];
  expect(cells).toContain(long === false ? "`-x key=value`" : forms.join(", "));
});

test("every exit code of an error stands in the docs", () => {
  const codes = new Set(Object.values(errorCodes).map(({ exitCode }) => String(exitCode)));
  expect([...codes].filter((code) => !cells.includes(code))).toEqual([]);
});

test("every key of the configuration stands in the docs", () => {
  let keys = "";
  try {
    readConfig({ zzzzzzzz: 1 }, "x");
  } catch (error) {
    keys = (error as { readonly hint: string }).hint.replace("known keys are ", "");
  }
  expect(keys.split(", ").filter((key) => !cells.includes(`\`${key}\``))).toEqual([]);
  expect(keys).toContain("url");
});

interface Example {
  readonly command: string;
  readonly output: string;
}

function readExamples(): readonly Example[] {
  const fences = [...text.matchAll(/^```console\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
  return fences.flatMap((fence) =>
    fence
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = "", ...output] = part.split("\n");
        return { command, output: output.join("\n").trim() };
      }),
  );
}

/** Durations differ from run to run. */
const timeless = (output: string): string => output.replaceAll(/\d+(?:\.\d+)? m?s\b/g, "<time>");

test("the examples print what the docs say", async () => {
  const directory = temporaryDirectory();
  writeRevisions(directory, linearProject);
  vi.stubEnv("HOME", directory);
  const examples = readExamples();
  expect(examples.length).toBeGreaterThan(10);
  let exit = 0;
  for (const { command, output } of examples) {
    if (command === "echo $?") {
      expect(String(exit)).toBe(output);
      continue;
    }
    let printed = "";
    const sink = { write: (part: string) => void (printed += part) };
    const outcome = await runInProcess(command.split(" ").slice(1), {
      cwd: directory,
      stdout: sink,
      stderr: sink,
    });
    exit = outcome.exit;
    const shown = printed
      .replaceAll(`${directory}/.skillmeat`, "/home/me/.skillmeat")
      .replaceAll(`${directory}/`, "");
    expect(timeless(shown.trim()), command).toBe(timeless(output));
  }
  vi.unstubAllEnvs();
});
