import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linearProject, writeRevisions } from "./support/example-project.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

async function verify(body: string | undefined, ...argv: readonly string[]) {
  const cwd = temporaryDirectory();
  const revisions = linearProject.map((one) =>
    one.id === "002_posts" && body !== undefined ? { ...one, body } : one,
  );
  writeRevisions(cwd, revisions);
  const outcome = await runInProcess(["verify", "--url", "app.db", "--versions", "revisions", ...argv], {
    cwd,
  });
  expect(existsSync(join(cwd, "app.db"))).toBe(false);
  return outcome;
}

const forgetful = "upgrade(op) { op.execute('CREATE TABLE posts (id)'); }, downgrade() {},";
const oneWay = "upgrade(op) { op.execute('CREATE TABLE posts (id)'); },";

test("a fault is named, with exit code 3", async () => {
  const { exit, stdout, stderr } = await verify(forgetful);
  expect(exit).toBe(3);
  expect(stdout).toContain(
    'error schema-differs: revision 002_posts, going down: the schema is not what it was before it was applied; to make it so: drop table "posts"',
  );
  expect(stdout).toContain("2 revisions tried up, down and up again: 2 errors, 0 warnings");
  expect(stderr).toContain("error SKM_VERIFY: 2 faults in 1 revision: 002_posts");
});

test("a warning counts with --strict only", async () => {
  expect(await verify(oneWay)).toMatchObject({ exit: 0, stderr: "" });
  expect(await verify(oneWay, "--strict")).toMatchObject({ exit: 3 });
});

test("with --json the findings are data", async () => {
  const { exit, stdout } = await verify(forgetful, "--json");
  expect([exit, JSON.parse(stdout)]).toMatchObject([
    3,
    {
      command: "verify",
      isSound: false,
      revisions: ["001_users", "002_posts"],
      findings: [{ kind: "schema-differs", revision: "002_posts", lines: ['drop table "posts"'] }, {}],
      error: { code: "SKM_VERIFY" },
    },
  ]);
});
