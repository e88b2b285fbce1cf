import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linearProject, writeRevisions } from "./support/example-project.ts";
import { runInProcess, type RunOptions } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

async function makeProject(config = "") {
  const cwd = temporaryDirectory();
  writeRevisions(cwd, linearProject);
  writeFileSync(
    join(cwd, "skillmeat-migrate.config.mjs"),
    `export default { url: "app.db", revisions: "revisions", ${config} };`,
  );
  const run = async (argv: readonly string[], options: Omit<RunOptions, "cwd"> = {}) =>
    await runInProcess(argv, { cwd, ...options });
  await run(["upgrade", "001"]);
  return { cwd, run };
}

test("backup prints the path of a file of its own, and restore goes back to it", async () => {
  const { cwd, run } = await makeProject();
  const { exit, stdout, stderr } = await run(["backup"]);
  const path = stdout.trim();
  expect([exit, existsSync(path), statSync(path).mode & 0o777]).toEqual([0, true, 0o600]);
  expect(stderr).toContain("backed up at 001_users");
  await run(["upgrade"]);
  expect(await run(["restore", path])).toMatchObject({ exit: 9, stdout: "" });
  const restored = await run(["restore", path, "--yes", "--json"]);
  const document = JSON.parse(restored.stdout) as { readonly replaced: string };
  expect(document).toMatchObject({ command: "restore", path, heads: ["001_users"] });
  expect(existsSync(document.replaced)).toBe(true);
  expect((await run(["current"])).stdout).toBe("001_users\n");
  expect(readdirSync(cwd).filter((name) => name.endsWith(".bak"))).toHaveLength(2);
});

test("a question on a terminal is as good as --yes", async () => {
  const { run } = await makeProject();
  await run(["backup", "saved.db"]);
  const terminal = (answer: string) => ({ terminal: { isInteractive: true, ask: () => answer } });
  expect((await run(["restore", "saved.db"], terminal("n"))).exit).toBe(9);
  expect((await run(["restore", "saved.db"], terminal("y"))).exit).toBe(0);
});

test("the configuration makes a backup before every upgrade, where it says", async () => {
  const { cwd, run } = await makeProject('backup: { directory: "backups", keep: 1 }');
  expect((await run(["upgrade"])).stderr).toMatch(/^backup: .*backups\/app\.db\.001_users\./);
  await run(["upgrade"]);
  await run(["backup"]);
  expect(readdirSync(join(cwd, "backups"))).toEqual([expect.stringContaining("app.db.002_posts.")]);
});

test.each(["backup: 3", "backup: { keep: 0 }", "backup: { dir: 'x' }"])("%s is refused", async (config) => {
  const { run } = await makeProject(config);
  expect(await run(["upgrade"])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("SKM_CONFIG_SHAPE"),
  });
});
