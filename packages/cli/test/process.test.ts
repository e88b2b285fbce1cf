import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { readColumn } from "./support/database-file.ts";
import { linearProject, writeRevisions, type ExampleRevision } from "./support/example-project.ts";
import { cliCommand, runChild, runShell, sourceCommand, type ChildOptions } from "./support/run-child.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

const project = ["--url", "app.db", "--versions", "revisions"];
const makesTable = `op.execute("CREATE TABLE t (x)");`;

/** A project of one revision whose `upgrade` is this source text. */
function directoryWith(upgrade: string): string {
  const directory = temporaryDirectory();
  const revision: ExampleRevision = {
    id: "001",
    down: null,
    message: "first",
    body: `async upgrade(op) { ${upgrade} }, downgrade(op) { op.dropTable("t"); },`,
  };
  writeRevisions(directory, [revision]);
  return directory;
}

/** The tables that a run left in the database. */
const tables = (directory: string): readonly unknown[] =>
  readColumn(join(directory, "app.db"), "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");

describe("a revision", () => {
  test.concurrent("that ends the process fails with exit code 7 and is rolled back", async ({ expect }) => {
    const directory = directoryWith(`${makesTable} await op.query("SELECT 1"); process.exit(0);`);
    const { exit, stdout, stderr } = await runChild(["upgrade", ...project], { cwd: directory });
    expect({ exit, stdout }).toEqual({ exit: 7, stdout: "" });
    expect(stderr).toContain('error SKM_MIGRATION_EXIT: revision "001" ended the process; ');
    expect(tables(directory)).toEqual([]);
  });

  test.concurrent("that never settles fails instead of ending silently", async ({ expect }) => {
    const directory = directoryWith(`${makesTable} await new Promise(() => {});`);
    const { exit, stderr } = await runChild(["upgrade", ...project], { cwd: directory });
    expect(exit).toBe(7);
    expect(stderr).toContain("error SKM_MIGRATION_HUNG: ");
  });

  test.concurrent("that leaves a promise behind fails, once", async ({ expect }) => {
    const late = `void (async () => { await null; await null; op.execute("CREATE TABLE u (x)"); })();`;
    const directory = directoryWith(`${makesTable} ${late}`);
    const { exit, stderr } = await runChild(["upgrade", ...project], { cwd: directory });
    expect(exit).toBe(7);
    expect(stderr.match(/error SKM_OP_AFTER_END/g)).toHaveLength(1);
    expect(tables(directory)).toEqual([]);
  });

  test.concurrent("whose promise comes too late fails with what it did committed", async ({ expect }) => {
    const directory = directoryWith(`${makesTable} setTimeout(() => op.execute("CREATE TABLE u (x)"), 200);`);
    const { exit, stdout, stderr } = await runChild(["upgrade", "--json", ...project], { cwd: directory });
    expect(exit).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "applied" });
    expect(stderr).toContain("error SKM_OP_AFTER_END: ");
    expect(stderr).toContain("the run itself was committed before\n");
    expect(tables(directory)).toEqual(["alembic_version", "t"]);
  });

  test.concurrent("whose stray promise rejects during the run fails it", async ({ expect }) => {
    const stray = `void Promise.reject(new Error("boo")); await op.query("SELECT 1"); await new Promise((r) => setTimeout(r, 50));`;
    const directory = directoryWith(`${makesTable} ${stray}`);
    const { exit, stderr } = await runChild(["upgrade", ...project], { cwd: directory });
    expect(exit).toBe(7);
    expect(stderr).toContain("Error: boo; what was not committed is rolled back\n");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.concurrent("that leaves a timer running does not keep the process alive", async ({ expect }) => {
    const directory = directoryWith(`${makesTable} setInterval(() => {}, 1000);`);
    const { exit, stderr } = await runChild(["upgrade", ...project], { cwd: directory });
    expect(exit).toBe(0);
    expect(stderr).toContain("left open is cut off\n");
  });

  test.concurrent.each<[signal: NodeJS.Signals, exit: number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGKILL", 137],
  ])("that is interrupted by %s is rolled back, and the next run converges", async (signal, exit) => {
    const wait = `import { writeFileSync } from "node:fs"; writeFileSync("started", ""); await new Promise((r) => setTimeout(r, 20_000));`;
    const directory = directoryWith(
      `if (process.env.WAIT) { ${makesTable} await op.query("SELECT 1"); ${wait.replace(/^import [^;]*;/, 'const { writeFileSync } = await import("node:fs");')} } else { ${makesTable} }`,
    );
    const outcome = await runChild(["upgrade", ...project], {
      cwd: directory,
      env: { WAIT: "1" },
      whenStarted: (kill) => {
        void whenFile(join(directory, "started")).then(() => kill(signal));
      },
    });
    expect({ exit: outcome.exit, signal: outcome.signal }).toEqual({ exit, signal });
    expect((await runChild(["upgrade", ...project], { cwd: directory })).exit).toBe(0);
    expect(tables(directory)).toEqual(["alembic_version", "t"]);
  });
});

describe("a configuration", () => {
  const write = (name: string, text: string): ChildOptions => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, name), text);
    return { cwd: directory };
  };

  test.concurrent.each<[name: string, text: string, code: string, message: RegExp]>([
    ["a syntax error", "export default {\n", "SKM_CONFIG_LOAD", /skillmeat-migrate\.config\.ts:1:17"/],
    ["another syntax error", "const a = ;\nexport default {}", "SKM_CONFIG_LOAD", /config\.ts:1:\d+"/],
    ["a throw", `throw new Error("mine")`, "SKM_CONFIG_LOAD", /Error: mine/],
    [
      "a throwing function",
      `export default () => { throw new Error("mine") }`,
      "SKM_CONFIG_LOAD",
      /its function throws Error: mine/,
    ],
    ["process.exit(0)", "process.exit(0)", "SKM_CONFIG_LOAD", /the configuration ends the process/],
    [
      "a promise that never settles",
      "await new Promise(() => {})",
      "SKM_CONFIG_LOAD",
      /never finishes loading/,
    ],
    ["no default export", "export const url = 'x'", "SKM_CONFIG_SHAPE", /it has no default export/],
    ["an import that does not exist", "import './nope.ts'", "SKM_CONFIG_LOAD", /nope/],
    [
      "pollution",
      "Object.prototype.x = 1; export default {}",
      "SKM_CONFIG_LOAD",
      /changes Object\.prototype/,
    ],
    [
      "an unknown key",
      "export default { versionTabel: 'x' }",
      "SKM_CONFIG_SHAPE",
      /unknown key "versionTabel"/,
    ],
    [
      "a prototype",
      "export default { __proto__: { a: 1 } }",
      "SKM_CONFIG_SHAPE",
      /an object of another kind/,
    ],
  ])("with %s is refused with exit code 2", async (_what, text, code, message) => {
    const { exit, stdout, stderr } = await runChild(["history"], write("skillmeat-migrate.config.ts", text));
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^error ${code}: .*\n`));
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.concurrent("that is a function is given what -x says", async ({ expect }) => {
    const options = write(
      "skillmeat-migrate.config.mjs",
      `export default async ({ x }) => { if (Object.getPrototypeOf(x) !== null) throw 1; return { url: x.db, versionTable: x.list.join("_") } }`,
    );
    const argv = ["upgrade", "-x", "db=chosen.db", "-x", "list=a", "-x", "list=b", "-x", "__proto__=1"];
    const { exit, stderr } = await runChild(argv, options);
    expect(exit, stderr).toBe(0);
    expect(readColumn(join(options.cwd, "chosen.db"), "SELECT version_num FROM a_b")).toEqual([
      "001_initial_schema",
    ]);
  });

  test.concurrent("that is no function makes -x worth a warning", async ({ expect }) => {
    const { stderr } = await runChild(["history", "-x", "a=1"], write("skillmeat-migrate.config.json", "{}"));
    expect(stderr).toBe("warning: -x is not used: there is no configuration that is a function\n");
  });

  test.concurrent("is looked for in the working directory only, or where it is told", async ({ expect }) => {
    const directory = temporaryDirectory();
    const below = join(directory, "below");
    mkdirSync(below);
    writeRevisions(directory, linearProject);
    const file = join(directory, "skillmeat-migrate.config.json");
    writeFileSync(file, JSON.stringify({ revisions: "revisions" }));
    expect((await runChild(["heads"], { cwd: below })).stdout).toBe("001_initial_schema (head)\n");
    expect((await runChild(["heads"], { cwd: directory })).stdout).toBe("002_posts (head)\n");
    expect((await runChild(["heads", "-c", "../skillmeat-migrate.config.json"], { cwd: below })).stdout).toBe(
      "002_posts (head)\n",
    );
    const env = { SKILLMEAT_MIGRATE_CONFIG: file };
    expect((await runChild(["heads"], { cwd: below, env })).stdout).toBe("002_posts (head)\n");
  });

  test.concurrent.each<[what: string, name: string, code: string]>([
    ["whose name is too long", "x".repeat(300), "SKM_CONFIG_LOAD"],
    ["in a directory that does not exist", "nodir/x.ts", "SKM_CONFIG_NOT_FOUND"],
    ["below a file", "file/x.ts", "SKM_CONFIG_NOT_FOUND"],
    ["that is a directory", ".", "SKM_CONFIG_NOT_FOUND"],
    ["of an unknown kind", "file", "SKM_CONFIG_LOAD"],
  ])("%s is refused", async (_what, name, code) => {
    const { exit, stderr } = await runChild(["heads", "-c", name], write("file", ""));
    expect(exit).toBe(2);
    expect(stderr).toMatch(new RegExp(`^error ${code}: .*\nhint: `));
  });

  test.concurrent("found twice is refused", async ({ expect }) => {
    const options = write("skillmeat-migrate.config.json", "{}");
    writeFileSync(join(options.cwd, "skillmeat-migrate.config.js"), "export default {}");
    const { exit, stderr } = await runChild(["heads"], options);
    expect(exit).toBe(2);
    expect(stderr).toContain("error SKM_CONFIG_LOAD: there are several configuration files");
  });
});

describe("the standard streams", () => {
  test.concurrent("a full disk under the output is exit code 1", async ({ expect }) => {
    const { exit, stderr } = await runShell("cli history >/dev/full", { cwd: temporaryDirectory() });
    expect(exit).toBe(1);
    expect(stderr).toContain("error SKM_IO: cannot write to standard output: ENOSPC");
  });

  test.concurrent("a full disk under the document is exit code 1", async ({ expect }) => {
    const { exit, stderr } = await runShell("cli history --json >/dev/full", { cwd: temporaryDirectory() });
    expect(exit).toBe(1);
    expect(stderr).toContain("error SKM_IO: ");
  });

  test.concurrent("a reader that leaves ends the output quietly", async ({ expect }) => {
    const { exit, stdout, stderr } = await runShell("{ cli help; echo $? >&2; } | head -n 1", {
      cwd: temporaryDirectory(),
    });
    expect({ exit, stdout, stderr }).toEqual({
      exit: 0,
      stdout: "Brings the schema of an SQLite, libSQL or Turso database to a revision: all or nothing.\n",
      stderr: "0\n",
    });
  });

  test.concurrent("talk that cannot be written does not stop a migration", async ({ expect }) => {
    const directory = directoryWith(makesTable);
    const { exit } = await runShell(`cli upgrade ${project.join(" ")} 2>/dev/full`, { cwd: directory });
    expect(exit).toBe(0);
    expect(tables(directory)).toEqual(["alembic_version", "t"]);
  });

  test.concurrent("closed input and output are no error", async ({ expect }) => {
    const directory = directoryWith(makesTable);
    const { exit } = await runShell(`cli upgrade ${project.join(" ")} <&- >&- 2>&-`, { cwd: directory });
    expect(exit).toBe(0);
    expect(tables(directory)).toEqual(["alembic_version", "t"]);
  });

  test.concurrent("a working directory that has been deleted is an error", async ({ expect }) => {
    const cwd = temporaryDirectory();
    const { exit, stderr } = await runShell("mkdir gone && cd gone && rmdir ../gone && cli heads", { cwd });
    expect(exit).toBe(2);
    expect(stderr).toBe(
      "error SKM_USAGE: the working directory does not exist any more\nhint: change to another directory\n",
    );
  });

  test.concurrent.each([
    ["y", 0, ["alembic_version"]],
    ["n", 9, ["alembic_version", "t"]],
  ])("on a terminal a downgrade asks, and obeys %s", async (answer, expected, left) => {
    const directory = directoryWith(`${makesTable} op.execute("INSERT INTO t VALUES (1)");`);
    expect((await runChild(["upgrade", ...project], { cwd: directory })).exit).toBe(0);
    const command = [...cliCommand, "downgrade", "-1", ...project].map((word) => `'${word}'`).join(" ");
    const { exit, stdout } = await runChild(
      ["-c", `printf '${answer}\\n' | script -qec "${command}" /dev/null`],
      { cwd: directory, command: ["/bin/sh"] },
    );
    expect(exit, stdout).toBe(expected);
    expect(stdout).toContain('1 row of table "t"');
    expect(stdout).toContain("Run it again and delete this? [y/N] ");
    expect(tables(directory)).toEqual(left);
  });

  test.concurrent("a terminal gets colours unless NO_COLOR is set", async ({ expect }) => {
    const command = [...cliCommand, "nonsense"].map((word) => `'${word}'`).join(" ");
    const run = async (env: Readonly<Record<string, string>>) =>
      await runChild(["-c", `script -qec "${command}" /dev/null </dev/null`], {
        cwd: temporaryDirectory(),
        command: ["/bin/sh"],
        env: { TERM: "xterm", ...env },
      });
    expect((await run({})).stdout).toContain("\u001B[1;31merror\u001B[0m SKM_USAGE: ");
    expect((await run({ NO_COLOR: "1" })).stdout).toContain("error SKM_USAGE: ");
  });
});

describe("an old Node.js", () => {
  const pretend = (version: string): readonly string[] => [
    process.execPath,
    "--import",
    `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`,
    cliCommand.at(-1) ?? "",
  ];

  test.concurrent.each(["18.20.0", "20.20.2", "22.17.1"])(
    "such as %s is refused with exit code 2",
    async (version) => {
      const directory = temporaryDirectory();
      const { exit, stdout, stderr } = await runChild(["upgrade"], {
        cwd: directory,
        command: pretend(version),
      });
      expect({ exit, stdout, stderr }).toEqual({
        exit: 2,
        stdout: "",
        stderr: `error SKM_NODE_VERSION: Node.js ${version} is too old, expected 22.18 or newer\nhint: install a newer Node.js from https://nodejs.org\n`,
      });
    },
  );

  test.concurrent("is refused with a document for --json", async ({ expect }) => {
    const { stdout } = await runChild(["upgrade", "--json"], {
      cwd: temporaryDirectory(),
      command: pretend("20.0.0"),
    });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "SKM_NODE_VERSION" } });
  });

  test.concurrent.each(["22.18.0", "23.0.0", "26.1.0"])("is not %s", async (version) => {
    const { exit } = await runChild(["--version"], { cwd: temporaryDirectory(), command: pretend(version) });
    expect(exit).toBe(0);
  });
});

test.each([
  ["from a bundle", cliCommand],
  ["from the sources", sourceCommand],
])("the command runs %s", async (_what, command) => {
  const { exit, stdout } = await runChild(["heads"], { cwd: temporaryDirectory(), command });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: "001_initial_schema (head)\n" });
});

test("the cache database is created for its user only, with its directories", async () => {
  const home = temporaryDirectory();
  const { exit, stderr } = await runChild(["upgrade"], { cwd: home });
  expect(exit, stderr).toBe(0);
  const database = join(home, ".skillmeat", "cache", "cache.db");
  const { statSync } = await import("node:fs");
  expect((statSync(database).mode & 0o777).toString(8)).toBe("600");
  expect((statSync(dirname(database)).mode & 0o777).toString(8)).toBe("700");
  expect(readColumn(database, "PRAGMA journal_mode")).toEqual(["wal"]);
  expect((await runChild(["upgrade"], { cwd: home })).stderr).toBe(
    `${database}: nothing to do, already at 001_initial_schema (head)\n`,
  );
  rmSync(join(home, ".skillmeat"), { recursive: true });
});

async function whenFile(path: string): Promise<void> {
  const { existsSync } = await import("node:fs");
  while (!existsSync(path)) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
