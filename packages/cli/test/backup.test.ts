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

test("a downgrade makes a backup where the command or the configuration says so", async () => {
  const backups = (cwd: string) => readdirSync(cwd).filter((name) => name.endsWith(".bak"));
  const told = await makeProject();
  await told.run(["downgrade", "base", "--yes"]);
  expect(backups(told.cwd)).toEqual([]);
  await told.run(["upgrade", "001"]);
  const { exit, stderr } = await told.run(["downgrade", "base", "--yes", "--backup"]);
  expect([exit, backups(told.cwd).length]).toEqual([0, 1]);
  expect(stderr).toContain("backup: ");
  const configured = await makeProject("backup: { keep: 1 }");
  await configured.run(["upgrade"]);
  const [first] = backups(configured.cwd);
  const second = await configured.run(["downgrade", "base", "--yes"]);
  expect(second.exit).toBe(0);
  expect(backups(configured.cwd)).toHaveLength(1);
  expect(second.stderr).toContain(`deleted the backup ${join(configured.cwd, first ?? "")}`);
});

test("a script cannot make a backup", async () => {
  const { run } = await makeProject();
  expect(await run(["downgrade", "001:base", "--sql", "--backup"])).toMatchObject({ exit: 2, stdout: "" });
});
