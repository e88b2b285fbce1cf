import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { linearProject, writeRevisions } from "./support/example-project.ts";
import { runChild, sourceCommand } from "./support/run-child.ts";
import { runInProcess, type Outcome } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();
const isWindows = process.platform === "win32";

interface Project {
  readonly directory: string;
  readonly run: (...argv: readonly string[]) => Promise<Outcome>;
  readonly files: () => readonly string[];
}

function project(config: object = {}, env: Readonly<Record<string, string>> = {}): Project {
  const directory = temporaryDirectory();
  writeRevisions(directory, linearProject);
  writeFileSync(
    join(directory, "skillmeat-migrate.config.json"),
    JSON.stringify({ url: "app.db", revisions: "revisions", ...config }),
  );
  return {
    directory,
    run: async (...argv) =>
      await runInProcess(argv, { cwd: directory, env: { PATH: process.env["PATH"], ...env } }),
    files: () => readdirSync(join(directory, "revisions")).toSorted(),
  };
}

describe("init", () => {
  const init = async (
    ...argv: readonly string[]
  ): Promise<readonly [directory: string, outcome: Outcome]> => {
    const cwd = temporaryDirectory();
    return [cwd, await runInProcess(["init", ...argv], { cwd })];
  };

  test("writes a configuration and makes the directory", async () => {
    const [directory, { exit, stdout, stderr }] = await init();
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: "" });
    expect(stderr.replaceAll(directory, "…")).toBe(`wrote …/skillmeat-migrate.config.ts
revision files go to …/revisions
next: skillmeat-migrate revision -m "what it does"
`);
    expect(readdirSync(directory).toSorted()).toEqual(["revisions", "skillmeat-migrate.config.ts"]);
  });

  test("puts what it is told into the configuration", async () => {
    const [directory] = await init("db/versions", "-t", "sql", "--url", "file:a'\"b.db");
    const text = readFileSync(join(directory, "skillmeat-migrate.config.ts"), "utf8");
    expect(text).toContain('  url: "file:a\'\\"b.db",\n  revisions: "./db/versions",\n  template: "sql",\n');
    expect(existsSync(join(directory, "db", "versions"))).toBe(true);
  });

  test("keeps a token out of the configuration, which reads it from the environment", async () => {
    const url = "libsql://notes.example.test?authToken=s3cr3t-t0ken&tls=1";
    const [directory, { exit, stdout, stderr }] = await init("--url", url, "--json");
    const text = readFileSync(join(directory, "skillmeat-migrate.config.ts"), "utf8");
    expect(text).toContain(
      '  url: "libsql://notes.example.test?tls=1",\n  authToken: process.env["SKILLMEAT_AUTH_TOKEN"] ?? "",\n',
    );
    expect(exit).toBe(0);
    expect(text + stdout + stderr).not.toContain("s3cr3t");
    expect(stderr).toContain("the token was not written: set SKILLMEAT_AUTH_TOKEN");
    expect(stderr).toContain("warning: other users of this machine can read a token on the command line");
  });

  test("writes a server without a token as it is, and refuses a URL with a password", async () => {
    const [directory] = await init("--url", "libsql://notes.example.test");
    const text = readFileSync(join(directory, "skillmeat-migrate.config.ts"), "utf8");
    expect(text).toContain('  url: "libsql://notes.example.test",\n  revisions:');
    const [refused, { exit, stderr }] = await init("--url", "libsql://me:s3cr3t-t0ken@notes.example.test");
    expect([exit, readdirSync(refused)]).toEqual([2, []]);
    expect(stderr).not.toContain("s3cr3t");
  });

  test.each([
    ['{ "type": "module" }', "ts"],
    ['{ "type": "commonjs" }', "mts"],
    ["{}", "mts"],
  ])(
    "beside the package.json %s writes files in .%s, which load without a warning",
    async (manifest, extension) => {
      const cwd = temporaryDirectory();
      writeFileSync(join(cwd, "package.json"), manifest);
      expect((await runInProcess(["init"], { cwd })).exit).toBe(0);
      const config = join(cwd, `skillmeat-migrate.config.${extension}`);
      writeFileSync(
        config,
        readFileSync(config, "utf8").replace(
          /^import .*\n/,
          "const defineConfig = (config: object) => config;\n",
        ),
      );
      const { exit, stdout, stderr } = await runChild(["revision", "--rev-id", "1"], { cwd });
      expect({ exit, stdout, stderr }).toEqual({
        exit: 0,
        stdout: `${join(cwd, "revisions", `1.${extension}`)}\n`,
        stderr: "new revision 1, after <base>\n",
      });
    },
  );

  test.each(["ts", "mts", "js", "mjs", "json"])(
    "leaves a project with a configuration in %s alone",
    async (extension) => {
      const cwd = temporaryDirectory();
      writeFileSync(join(cwd, `skillmeat-migrate.config.${extension}`), "mine");
      const { exit, stderr } = await runInProcess(["init"], { cwd });
      expect(exit).toBe(9);
      expect(stderr).toContain("error SKM_FILE_EXISTS: there is a project already");
      expect(readdirSync(cwd)).toHaveLength(1);
    },
  );

  test("keeps a directory with revisions, and refuses a file", async () => {
    const cwd = temporaryDirectory();
    writeRevisions(cwd, linearProject);
    writeFileSync(join(cwd, "file"), "");
    expect((await runInProcess(["init", "file"], { cwd })).exit).toBe(9);
    expect(existsSync(join(cwd, "skillmeat-migrate.config.ts"))).toBe(false);
    expect((await runInProcess(["init"], { cwd })).exit).toBe(0);
    expect(readdirSync(join(cwd, "revisions"))).toHaveLength(2);
  });

  test.each([
    [["-t", "typscript"], /there is no template "typscript"\nhint: did you mean "typescript"\?/],
    [["-t", "mako"], /hint: the templates are typescript, javascript, sql/],
    [[""], /the directory is empty/],
    [["--versions", "x"], /option --versions does not belong to the command "init"/],
  ])("%j is a usage error", async (argv, says) => {
    const [directory, { exit, stderr }] = await init(...argv);
    expect(exit).toBe(2);
    expect(stderr).toMatch(says);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("revision", () => {
  test("prints the path, and the facts as a document", async () => {
    const { directory, run } = project();
    const { exit, stdout, stderr } = await run("revision", "-m", "Add tags", "--rev-id", "003");
    const path = join(directory, "revisions", "003_add_tags.ts");
    expect({ exit, stdout, stderr }).toEqual({
      exit: 0,
      stdout: `${path}\n`,
      stderr: "new revision 003, after 002_posts\n",
    });
    const document: unknown = JSON.parse(
      (await run("revision", "--json", "--depends-on=001", "--splice", "--head=base", "--branch-label=x"))
        .stdout,
    );
    expect(document).toMatchObject({
      command: "revision",
      downRevision: [],
      dependsOn: ["001_users"],
      branchLabels: ["x"],
      message: null,
      path: expect.stringContaining(join(directory, "revisions")),
    });
  });

  test("takes names, templates and the length of the slug from the configuration", async () => {
    const { run, directory, files } = project({
      fileName: "{year}_{rev}_{slug}",
      slugLength: 7,
      template: "revision.template.mjs",
    });
    writeFileSync(
      join(directory, "revision.template.mjs"),
      "// Team Cart: {{message}}\nexport default { {{header}} upgrade() {} };",
    );
    expect((await run("revision", "-m", "Add many tags", "--rev-id", "003")).exit).toBe(0);
    const name = files().find((file) => file.includes("_003_")) ?? "";
    expect(name).toMatch(/^\d{4}_003_add\.mjs$/);
    expect(readFileSync(join(directory, "revisions", name), "utf8")).toMatch(
      /^\/\/ Team Cart: Add many tags\n/,
    );
    expect((await run("revision", "--sql", "--rev-id", "004")).stdout).toMatch(/_004\.sql\n$/);
  });

  test("finds files in several directories and below them", async () => {
    const { run, directory } = project({
      revisions: undefined,
      versionLocations: ["revisions", "more"],
      recursive: true,
      fileName: "{rev}/{slug}",
    });
    mkdirSync(join(directory, "more"));
    expect((await run("revision", "-m", "a", "--rev-id", "003")).stdout).toBe(
      `${join(directory, "revisions/003/a.ts")}\n`,
    );
    const lost = await run("revision", "--head=base", "--rev-id", "m");
    expect(lost).toMatchObject({ exit: 2, stderr: expect.stringContaining("--version-path") });
    const named = await run("revision", "--head=base", "--rev-id", "m", "--version-path", "more", "-m", "b");
    expect(named.stdout).toBe(`${join(directory, "more/m/b.ts")}\n`);
    expect((await run("heads")).stdout).toBe("003 (head)\nm (head)\n");
  });

  test.each([
    [
      { fileName: "{revision}" },
      /fileName is the string "\{revision\}", expected a name of tokens, and there is no \{revision\}/,
    ],
    [{ template: "nothing.ts" }, /SKM_CONFIG_LOAD: cannot read the template/],
    [{ template: "mako" }, /is neither a template nor the path of one/],
    [{ template: "wrong.ts" }, /has the unknown placeholder "\{\{up\}\}"/],
    [{ template: "empty.ts" }, /has no \{\{header\}\}/],
    [{ postWriteHooks: ["prettier"] }, /postWriteHooks is an array, expected an array of functions and/],
    [{ versionLocations: "x" }, /has revisions and versionLocations/],
    [{ slugLength: -1 }, /slugLength/],
  ])("refuses the configuration %j", async (config, says) => {
    const { run, directory, files } = project(config);
    writeFileSync(join(directory, "wrong.ts"), "{{header}} {{up}}");
    writeFileSync(join(directory, "empty.ts"), "");
    const { exit, stderr } = await run("revision");
    expect(exit).toBe(2);
    expect(stderr).toMatch(says);
    expect(files()).toHaveLength(2);
  });

  test("says that the built-in revisions of the cache have no directory", async () => {
    const outcome = await runInProcess(["revision"], { cwd: temporaryDirectory() });
    expect(outcome).toMatchObject({ exit: 2, stderr: expect.stringContaining("skillmeat-migrate init") });
  });
});

test.each([[[]], [["heads"]], [["002_posts"]], [["002_posts", "002"]]])(
  "merge %j of a single head is refused",
  async (operands) => {
    const { run, files } = project();
    expect(await run("merge", ...operands)).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /^error SKM_USAGE: there is nothing to merge: 002_posts.* is one revision\n/,
      ),
    });
    expect(files()).toHaveLength(2);
  },
);

test.each([[[]], [["heads"]]])("merge %j joins a head with one that depends on it", async (operands) => {
  const { run } = project();
  await run("revision", "--head", "base", "--depends-on", "002", "--rev-id", "lib");
  expect((await run("upgrade", "head")).stderr).toContain("SKM_GRAPH_MULTIPLE_HEADS");
  expect(await run("merge", ...operands, "--rev-id", "join")).toMatchObject({
    exit: 0,
    stderr:
      "one of 002_posts and lib needs the other: they are applied in that order\nnew revision join, after 002_posts, lib\n",
  });
  expect((await run("heads")).stdout).toBe("join (head)\n");
});

test("merge of a branch joins the heads of that branch only", async () => {
  const { run } = project();
  await run("revision", "--head", "base", "--branch-label", "lib", "--rev-id", "root");
  await run("revision", "--head", "root", "--rev-id", "x");
  await run("revision", "--head", "root", "--rev-id", "y", "--splice");
  expect(await run("merge", "lib@heads", "--rev-id", "join")).toMatchObject({
    exit: 0,
    stderr: expect.stringContaining("new revision join, after x, y\n"),
  });
});

test("merge says what both branches touch", async () => {
  const { run, directory } = project();
  const add = (column: string): string =>
    `upgrade(op) { op.addColumn("t_001_users", { name: "${column}", type: "TEXT" }); },`;
  writeRevisions(directory, [
    ...linearProject.slice(0, 1),
    { id: "x", down: "002_posts", message: "x", body: add("a") },
    { id: "y", down: "002_posts", message: "y", body: add("b") },
  ]);
  const { exit, stderr, stdout } = await run("merge", "--rev-id", "z", "--json");
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: `both touch table "t_001_users", order does not matter: x (add column "t_001_users.a" (TEXT)), y (add column "t_001_users.b" (TEXT))
x and y make the same schema in both orders
new revision z, after x, y
`,
  });
  const document: unknown = JSON.parse(stdout);
  expect(document).toMatchObject({ command: "merge", branches: [{ left: "x", right: "y", orders: "same" }] });
});

describe.skipIf(isWindows)("a hook", () => {
  test("runs on the file, with the programs of the project", async () => {
    const append =
      "fs.appendFileSync(process.argv[2], '// ' + process.argv.slice(3).join() + process.cwd()); console.log('formatted')";
    const hook = (...words: readonly string[]): readonly string[] => ["tidy", ...words];
    const { run, directory } = project({ postWriteHooks: [hook("{file}", "a b"), hook()] });
    const bin = join(directory, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "tidy"), `#!${process.execPath}\nconst fs = require("fs");\n${append}\n`);
    chmodSync(join(bin, "tidy"), 0o755);
    const { exit, stdout, stderr } = await run("revision", "--rev-id", "003");
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: "formatted\nformatted\nnew revision 003, after 002_posts\n",
    });
    expect(readFileSync(stdout.trim(), "utf8")).toMatch(new RegExp(`// a b${directory}// ${directory}$`));
  });

  test.each([
    [["false"], /SKM_HOOK: the hook "false" ends with exit code 1\n/],
    [["no-such-program"], /the hook "no-such-program" cannot be started: .*ENOENT/],
    [["/bin/sh", "-c", "echo broken >&2; exit 3"], /the hook "\/bin\/sh" ends with exit code 3: broken\n/],
    [["/bin/sh", "-c", "echo 'not a revision' > REVISION_SCRIPT_FILENAME"], /error SKM_SCRIPT_/],
  ])("that fails, %j, takes the file with it", async (hook, says) => {
    const { run, files } = project({ postWriteHooks: [hook] });
    const { exit, stdout, stderr } = await run("revision", "--rev-id", "003");
    expect({ exit, stdout, files: files().length }).toEqual({ exit: 4, stdout: "", files: 2 });
    expect(stderr).toMatch(says);
  });
});

describe.skipIf(isWindows)("edit", () => {
  const log = 'f() { for file; do echo "$file" >> log; done; }; f';

  test("opens the files of the revisions", async () => {
    const { run, directory } = project({}, { EDITOR: log, VISUAL: "false" });
    expect(await run("edit", "head")).toEqual({ exit: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(directory, "log"), "utf8")).toBe(
      `${join(directory, "revisions/002_posts_create_posts.ts")}\n`,
    );
    await run("upgrade", "+1");
    await run("edit", "current");
    expect(readFileSync(join(directory, "log"), "utf8")).toContain("001_users_create_users.ts\n");
  });

  test.each([
    [{ EDITOR: "exit 3;" }, "head", 2, /SKM_EDITOR: the editor "exit 3;" failed: it ended with exit code 3/],
    [{ EDITOR: "", VISUAL: " ", PATH: "" }, "head", 2, /SKM_EDITOR: there is no editor\nhint: set EDITOR/],
    [{ EDITOR: "true" }, "base", 2, /there is no file of revision "base" to edit/],
    [{ EDITOR: "true" }, "zzzz", 4, /SKM_GRAPH_UNKNOWN/],
    [{ EDITOR: "f() { echo '?' > \"$1\"; }; f" }, "head", 4, /error SKM_SCRIPT_/],
  ])("with %j of %s ends with %i", async (env, target, code, says) => {
    const { run } = project({}, env);
    const { exit, stderr } = await run("edit", target);
    expect(exit).toBe(code);
    expect(stderr).toMatch(says);
  });
});

test("a new project needs nothing but this program", async () => {
  const cwd = temporaryDirectory();
  const run = async (...argv: readonly string[]): Promise<Outcome> =>
    await runChild(argv, { cwd, command: sourceCommand });
  expect((await run("init", "-q")).exit).toBe(0);
  const { stdout } = await run("revision", "-m", "Add users", "--rev-id", "001");
  const text = readFileSync(stdout.trim(), "utf8");
  writeFileSync(
    stdout.trim(),
    text.replace(/\/\/ op\..*/, 'op.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)");'),
  );
  const { exit, stderr } = await run("upgrade");
  expect(stderr).toContain("app.db: applied 1 revision");
  expect(exit).toBe(0);
}, 60_000);
