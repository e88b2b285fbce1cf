import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { errorCodes } from "@skillmeat/migrate-core";
import { commandNames } from "../src/arguments/command-table.ts";
import { switchTable, valueTable } from "../src/arguments/option-table.ts";
import { branchedProject, writeRevisions } from "./support/example-project.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

const documented = new Set([0, ...Object.values(errorCodes).map(({ exitCode }) => exitCode)]);

const revisions = [
  "head",
  "heads",
  "base",
  "current",
  "cart@head",
  "plugins@-1",
  "+1",
  "-1",
  "1975",
  "27c6+1",
  "head-2",
];
const odd = [
  "",
  " ",
  ":",
  "@",
  "+",
  "-",
  "a:b:c",
  "@head",
  "head@",
  "+1x",
  "-9999999999999999999",
  "ab+9",
  "'",
  "\u0000",
  "\u202E",
  "\uD800",
  "%",
  "é",
];
// Stack traces are what --debug is for.
const options = [...Object.keys(switchTable), ...Object.keys(valueTable)]
  .filter((name) => name !== "debug")
  .map((name) => `--${name}`);
const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...revisions) },
  { weight: 3, arbitrary: fc.constantFrom(...odd) },
  { weight: 3, arbitrary: fc.constantFrom(...options, "-v", "-q", "-i", "-y", "-r", "-x", "--json", "--") },
  // Nothing that could lead out of the directory.
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }).filter((text) => !/[/\\~]/.test(text)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...revisions, ...odd), fc.constantFrom(...revisions, ...odd))
      .map((ends) => ends.join(":")),
  },
);

test("every command line ends with a documented exit code, and none as a bug", async () => {
  const directory = temporaryDirectory();
  writeRevisions(directory, branchedProject);
  const project = ["--versions", join(directory, "revisions"), "--url", join(directory, "app.db")];
  const line = fc.tuple(fc.constantFrom(...commandNames), fc.array(word, { maxLength: 4 }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(line, async ([command, words, isFirst]) => {
      const argv = isFirst
        ? [...project, command, ...words]
        : [command, ...words.filter((each) => each !== "--"), ...project];
      const { exit, stdout, stderr } = await runInProcess(argv, { cwd: directory });
      expect(documented).toContain(exit);
      expect(`${stdout}${stderr}`).not.toMatch(/SKM_INTERNAL|\n\s+at |[\u0000-\u0008\u202E]/);
      const isText = !argv
        .slice(0, argv.indexOf("--") === -1 ? undefined : argv.indexOf("--"))
        .includes("--json");
      if (isText && exit !== 0) expect(stderr).toMatch(/^error SKM_[A-Z_]+: /m);
      if (!isText) expect(() => void JSON.parse(stdout)).not.toThrow();
    }),
    { numRuns: 300 },
  );
});
