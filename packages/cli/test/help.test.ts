import { describe, expect, test } from "vitest";
import { commandNames, commandTable } from "../src/arguments/command-table.ts";
import { parseArguments } from "../src/arguments/parse-arguments.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

/** As a shell splits a line without escapes. */
const words = (line: string): readonly string[] =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

const run = async (argv: readonly string[]) => await runInProcess(argv, { cwd: temporaryDirectory() });

test("the help of the program is printed to standard output", async () => {
  const { exit, stdout, stderr } = await run(["help"]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  await expect(stdout).toMatchFileSnapshot("__snapshots__/help.txt");
  expect((await run(["--help"])).stdout).toBe(stdout);
  expect((await run(["-h"])).stdout).toBe(stdout);
});

describe.each(commandNames)("the help of %s", (name) => {
  test("stays as it is", async () => {
    const { exit, stdout } = await run(["help", name]);
    expect(exit).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`__snapshots__/help-${name}.txt`);
  });

  test("is the same with --help, whatever else stands there", async () => {
    if (name === "help") return;
    const { stdout } = await run(["help", name]);
    expect((await run([name, "--help"])).stdout).toBe(stdout);
    expect((await run([name, "-h", "one", "two"])).stdout).toBe(stdout);
  });

  test("fits a terminal of 120 columns", async () => {
    const { stdout } = await run(["help", name]);
    expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  test("has examples that are understood", () => {
    const { examples } = commandTable[name];
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) expect(parseArguments(words(line)).command).toBe(name);
  });
});

test("no command at all is an error that shows the commands", async () => {
  const { exit, stdout, stderr } = await run([]);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toMatch(
    /^Usage: skillmeat-migrate <command> \[options\]\n\nCommands:\n {2}upgrade \[revision\] /,
  );
  expect(stderr).toContain("error SKM_USAGE: no command is given\n");
});

test("help about something unknown suggests what is near", async () => {
  const { exit, stderr } = await run(["help", "upgrad"]);
  expect({ exit, stderr }).toEqual({
    exit: 2,
    stderr: 'error SKM_USAGE: there is no help about "upgrad"\nhint: did you mean "upgrade"?\n',
  });
});

test("the version is that of the package", async () => {
  const { stdout } = await run(["--version"]);
  expect(stdout).toMatch(/^skillmeat-migrate \d+\.\d+\.\d+\n$/);
});
