import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { makeDirectory, revisionText } from "./project.ts";

const loadRevisionUrl = pathToFileURL(join(import.meta.dirname, "../../src/script/load-revision.ts")).href;

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
}

/** Loads `a.mjs` and then does what `rest` says, in a process of its own. */
function loadInProcess(files: Readonly<Record<string, string>>, rest = ""): Outcome {
  const directory = makeDirectory({
    ...files,
    "main.ts": `
      import { loadRevision } from ${JSON.stringify(loadRevisionUrl)};
      const path = import.meta.dirname + "/a.mjs";
      const report = (error) => { console.log(error.code, error.message.replace(import.meta.dirname, "")); };
      ${rest === "" ? "await loadRevision(path).catch(report);" : rest}
      console.log("end");`,
  });
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", "--no-warnings", join(directory, "main.ts")],
    { encoding: "utf8", timeout: 20_000 },
  );
  return { status, stdout };
}

const header = 'export const revision = "a", downRevision = null; export function upgrade() {}';

describe("a revision file that is loaded", () => {
  const rows: readonly (readonly [
    title: string,
    files: Readonly<Record<string, string>>,
    outcome: Outcome,
  ])[] = [
    [
      "cannot end the process with success",
      { "a.mjs": `${header} process.exit(0)` },
      {
        status: 0,
        stdout: 'SKM_SCRIPT_EXIT revision file "/a.mjs" calls process.exit() while it is loaded\nend\n',
      },
    ],
    [
      "cannot do so from a file that it imports",
      { "a.mjs": `import "./b.mjs"; ${header}`, "b.mjs": "process.exit(0)" },
      {
        status: 0,
        stdout: 'SKM_SCRIPT_EXIT revision file "/a.mjs" calls process.exit() while it is loaded\nend\n',
      },
    ],
    [
      "cannot do so behind a top-level await",
      { "a.mjs": `${header} await null; await new Promise((go) => setTimeout(go, 5)); process.exit(0)` },
      {
        status: 0,
        stdout: 'SKM_SCRIPT_EXIT revision file "/a.mjs" calls process.exit() while it is loaded\nend\n',
      },
    ],
    [
      "that never finishes is reported",
      { "a.mjs": `${header} await new Promise(() => {})` },
      { status: 0, stdout: 'SKM_SCRIPT_LOAD revision file "/a.mjs" never finishes loading\nend\n' },
    ],
    [
      "may take its time",
      { "a.mjs": `${header} await new Promise((go) => setTimeout(go, 50))` },
      { status: 0, stdout: "end\n" },
    ],
  ];
  test.each(rows)("%s", (_, files, outcome) => {
    expect(loadInProcess(files)).toEqual(outcome);
  });
});

test("the program itself may end while a file is loaded", () => {
  const slow = { "a.mjs": `${header} await new Promise((go) => setTimeout(go, 5000))` };
  expect(loadInProcess(slow, "setTimeout(() => process.exit(3), 20); await loadRevision(path);")).toEqual({
    status: 3,
    stdout: "",
  });
});

test("an exit that does not go through process.exit() does not end with success either", () => {
  const files = { "a.mjs": `${header} realExit(0)` };
  expect(loadInProcess(files, "globalThis.realExit = process.exit; await loadRevision(path);")).toEqual({
    status: 4,
    stdout: "",
  });
});

test("files loaded at the same time are told apart, and the guard is gone afterwards", () => {
  const outcome = loadInProcess(
    {
      "a.mjs": `${header} await new Promise((go) => setTimeout(go, 40));`,
      "b.mjs": `${header} await new Promise((go) => setTimeout(go, 10)); process.exit(0)`,
      "c.mjs": revisionText("c", null),
    },
    `const { exit } = process;
     const names = ["a", "b", "c"];
     const all = await Promise.allSettled(names.map((name) => loadRevision(import.meta.dirname + "/" + name + ".mjs")));
     console.log(all.map(({ status, reason }) => status + (reason?.code ?? "")).join(" "));
     console.log(process.exit === exit, process.listenerCount("beforeExit"), process.listenerCount("exit"));`,
  );
  expect(outcome).toEqual({
    status: 0,
    stdout: "fulfilled rejectedSKM_SCRIPT_EXIT fulfilled\ntrue 0 0\nend\n",
  });
});

test("fifty files loaded at the same time cause no warning about listeners", () => {
  const { stdout } = loadInProcess(
    { "a.mjs": revisionText("a", null) },
    `process.on("warning", (warning) => { console.log(warning.name); });
     await Promise.all(Array.from({ length: 50 }, () => loadRevision(path)));
     await new Promise((go) => setImmediate(go));`,
  );
  expect(stdout).toBe("end\n");
});
