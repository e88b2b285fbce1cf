import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readColumn } from "./support/database-file.ts";
import { linearProject, writeRevisions } from "./support/example-project.ts";
import { runInProcess, type Outcome } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

/** A project whose configuration says this, and a function that runs a command in it. */
function openProject(config: object = {}) {
  const cwd = temporaryDirectory();
  writeRevisions(cwd, linearProject);
  const settings = { url: "app.db", revisions: "revisions", ...config };
  writeFileSync(join(cwd, "skillmeat-migrate.config.json"), JSON.stringify(settings));
  const run = async (...argv: readonly string[]): Promise<Outcome> => await runInProcess(argv, { cwd });
  return { cwd, run };
}

const inPlace = join("revisions", "skillmeat-snapshot.json");

describe("snapshot", () => {
  test("writes a file, which upgrade applies, and says so", async () => {
    const { cwd, run } = openProject();
    expect(await run("snapshot")).toEqual({
      exit: 0,
      stdout: `${join(cwd, inPlace)}\n`,
      stderr:
        "snapshot of 2 revisions up to 002_posts: 2 objects, 0 rows; written, and tried in an empty database\n",
    });
    expect(existsSync(join(cwd, "app.db"))).toBe(false);
    const plan = await run("upgrade", "--dry-run");
    expect(plan.stderr).toContain("2 revisions by a snapshot from base to 002_posts; nothing was written");
    expect(plan.stdout).toContain("-- Running snapshot of 2 revisions -> 002_posts\n\nCREATE TABLE");
    const { exit, stderr } = await run("upgrade");
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(
        /^Running snapshot of 2 revisions -> 002_posts\n.+: applied 2 revisions by a snapshot in .+, now at 002_posts \(head\)\n$/u,
      ),
    });
    expect(readColumn(join(cwd, "app.db"), "SELECT version_num FROM alembic_version")).toEqual(["002_posts"]);
    expect(await run("check", "--only", "snapshot")).toMatchObject({
      exit: 0,
      stdout: "ok\n",
      stderr: "checked: the snapshot makes what its revisions make\n",
    });
  });

  test("and upgrade have documents that tell what a snapshot stood for", async () => {
    const { cwd, run } = openProject({ snapshot: "elsewhere/snap.json" });
    expect(JSON.parse((await run("snapshot", "001", "--json")).stdout)).toMatchObject({
      command: "snapshot",
      outcome: "written",
      path: join(cwd, "elsewhere", "snap.json"),
      heads: ["001_users"],
      revisions: 1,
      objects: 1,
      rows: 0,
    });
    expect(JSON.parse((await run("snapshot", "001", "--json")).stdout)).toMatchObject({
      outcome: "unchanged",
    });
    expect(JSON.parse((await run("upgrade", "--dry-run", "--json")).stdout)).toMatchObject({
      steps: [{ step: { snapshot: { revisions: 1 } } }, { step: { revision: "002_posts" } }],
    });
    const { stdout, stderr } = await run("upgrade", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      steps: [
        { kind: "upgrade", revision: "001_users", snapshot: { revisions: 1 } },
        { kind: "upgrade", revision: "002_posts" },
      ],
    });
    expect(stderr).toContain("applied 2 revisions, 1 of them by a snapshot, in ");
  });

  test.each<[string, object, readonly string[]]>([
    ["--no-snapshot is given", {}, ["--no-snapshot"]],
    ["the configuration says so", { snapshot: false }, []],
  ])("is not applied where %s", async (_when, config, options) => {
    const { cwd, run } = openProject();
    await run("snapshot");
    const settings = { url: "app.db", revisions: "revisions", ...config };
    writeFileSync(join(cwd, "skillmeat-migrate.config.json"), JSON.stringify(settings));
    expect((await run("upgrade", "--dry-run", ...options)).stdout).not.toContain("snapshot");
    const { exit, stderr } = await run("upgrade", ...options);
    expect(exit).toBe(0);
    expect(stderr).not.toContain("snapshot");
    expect(stderr).toContain("applied 2 revisions in ");
  });

  test("that is stale is skipped with a warning, and fails check with exit code 3", async () => {
    const { cwd, run } = openProject();
    await run("snapshot");
    const file = join(cwd, "revisions", "001_users_create_users.ts");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n// edited\n`);
    const { exit, stderr } = await run("upgrade");
    expect(exit).toBe(0);
    expect(stderr).toContain(
      'warning SKM_SNAPSHOT_SKIPPED: the snapshot is not used, and the revisions are replayed: revision "001_users" was edited since\n',
    );
    const checked = await run("check", "--json");
    expect(checked.exit).toBe(3);
    expect(JSON.parse(checked.stdout)).toMatchObject({ findings: [{ code: "SKM_CHECK_SNAPSHOT" }] });
  });

  test("belongs to the revisions of the configuration, not to those of --versions", async () => {
    const { cwd, run } = openProject({ snapshot: "snap.json" });
    await run("snapshot");
    const { stderr } = await run("upgrade", "--versions", join(cwd, "revisions"));
    expect(stderr).not.toContain("snapshot");
  });

  test("needs a place where the revisions are no files", async () => {
    const cwd = temporaryDirectory();
    const outcome = await runInProcess(["snapshot"], { cwd });
    expect(outcome).toMatchObject({ exit: 2, stdout: "" });
    expect(outcome.stderr).toContain("error SKM_USAGE: there is no place to write a snapshot to");
  });
});
