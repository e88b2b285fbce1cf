import { join } from "node:path";
import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { writeRevisions, linearProject, branchedProject } from "./support/example-project.ts";
import { runInProcess, type Outcome, type RunOptions } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";
import { execute, photograph, readColumn } from "./support/database-file.ts";

const temporaryDirectory = temporaryDirectories();

interface Sandbox {
  readonly directory: string;
  readonly database: string;
  readonly run: (line: string, options?: Partial<RunOptions>) => Promise<Outcome>;
}

function sandbox(revisions = linearProject): Sandbox {
  const directory = temporaryDirectory();
  writeRevisions(directory, revisions);
  return {
    directory,
    database: join(directory, "app.db"),
    run: async (line, options = {}) =>
      await runInProcess([...line.split(" "), "--url", "app.db", "--versions", "revisions"], {
        cwd: directory,
        ...options,
      }),
  };
}

/** Durations differ from run to run. */
const timeless = (text: string): string => text.replaceAll(/\d+(?:\.\d+)? m?s\b/g, "<time>");

describe("upgrade", () => {
  test("tells what it did, where, and where the database is now", async () => {
    const { run, database } = sandbox();
    const { exit, stdout, stderr } = await run("upgrade");
    expect({ exit, stdout, stderr: timeless(stderr) }).toEqual({
      exit: 0,
      stdout: "",
      stderr: `Running upgrade  -> 001_users, create users
Running upgrade 001_users -> 002_posts, create posts
${database}: applied 2 revisions in <time>, now at 002_posts (head)
`,
    });
  });

  test("says that there is nothing to do", async () => {
    const { run, database } = sandbox();
    await run("upgrade");
    expect(await run("upgrade")).toEqual({
      exit: 0,
      stdout: "",
      stderr: `${database}: nothing to do, already at 002_posts (head)\n`,
    });
  });

  test("says that the target has been passed", async () => {
    const { run, database } = sandbox();
    await run("upgrade");
    expect((await run("upgrade 001")).stderr).toBe(
      `${database}: nothing to do, 001_users is applied already; now at 002_posts (head)\n`,
    );
  });

  test("goes a number of revisions further", async () => {
    const { run, database } = sandbox();
    expect((await run("upgrade +1")).stderr).toContain("now at 001_users\n");
    expect(readColumn(database, "SELECT version_num FROM alembic_version")).toEqual(["001_users"]);
  });

  test("shows the SQL with -v", async () => {
    const { run } = sandbox();
    expect((await run("upgrade -v")).stderr).toContain("  1: CREATE TABLE");
  });

  test("is silent with -q", async () => {
    const { run } = sandbox();
    expect(await run("upgrade -q")).toEqual({ exit: 0, stdout: "", stderr: "" });
  });

  test("keeps what was committed before a failure when each revision is a transaction", async () => {
    const broken = {
      id: "003_bad",
      down: "002_posts",
      message: "bad",
      body: `upgrade(op) { op.execute("nonsense"); }`,
    };
    const { run, database } = sandbox([...linearProject, broken]);
    const { exit, stderr } = await run("upgrade --transaction-per revision");
    expect(exit).toBe(8);
    expect(stderr).toContain("error SKM_MIGRATION_FAILED: ");
    expect(readColumn(database, "SELECT version_num FROM alembic_version")).toEqual(["002_posts"]);
  });

  test("uses the version table that is named", async () => {
    const { run, database } = sandbox();
    expect((await run('upgrade --version-table x";DROP')).exit).toBe(0);
    expect(readColumn(database, `SELECT version_num FROM "x"";DROP"`)).toEqual(["002_posts"]);
  });
});

test("a run that waits for another process says so, and gives up in time", async () => {
  const { run, database } = sandbox();
  execute(database, "CREATE TABLE t (x)");
  const other = new Database(database);
  other.exec("BEGIN IMMEDIATE");
  const startedAt = performance.now();
  const { exit, stderr } = await run("upgrade --lock-timeout 900ms");
  other.close();
  expect(exit).toBe(6);
  expect(stderr).toMatch(/^waiting for another process that is writing to the database \(\d+ ms\)$/m);
  expect(stderr).toContain("error SKM_BUSY: ");
  expect(performance.now() - startedAt).toBeGreaterThan(850);
});

describe("a dry run", () => {
  test("shows the SQL with its values and writes nothing", async () => {
    const { run, directory, database } = sandbox();
    const before = photograph(directory);
    const { exit, stdout, stderr } = await run("upgrade --dry-run");
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: `${database}: 2 revisions from base to 002_posts; nothing was written\n`,
    });
    expect(stdout).toBe(`-- Running upgrade  -> 001_users, create users

CREATE TABLE t_001_users (
  id INTEGER NOT NULL PRIMARY KEY
);

INSERT INTO alembic_version (version_num) VALUES ('001_users');

-- Running upgrade 001_users -> 002_posts, create posts

CREATE TABLE t_002_posts (
  id INTEGER NOT NULL PRIMARY KEY
);

UPDATE alembic_version SET version_num = '002_posts' WHERE version_num = '001_users';
`);
    expect(photograph(directory)).toEqual(before);
  });

  test("of a downgrade does not ask", async () => {
    const { run, directory } = sandbox();
    await run("upgrade");
    const before = photograph(directory);
    const { exit, stdout } = await run("downgrade -1 --dry-run");
    expect(exit).toBe(0);
    expect(stdout).toContain("DROP TABLE t_002_posts;");
    expect(photograph(directory)).toEqual(before);
  });

  test("says where the plan depends on data", async () => {
    const asking = {
      id: "001_ask",
      down: null,
      message: "ask",
      body: `async upgrade(op) { op.execute("CREATE TABLE a (x)"); await op.query("SELECT\\n1"); }`,
    };
    const { run } = sandbox([asking]);
    expect((await run("upgrade --dry-run")).stdout).toContain(
      "-- what follows depends on the answer to: SELECT 1",
    );
  });

  test("says how rows are treated and warns, and with --strict nothing runs", async () => {
    const changing = {
      id: "001_change",
      down: null,
      message: "change",
      body: `upgrade(op) { op.renameColumn("users", "name", "label"); op.dropTable("old"); }`,
    };
    const { run, database } = sandbox([changing]);
    const db = new Database(database);
    db.exec("CREATE TABLE users (name TEXT); CREATE TABLE old (x); INSERT INTO old VALUES (1), (2)");
    db.close();
    const notes = `-- Running upgrade  -> 001_change, change

-- rename column "users.name" to "label": metadata only
-- drop table "old": deletes 2 rows
-- warning SKM_LINT_DATA_LOSS: 2 rows of table "old" will be deleted
--   hint: make a backup first

ALTER TABLE users RENAME COLUMN name TO label;`;
    const plain = await run("upgrade --dry-run");
    expect(plain.exit).toBe(0);
    expect(plain.stdout.startsWith(notes)).toBe(true);
    const strict = await run("upgrade --dry-run --strict");
    expect(strict.exit).toBe(3);
    expect(strict.stdout).toBe(plain.stdout);
    expect(strict.stderr).toContain(
      'error SKM_LINT: the plan has 1 warning: 2 rows of table "old" will be deleted (SKM_LINT_DATA_LOSS)\nhint: make a backup first\n',
    );
    const document = JSON.parse((await run("upgrade --dry-run --strict --json")).stdout);
    expect(document).toMatchObject({
      steps: [{ effects: [{ method: "metadata" }, { method: "drop", table: "old", rows: 2 }] }],
      error: { code: "SKM_LINT", details: { warnings: [{ revision: "001_change" }] } },
    });
    expect((await run("upgrade --strict")).exit).toBe(3);
    expect((await run("current")).stdout).toBe("");
    expect((await run("upgrade")).exit).toBe(0);
  });

  test("of nothing says so", async () => {
    const { run, database } = sandbox();
    await run("upgrade");
    expect(await run("upgrade --dry-run")).toEqual({
      exit: 0,
      stdout: "",
      stderr: `${database}: nothing to do, at 002_posts\n`,
    });
  });
});

describe("a downgrade that would delete data", () => {
  async function populated(): Promise<Sandbox> {
    const box = sandbox();
    await box.run("upgrade");
    execute(box.database, "INSERT INTO t_002_posts VALUES (1), (2)");
    return box;
  }

  test("asks on a terminal, showing what would be lost, and goes on after yes", async () => {
    const { run, database } = await populated();
    const questions: string[] = [];
    const terminal = {
      isInteractive: true,
      ask: (question: string) => {
        questions.push(question);
        return "y";
      },
    };
    const { exit, stderr } = await run("downgrade -1", { terminal });
    expect(exit).toBe(0);
    expect(questions).toEqual(["Run it again and delete this? [y/N] "]);
    expect(stderr).toContain('  2 rows of table "t_002_posts"\n');
    expect(readColumn(database, "SELECT version_num FROM alembic_version")).toEqual(["001_users"]);
  });

  test.each(["n", "", "yellow", null])("changes nothing when the answer is %j", async (answer) => {
    const { run, database } = await populated();
    const { exit, stderr } = await run("downgrade -1", {
      terminal: { isInteractive: true, ask: () => answer },
    });
    expect(exit).toBe(9);
    expect(stderr).toContain("error SKM_DESTRUCTIVE: ");
    expect(readColumn(database, "SELECT count(*) FROM t_002_posts")).toEqual([2]);
    expect(readColumn(database, "SELECT version_num FROM alembic_version")).toEqual(["002_posts"]);
  });

  test("is refused without a terminal, without a question", async () => {
    const { run, database } = await populated();
    const { exit, stderr } = await run("downgrade -1", {
      terminal: {
        ask: () => {
          throw new Error("asked");
        },
      },
    });
    expect(exit).toBe(9);
    expect(stderr).toContain('2 rows of table "t_002_posts"');
    expect(stderr).toContain("hint: make a backup first, then confirm with --yes\n");
    expect(readColumn(database, "SELECT count(*) FROM t_002_posts")).toEqual([2]);
  });

  test("runs with --yes", async () => {
    const { run, database } = await populated();
    const { exit, stderr } = await run("downgrade base --yes");
    expect(exit).toBe(0);
    expect(timeless(stderr)).toBe(`Running downgrade 002_posts -> 001_users, create posts
Running downgrade 001_users -> , create users
${database}: undid 2 revisions in <time>, now at base
`);
  });

  test("runs without a question when nothing is lost", async () => {
    const { run } = sandbox();
    await run("upgrade");
    expect((await run("downgrade base")).exit).toBe(0);
  });
});

describe("current", () => {
  test("of a missing database says so and makes none", async () => {
    const { run, database } = sandbox();
    expect(await run("current")).toEqual({ exit: 0, stdout: "", stderr: `${database}: (no database)\n` });
    expect(existsSync(database)).toBe(false);
  });

  test("at base says so", async () => {
    const { run, database } = sandbox();
    await run("ensure-version");
    expect((await run("current")).stderr).toBe(`${database}: at base, no revision is applied\n`);
  });

  test("ends with exit code 3 when heads are wanted and missing", async () => {
    const { run } = sandbox();
    await run("upgrade +1");
    const { exit, stdout, stderr } = await run("current --check-heads");
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: "001_users\n" });
    expect(stderr).toContain("error SKM_CHECK_PENDING: 1 revision not applied: 002_posts; ");
  });
});

describe("check", () => {
  test("ends with exit code 3 and names what is pending", async () => {
    const { run } = sandbox();
    const { exit, stdout, stderr } = await run("check");
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: "" });
    expect(stderr).toContain("2 revisions not applied: 001_users, 002_posts; the database is at base\n");
    expect(stderr).toContain("hint: run `upgrade heads`\n");
  });

  test("ends with 0 when all is applied", async () => {
    const { run, database } = sandbox();
    await run("upgrade");
    expect(await run("check -q")).toEqual({
      exit: 0,
      stdout: `ok: ${database} is at 002_posts\n`,
      stderr: "",
    });
  });
});

describe("ensure-version", () => {
  test("creates the table once", async () => {
    const { run, database } = sandbox();
    expect((await run("ensure-version")).stderr).toBe(`${database}: created the version table\n`);
    expect((await run("ensure_version")).stderr).toBe(`${database}: the version table is there\n`);
    expect(readColumn(database, "SELECT name FROM sqlite_schema WHERE type = 'table'")).toEqual([
      "alembic_version",
    ]);
  });
});

describe("history", () => {
  test.each([
    ["-1:current", ["002_posts", "001_users"]],
    ["current:", ["002_posts"]],
    [":+1", ["001_users"]],
    ["base:001_users", ["001_users"]],
  ])("of %s counts from where the database is", async (range, expected) => {
    const { run } = sandbox();
    await run("upgrade");
    const { stdout } = await run(`history -r ${range} --json`);
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({ revisions: expected.map((revision) => ({ revision })) });
  });

  test("escapes what could steer a terminal", async () => {
    const { run } = sandbox([{ id: "001", down: null, message: "\u001B[2J\u202Eevil" }]);
    expect((await run("history")).stdout).toBe("<base> -> 001 (head), \\x1b[2J\\u202eevil\n");
  });

  test("lists the healthy revisions and then what is wrong with the others", async () => {
    const { run } = sandbox([...linearProject, { id: "003", down: "gone", message: "orphan" }]);
    const text = await run("history");
    expect(text.exit).toBe(4);
    expect(text.stdout).toContain("<base> -> 001_users, create users\n");
    expect(text.stderr).toContain("error SKM_GRAPH_MISSING: ");
    const json = await run("history --json");
    expect(json.exit).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({
      revisions: [{ revision: "002_posts" }, { revision: "001_users" }],
      error: { code: "SKM_GRAPH_MISSING" },
    });
  });
});

test("without a configuration and options the SkillMeat cache is meant", async () => {
  const { stdout } = await runInProcess(["history"], { cwd: temporaryDirectory() });
  expect(stdout).toBe("<base> -> 001_initial_schema (head), Create initial cache schema\n");
});

describe("every command", () => {
  test.each([
    "upgrade",
    "upgrade --dry-run",
    "downgrade base --dry-run",
    "downgrade base",
    "current",
    "current --check-heads",
    "history -v",
    "heads",
    "branches",
    "show heads",
    "stamp heads",
    "ensure-version",
    "check",
    "help",
    "help upgrade",
    "upgrade --help",
    "--version",
    "nonsense",
    "",
    "show nope",
    "--wrong",
  ])("'%s' writes one JSON document with --json", async (line) => {
    const directory = temporaryDirectory();
    writeRevisions(directory, branchedProject);
    const words = line.split(" ").filter((word) => word !== "");
    const project = words.includes("help") ? [] : ["--url", "app.db", "--versions", "revisions"];
    const { exit, stdout, stderr } = await runInProcess([...words, ...project, "--json", "-q"], {
      cwd: directory,
    });
    const document = JSON.parse(stdout) as { readonly error?: { readonly code: string } };
    expect(document.error === undefined).toBe(exit === 0);
    expect(stderr).toBe("");
  });
});
