import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { linearProject, writeRevisions } from "./support/example-project.ts";
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
  return database.prepare("SELECT version_num FROM alembic_version").pluck().all();
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
