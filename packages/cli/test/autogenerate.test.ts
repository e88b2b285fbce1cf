import { existsSync, readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { execute } from "./support/database-file.ts";
import { runChild, sourceCommand } from "./support/run-child.ts";
import { runInProcess, type Outcome } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();
const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "autogenerate.md"), "utf8");

interface Project {
  readonly write: (file: string, text: string) => void;
  readonly run: (line: string, answer?: string) => Promise<Outcome>;
  readonly database: string;
}

function startProject(schema: string, config = ""): Project {
  const directory = temporaryDirectory();
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  mkdirSync(join(directory, "revisions"));
  write("schema.sql", schema);
  write(
    "skillmeat-migrate.config.mjs",
    `export default { url: "app.db", revisions: "./revisions", schema: "./schema.sql", ${config} };`,
  );
  return {
    write,
    database: join(directory, "app.db"),
    run: async (line, answer) =>
      await runInProcess([...words(line), "-c", "skillmeat-migrate.config.mjs"], {
        cwd: directory,
        ...(answer === undefined ? {} : { terminal: { isInteractive: true, ask: () => answer } }),
      }),
  };
}

/** Splits at spaces outside of double quotes. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");

describe("docs/autogenerate.md", () => {
  const fences = [...page.matchAll(/^```(ts|console)\n(.*?)^```$/gms)].map(([, kind, text = ""]) => ({
    kind,
    text,
  }));

  test("shows what happens", { timeout: 180_000 }, async () => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "revisions"));
    for (const { kind, text } of fences) {
      const path = /^\/\/ (\S+)\n/.exec(text)?.[1];
      if (kind === "console") await compareOutput(text, cwd);
      else if (path !== undefined) compareOrWrite(join(cwd, path), text.slice(text.indexOf("\n") + 1));
    }
    expect(fences.filter(({ kind }) => kind === "console")).toHaveLength(3);
  });
});

/** A file that a command has written is as the page shows it, but for the date; others are those of the user. */
function compareOrWrite(path: string, text: string): void {
  if (!path.includes("revisions")) {
    writeFileSync(path, text);
    return;
  }
  expect(readFileSync(path, "utf8").replace(/ {2}createDate: .*\n/, "")).toBe(text);
}

async function compareOutput(text: string, cwd: string): Promise<void> {
  for (const part of text.split(/^\$ skillmeat-migrate /m).slice(1)) {
    const [line = "", ...output] = part.split("\n");
    const { stdout, stderr } = await runChild(words(line), { cwd, command: sourceCommand });
    expect(`${stderr}${stdout}`.replaceAll(`${cwd}/`, ""), line).toBe(output.join("\n"));
  }
}

describe("check", () => {
  test("reports each finding, and all of them as a document", async () => {
    const { run, database } = startProject("CREATE TABLE a (x);\nCREATE TABLE b (x);");
    expect((await run("revision --autogenerate -m first")).exit).toBe(0);
    expect((await run("check")).stderr).toContain("error SKM_CHECK_PENDING: ");
    await run("upgrade");
    expect(await run("check -q")).toEqual({
      exit: 0,
      stdout: expect.stringMatching(/^ok: .*app\.db is at [\da-f]{12}\n$/),
      stderr: "",
    });
    execute(database, "DROP TABLE b; CREATE INDEX i ON a (x)");
    const { exit, stderr } = await run("check");
    expect(exit).toBe(3);
    expect(stderr).toContain('\n  drop table "b"\n  create index "i" on "a" (x)\nhint: ');
    const document = JSON.parse((await run("check --json -q")).stdout) as object;
    expect(document).toMatchObject({
      checked: ["pending", "edited", "heads", "schema", "drift"],
      findings: [
        {
          code: "SKM_CHECK_DRIFT",
          details: { differences: ['drop table "b"', 'create index "i" on "a" (x)'] },
        },
      ],
      error: { code: "SKM_CHECK_DRIFT" },
    });
    expect((await run("check --only pending --only schema")).exit).toBe(0);
    expect(await run("check --only rows")).toMatchObject({ exit: 2 });
  });

  test("needs no database for what is in files", async () => {
    const { run, database } = startProject("CREATE TABLE a (x);");
    expect((await run("check --only schema")).stderr).toContain('create table "a" (1 column)');
    await run("revision --autogenerate -m first");
    expect(await run("check --only schema --only heads -q")).toEqual({ exit: 0, stdout: "ok\n", stderr: "" });
    expect(existsSync(database)).toBe(false);
  });

  test("leaves out what the configuration leaves out", async () => {
    const { run, database } = startProject("CREATE TABLE a (x);", 'compare: { exclude: ["other_*"] }');
    await run("revision --autogenerate -m first");
    await run("upgrade");
    execute(database, "CREATE TABLE other_one (x)");
    expect((await run("check")).exit).toBe(0);
  });
});

describe("diff", () => {
  test("lists differences, as lines, as code and as a document", async () => {
    const { run } = startProject("CREATE TABLE a (x);");
    expect(await run("diff")).toEqual({
      exit: 0,
      stdout: 'create table "a" (1 column)\n',
      stderr: "1 difference from what the revisions make to the declared schema\n",
    });
    expect((await run("diff --code -q")).stdout).toBe(
      'op.createTable({ name: "a", columns: [{ name: "x" }] });\n',
    );
    expect(JSON.parse((await run("diff --json -q --to database")).stdout)).toMatchObject({
      from: "heads",
      to: "database",
      isSame: true,
      differences: [],
      code: "",
    });
    expect(await run("diff --from here")).toMatchObject({ exit: 2 });
  });
});

describe("revision --autogenerate", () => {
  test.each(["--rename a.x=y", "--drop all"])("is needed for %s", async (answer) => {
    const { run } = startProject("CREATE TABLE a (x TEXT);");
    expect(await run(`revision -m first ${answer}`)).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringContaining("without --autogenerate"),
    });
    expect((await run("heads")).stdout).toBe("");
  });

  test("asks on a terminal what is renamed", async () => {
    const { run, write } = startProject("CREATE TABLE a (x, y);");
    await run("revision --autogenerate -m first");
    write("schema.sql", "CREATE TABLE a (z, y);");
    const { stdout } = await run("revision --autogenerate -m second", "1");
    expect(readFileSync(stdout.trim(), "utf8")).toContain('op.renameColumn("a", "x", "z");');
    write("schema.sql", "CREATE TABLE a (w, y);");
    const dropped = await run("revision --autogenerate -m third", "0");
    expect(dropped.stderr).toContain('warning: the values of column "a.z" go');
    expect(readFileSync(dropped.stdout.trim(), "utf8")).toContain('batch.dropColumn("z")');
    write("schema.sql", "CREATE TABLE a (v, y);");
    expect(await run("revision --autogenerate -m fourth", "what?")).toMatchObject({ exit: 9 });
  });
});

test("a schema that is missing is to be named in the configuration", async () => {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, "revisions"));
  const diff = async () => await runInProcess(["diff", "--versions", "revisions"], { cwd });
  const without = await diff();
  expect([without.exit, without.stderr]).toEqual([2, expect.stringContaining("SKM_SCHEMA_MISSING")]);
  expect(without.stderr).toMatch(/hint: write a configuration .*`schema: "\.\/schema\.ts"`/);
  writeFileSync(join(cwd, "skillmeat-migrate.config.mjs"), 'export default { url: "app.db" };');
  expect((await diff()).stderr).toMatch(/hint: name the schema in ".*config\.mjs": `schema: /);
});

test("a mistyped --drop is refused and nothing is written", async () => {
  const { run, write } = startProject("CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);");
  expect((await run('revision --autogenerate -m "note" --rev-id 001')).exit).toBe(0);
  write("schema.sql", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);");
  const { exit, stdout, stderr } = await run("revision --autogenerate -m x --drop note.body --drop note.bdy");
  expect([exit, stdout]).toEqual([9, ""]);
  expect(stderr).toContain('hint: did you mean "note.body"?');
});

describe("a generated SQL revision", () => {
  const first = "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);";

  test.each([
    ["--sql", ""],
    ["", 'template: "sql"'],
  ])("is written by %s%s, and runs in both directions", async (option, config) => {
    const { run, write, database } = startProject(first, config);
    const { exit, stdout } = await run(`revision --autogenerate -m "notes" --rev-id 001 ${option}`);
    expect([exit, stdout.trim().endsWith("001_notes.sql")]).toEqual([0, true]);
    expect(readFileSync(stdout.trim(), "utf8")).toMatch(
      /^-- revision: 001\n[^]*\n-- upgrade\nCREATE TABLE [^]*;\n\n-- downgrade\nDROP TABLE "?note"?;\n$/,
    );
    write("schema.sql", `${first} CREATE VIEW bodies AS SELECT body FROM note;`);
    expect((await run(`revision --autogenerate -m views --rev-id 002 ${option}`)).exit).toBe(0);
    expect((await run("upgrade")).exit).toBe(0);
    expect((await run("check")).exit).toBe(0);
    execute(database, "INSERT INTO note (body) VALUES ('x')");
    expect((await run("downgrade base --yes")).exit).toBe(0);
    expect((await run("diff --from database --to current")).stdout).toBe("");
  });

  test("is refused where a table would have to be rebuilt", async () => {
    const { run, write } = startProject(first);
    await run("revision --autogenerate -m notes --rev-id 001 --sql");
    write("schema.sql", "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL);");
    const { exit, stdout, stderr } = await run("revision --autogenerate -m strict --rev-id 002 --sql");
    expect([exit, stdout]).toEqual([9, ""]);
    expect(stderr).toContain('cannot write the revision as SQL: table "note" would have to be rebuilt');
    expect((await run("revision --autogenerate -m strict --rev-id 002")).exit).toBe(0);
  });
});
