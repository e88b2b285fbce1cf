import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runChild } from "./support/run-child.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";
import { writeTree } from "./support/write-tree.ts";

const temporaryDirectory = temporaryDirectories();

const revision = (id: string, down: string, more: readonly string[] = []): string =>
  [
    `-- revision: ${id}`,
    `-- downRevision: ${down}`,
    ...more.map((line) => `-- ${line}`),
    "",
    "-- upgrade",
    `CREATE TABLE t_${id} (x);`,
    "",
    "-- downgrade",
    `DROP TABLE t_${id};`,
    "",
  ].join("\n");

/** `002` and `003` may be opened by programs that know `001`; `004` may not be by any before it. */
const files: Readonly<Record<string, string>> = {
  "revisions/001.sql": revision("001", "base"),
  "revisions/002.sql": revision("002", "001", ["minimumReader: 001"]),
  "revisions/003.sql": revision("003", "002", ["minimumReader: 001"]),
  "revisions/004.sql": revision("004", "003"),
};

const release = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).slice(0, count));

/** A database of the new release in the project of the old one. */
async function makeProject(old: number, current: number, config: object = {}) {
  const cwd = temporaryDirectory();
  const text = JSON.stringify({ url: "app.db", revisions: "revisions", ...config });
  writeFileSync(join(cwd, "skillmeat-migrate.config.json"), text);
  const run = async (...argv: readonly string[]) => await runInProcess(argv, { cwd });
  writeTree(cwd, release(current));
  expect((await run("upgrade")).exit).toBe(0);
  writeTree(cwd, release(old));
  return { cwd, run, bytes: () => readFileSync(join(cwd, "app.db")).toString("hex") };
}

describe("a newer database that the revisions may open", () => {
  test("is accepted with --allow-newer, and not written to", async () => {
    const { run, bytes } = await makeProject(1, 3);
    const before = bytes();
    const accepted = await run("upgrade", "--allow-newer");
    expect(accepted).toMatchObject({ exit: 0, stdout: "" });
    expect(accepted.stderr).toContain(
      "nothing to do; the database is at 003, newer than the revision files, which may open it",
    );
    const document: unknown = JSON.parse((await run("upgrade", "--allow-newer", "--json", "-q")).stdout);
    expect(document).toMatchObject({
      outcome: "newer",
      headsBefore: ["003"],
      headsAfter: ["003"],
      steps: [],
    });
    expect(bytes()).toBe(before);
  });

  test("is accepted where the configuration says so", async () => {
    const { run } = await makeProject(1, 3, { newer: "allow" });
    expect((await run("upgrade")).exit).toBe(0);
    expect((await run("downgrade", "base", "--yes")).exit).toBe(11);
  });

  test("is refused with an exit code of its own without", async () => {
    const { run, bytes } = await makeProject(1, 3);
    const before = bytes();
    const refused = await run("upgrade");
    expect(refused.exit).toBe(11);
    expect(refused.stderr).toContain(
      'error SKM_DATABASE_NEWER: the database is at revision "003", newer than the revision files; they may open it, but not change it\nhint: ',
    );
    expect(refused.stderr).toContain("--allow-newer");
    expect(bytes()).toBe(before);
  });

  test("is shown by current", async () => {
    const { run } = await makeProject(1, 3);
    const current = await run("current");
    expect(current).toMatchObject({ exit: 0, stdout: "003 (newer)\n" });
    expect(current.stderr).toContain("newer than the revision files, which may open it and not change it");
    expect(JSON.parse((await run("current", "--json", "-q")).stdout)).toMatchObject({
      heads: ["003"],
      newer: ["003"],
      revisions: [],
    });
    expect((await run("current", "--check-heads")).exit).toBe(3);
  });

  test.each([
    ["downgrade", "-1"],
    ["downgrade", "base", "--yes"],
    ["stamp", "001"],
    ["upgrade", "+1", "--allow-newer"],
    ["upgrade", "--dry-run"],
    ["rehearse"],
    ["diff", "--from", "current"],
    ["upgrade", "current:head", "--sql"],
    ["history", "-r", "current:"],
    ["show", "current"],
  ])("is refused by all others: %s %s", async (...argv) => {
    const { run } = await makeProject(1, 3);
    const { exit, stderr } = await run(...argv);
    expect(exit).toBe(11);
    expect(stderr).toContain("SKM_DATABASE_NEWER");
  });

  test("is told by history -i, and an empty plan", async () => {
    const { run } = await makeProject(1, 3);
    const history = await run("history", "-i");
    expect(history).toMatchObject({ exit: 0, stdout: "<base> -> 001 (head)\n" });
    expect(history.stderr).toContain("at 003, newer than the revision files");
    const plan = await run("upgrade", "--dry-run", "--allow-newer");
    expect(plan.exit).toBe(0);
    expect(plan.stderr).toContain("nothing to do, at 003");
  });

  test("is a finding of check", async () => {
    const { run } = await makeProject(1, 3);
    const { exit, stderr } = await run("check");
    expect(exit).toBe(3);
    expect(stderr).toContain("error SKM_CHECK_NEWER: ");
    expect(stderr).not.toContain("SKM_CHECK_DRIFT");
  });
});

describe("a newer database that they may not open", () => {
  test.each([[["upgrade"]], [["upgrade", "--allow-newer"]], [["current"]], [["downgrade", "base"]]])(
    "is refused: %j",
    async (argv) => {
      const { run, bytes } = await makeProject(3, 4);
      const before = bytes();
      const { exit, stderr } = await run(...argv);
      expect(exit).toBe(11);
      expect(stderr).toContain(
        'error SKM_DATABASE_NEWER: the database is at revision "004", newer than the revision files: only code that knows "004" may open it\nhint: update the program',
      );
      expect(bytes()).toBe(before);
    },
  );
});

describe("a new revision", () => {
  test.each([
    ["TypeScript", [], /minimumReader: "001",\n/],
    ["SQL", ["--sql"], /^-- minimumReader: 001$/m],
  ])("in %s says who may open the database", async (_language, options, header) => {
    const { run } = await makeProject(1, 1);
    const written = await run(
      "revision",
      "-m",
      "notes",
      "--rev-id",
      "n1",
      "--minimum-reader",
      "head",
      ...options,
    );
    expect(written.exit).toBe(0);
    expect(readFileSync(written.stdout.trim(), "utf8")).toMatch(header);
    expect((await run("show", "n1")).stdout).toContain("May be opened from: 001");
    const [entry] = (
      JSON.parse((await run("show", "n1", "--json")).stdout) as { revisions: readonly object[] }
    ).revisions;
    expect(entry).toMatchObject({ minimumReader: ["001"] });
  });

  test("is not written where that cannot be", async () => {
    const { run } = await makeProject(4, 4);
    const low = await run("revision", "-m", "notes", "--minimum-reader", "001");
    expect(low).toMatchObject({ exit: 4, stdout: "" });
    expect(low.stderr).toContain("SKM_GRAPH_READER");
    expect((await run("revision", "-m", "notes", "--minimum-reader", "base")).exit).toBe(2);
    expect((await run("heads")).stdout).toBe("004 (head)\n");
  });

  test("that joins branches may name one of each", async () => {
    const { run } = await makeProject(1, 1);
    for (const id of ["l", "r"])
      await run("revision", "-m", id, "--rev-id", id, "--head", "001", "--splice", "--sql");
    const merged = await run("merge", "--minimum-reader", "l", "--minimum-reader", "r", "--rev-id", "m");
    expect(merged.exit).toBe(0);
    expect(readFileSync(merged.stdout.trim(), "utf8")).toContain('minimumReader: ["l", "r"],');
  });
});

describe("processes of two releases that start at once", () => {
  const start = async (cwd: string, revisions: number) => {
    const project = join(cwd, `release-${revisions}`);
    mkdirSync(project, { recursive: true });
    writeTree(project, release(revisions));
    const options = ["--url", join(cwd, "app.db"), "--versions", join(project, "revisions")];
    const command = ["upgrade", "--allow-newer", "--json", "-q", ...options];
    return await runChild(command, { cwd: project });
  };

  test.each([
    [3, [0, 0]],
    [4, [0, 11]],
  ])("to revision %i: all succeed, but those that may not open it", async (newest, oldExits) => {
    const cwd = temporaryDirectory();
    const children = await Promise.all([1, newest, 1, newest].map(async (count) => await start(cwd, count)));
    const outcomes = children.map(({ exit, stdout }) => ({
      exit,
      document: JSON.parse(stdout) as {
        readonly outcome?: string;
        readonly error?: { readonly code: string };
      },
    }));
    for (const { exit, document } of [outcomes[1], outcomes[3]].flatMap((one) => one ?? [])) {
      expect([exit, document.error]).toEqual([0, undefined]);
    }
    for (const { exit, document } of [outcomes[0], outcomes[2]].flatMap((one) => one ?? [])) {
      expect(oldExits).toContain(exit);
      expect(["applied", "nothing-to-do", "newer", "SKM_DATABASE_NEWER"]).toContain(
        document.outcome ?? document.error?.code,
      );
    }
    const late = await start(cwd, 1);
    expect(late.exit).toBe(newest === 3 ? 0 : 11);
    expect((await start(cwd, newest)).exit).toBe(0);
  });
});
