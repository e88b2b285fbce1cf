import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { branchedProject, linearProject, writeRevisions } from "./support/example-project.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();
const project = ["--url", "app.db", "--versions", "revisions"];

async function printSql(...argv: readonly string[]) {
  const cwd = temporaryDirectory();
  writeRevisions(cwd, linearProject);
  return { cwd, ...(await runInProcess([...argv, "--sql", ...project], { cwd })) };
}

function runScript(database: Database.Database, sql: string): readonly unknown[] {
  database.exec(sql);
  return database.prepare("SELECT version_num FROM alembic_version ORDER BY 1").pluck().all();
}

test("upgrade, downgrade and stamp write scripts that follow each other, and no database", async () => {
  const database = new Database(":memory:");
  for (const [argv, heads] of [
    [["upgrade", "001"], ["001_users"]],
    [["upgrade", "001:head"], ["002_posts"]],
    [["downgrade", "head:001"], ["001_users"]],
    [["stamp", "001:base"], []],
  ] as const) {
    const { exit, stdout, stderr, cwd } = await printSql(...argv);
    expect([exit, stderr, existsSync(join(cwd, "app.db"))]).toEqual([0, "", false]);
    expect(runScript(database, stdout)).toEqual(heads);
  }
  database.close();
});

test("with --json the script is in the document", async () => {
  const { stdout } = await printSql("upgrade", "head", "--json");
  const document = JSON.parse(stdout) as { readonly sql: string };
  expect(document).toMatchObject({ command: "upgrade", range: "head" });
  const database = new Database(":memory:");
  expect(runScript(database, document.sql)).toEqual(["002_posts"]);
  database.close();
});

test.each([
  [["upgrade", "--dry-run"], "SKM_USAGE"],
  [["downgrade", "base", "--yes"], "SKM_USAGE"],
  [["stamp", "head", "--purge"], "SKM_USAGE"],
  [["stamp", "001", "002"], "SKM_USAGE"],
  [["downgrade", "base"], "SKM_USAGE"],
  [["upgrade", "001:zzz"], "SKM_GRAPH_UNKNOWN"],
] as const)("%s is refused, with nothing on standard output", async (argv, code) => {
  const { exit, stdout, stderr } = await printSql(...argv);
  expect([exit, stdout]).toEqual([code === "SKM_USAGE" ? 2 : 4, ""]);
  expect(stderr).toContain(`error ${code}`);
});

interface Recorded {
  readonly cmd: string;
  readonly exit: number;
  readonly stdout: string;
}

const recorded = readFileSync(join(import.meta.dirname, "fixtures", "alembic-cli.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded)
  .filter(({ cmd }) => cmd.endsWith(" --sql"));

const announcements = (sql: string): readonly string[] =>
  sql.split("\n").filter((line) => line.startsWith("-- Running "));

/** The version rows after a script, in a database that was at the beginning of its range. */
function rowsAfter(start: string | undefined, sql: string): readonly unknown[] {
  const database = new Database(":memory:");
  if (start !== undefined) {
    database.exec("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
    database.prepare("INSERT INTO alembic_version VALUES (?)").run(start);
    // What our example revision has made and takes away; Alembic's was empty.
    database.exec(`CREATE TABLE t_${start} (id)`);
  }
  const rows = runScript(database, sql);
  database.close();
  return rows;
}

test("there are recordings of Alembic's scripts", () => {
  expect(recorded.map(({ exit }) => exit)).toEqual([0, 0, 255, 0]);
});

test.each(recorded.map((one) => [one.cmd, one] as const))(
  "%s announces the same steps as Alembic and leaves the same version rows",
  async (_cmd, { cmd, exit: theirExit, stdout: theirs }) => {
    const cwd = temporaryDirectory();
    writeRevisions(cwd, branchedProject);
    const argv = cmd.split(" ").slice(1);
    const { exit, stdout } = await runInProcess([...argv, ...project], { cwd });
    if (theirExit !== 0) {
      expect([exit, stdout]).toEqual([2, ""]);
      return;
    }
    // Our line has the message behind it, as online.
    const ours = announcements(stdout).map((line) => line.replace(/, .*/, ""));
    expect(ours).toEqual(announcements(theirs));
    const prefix = /(\w+):/.exec(cmd)?.[1];
    const start = branchedProject.find(({ id }) => prefix !== undefined && id.startsWith(prefix))?.id;
    expect(rowsAfter(start, stdout)).toEqual(rowsAfter(start, theirs));
  },
);
