import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { linearProject, writeRevisions } from "./support/example-project.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

async function makeProject(body?: string) {
  const cwd = temporaryDirectory();
  writeRevisions(
    cwd,
    linearProject.map((one) => (one.id === "002_posts" && body !== undefined ? { ...one, body } : one)),
  );
  writeFileSync(
    join(cwd, "skillmeat-migrate.config.json"),
    JSON.stringify({ url: "app.db", revisions: "revisions" }),
  );
  const run = async (...argv: readonly string[]) => await runInProcess(argv, { cwd });
  await run("upgrade", "001");
  const database = new Database(join(cwd, "app.db"));
  database.exec("INSERT INTO t_001_users VALUES (1), (2)");
  database.close();
  return { cwd, run };
}

const losing = "upgrade(op) { op.execute('DELETE FROM t_001_users WHERE id = 1'); }, downgrade() {},";

test("a fault is told with what led to it, and exit code 3", async () => {
  const { run } = await makeProject(losing);
  const { exit, stdout, stderr } = await run("rehearse");
  expect(exit).toBe(3);
  expect(stdout).toMatch(/^upgrade 002_posts: \d+ ms, 1 statement, t_001_users from 2 to 1 row\n/);
  expect(stdout).toContain(
    'error rows-lost: revision 002_posts, going down: after the way back table "t_001_users" has 1 of 2 rows',
  );
  expect(stderr).toContain("error SKM_REHEARSAL: the rehearsal found 1 fault: after the way back table");
  expect((await run("current")).stdout).toBe("001_users\n");
});

test("the upgrade alone is tried with --no-downgrade", async () => {
  const { run } = await makeProject(losing);
  const { exit, stdout } = await run("rehearse", "--no-downgrade", "--json");
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    command: "rehearse",
    isSound: true,
    headsBefore: ["001_users"],
    headsAfter: ["002_posts"],
    steps: [{ revision: "002_posts", rows: [{ table: "t_001_users", before: 2, after: 1 }] }],
  });
});

test("a directory that does not exist is no place for the copy", async () => {
  const { run } = await makeProject();
  expect(await run("rehearse", "--directory", "nowhere")).toMatchObject({ exit: 5, stdout: "" });
});
