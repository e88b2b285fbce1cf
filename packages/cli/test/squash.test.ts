import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";
import { writeTree } from "./support/write-tree.ts";

const temporaryDirectory = temporaryDirectories();

const script = (header: string, upgrade: string, downgrade: string): string =>
  `${header}\n\n-- upgrade\n${upgrade}\n\n-- downgrade\n${downgrade}\n`;

const old: Readonly<Record<string, string>> = {
  "revisions/001.sql": script(
    "-- revision: 001_a\n-- downRevision: base",
    "CREATE TABLE a (x);",
    "DROP TABLE a;",
  ),
  "revisions/002.sql": script(
    "-- revision: 002_b\n-- downRevision: 001_a",
    "CREATE TABLE b (x);",
    "DROP TABLE b;",
  ),
};

const squashed: Readonly<Record<string, string>> = {
  "revisions/002.sql": script(
    "-- revision: 100_ab\n-- downRevision: base\n-- replaces: 001_a, 002_b",
    "CREATE TABLE a (x);\nCREATE TABLE b (x);",
    "DROP TABLE b;\nDROP TABLE a;",
  ),
};

/** A database that the old files have brought to a revision, and then a project with other files. */
async function makeProject(target: string, files: Readonly<Record<string, string>>) {
  const cwd = temporaryDirectory();
  const config = JSON.stringify({ url: "app.db", revisions: "revisions" });
  writeFileSync(join(cwd, "skillmeat-migrate.config.json"), config);
  const run = async (...argv: readonly string[]) => await runInProcess(argv, { cwd });
  writeTree(cwd, old);
  expect((await run("upgrade", target)).exit).toBe(0);
  writeTree(cwd, files);
  return { cwd, run };
}

describe("a database at the last of the replaced revisions", () => {
  test("is at the new one, and is told so", async () => {
    const { run } = await makeProject("002_b", squashed);
    const current = await run("current");
    expect(current).toMatchObject({ exit: 0, stdout: "100_ab (head)\n" });
    expect(current.stderr).toContain("its version table still says 002_b; an upgrade writes it anew");
    expect(JSON.parse((await run("current", "--json")).stdout)).toMatchObject({
      heads: ["100_ab"],
      revisions: [{ revision: "100_ab", replaces: ["001_a", "002_b"], isCurrent: true }],
    });
    expect((await run("current", "--check-heads")).exit).toBe(0);
    expect((await run("check")).exit).toBe(0);
    expect((await run("history", "-i")).stdout).toBe("<base> -> 100_ab (head) (current)\n");
    expect((await run("show", "002_b")).stdout).toContain("Replaces: 001_a, 002_b\n");
  });

  test("is upgraded by its version row alone, once", async () => {
    const { cwd, run } = await makeProject("002_b", squashed);
    const plan = await run("upgrade", "--dry-run");
    expect(plan.stderr).toContain("0 revisions from 002_b to 100_ab; nothing was written");
    expect(plan.stdout).toMatch(/^-- Running stamp_revision 002_b -> 100_ab\n\nUPDATE /);
    const first = await run("upgrade");
    expect(first.exit).toBe(0);
    expect(first.stderr).toContain("Running stamp_revision 002_b -> 100_ab");
    expect(first.stderr).toContain("nothing to run, the version row is written anew; now at 100_ab (head)");
    expect((await run("upgrade")).stderr).toContain("nothing to do, already at 100_ab (head)");
    const database = new Database(join(cwd, "app.db"), { readonly: true });
    expect(database.prepare("SELECT version_num FROM alembic_version").pluck().all()).toEqual(["100_ab"]);
    database.close();
  });
});

test("a database in the middle is told what to do, with exit code 9", async () => {
  const { run } = await makeProject("001_a", squashed);
  for (const command of [["upgrade"], ["downgrade", "base"], ["current"]]) {
    const { exit, stderr } = await run(...command);
    expect([exit, stderr]).toEqual([9, expect.stringContaining("error SKM_VERSION_REPLACED")]);
    expect(stderr).toContain('upgrade it to "002_b" with the release that still has the old files');
  }
  expect((await run("check")).exit).toBe(3);
  expect(await run("upgrade", "001_a")).toMatchObject({
    exit: 4,
    stderr: expect.stringContaining("error SKM_GRAPH_REPLACED"),
  });
});

test("a replaced file that is still there is named, and stands in the way of all that writes", async () => {
  const files = { "revisions/003.sql": squashed["revisions/002.sql"] ?? "" };
  const { run } = await makeProject("002_b", { ...old, ...files });
  const { exit, stderr } = await run("upgrade");
  expect(exit).toBe(4);
  expect(stderr).toContain('revision "100_ab" replaces "001_a", which is still there');
  expect(stderr).toMatch(/001\.sql.*003\.sql/);
});

describe("squash", () => {
  const tables = (name: string): string =>
    `op.createTable({ name: "${name}", columns: [{ name: "id", type: "INTEGER", primaryKey: true }] });`;
  const source = (header: string, upgrade: string, downgrade: string): string =>
    `import { defineRevision } from "@skillmeat/migrate-core";\nexport default defineRevision({ ${header}, upgrade(op) { ${upgrade} }, downgrade(op) { ${downgrade} } });\n`;
  const files = {
    "revisions/001.ts": source('revision: "001", downRevision: null', tables("a"), 'op.dropTable("a");'),
    "revisions/002.ts": source(
      'revision: "002", downRevision: "001"',
      'op.addColumn("a", { name: "b", type: "TEXT" });',
      'op.dropColumn("a", "b");',
    ),
    "revisions/003.ts": source('revision: "003", downRevision: "002"', tables("c"), 'op.dropTable("c");'),
  };

  function makeSources(more: Readonly<Record<string, string>> = {}) {
    const cwd = temporaryDirectory();
    const config = JSON.stringify({ url: "app.db", revisions: "revisions" });
    writeFileSync(join(cwd, "skillmeat-migrate.config.json"), config);
    writeTree(cwd, { ...files, ...more });
    const run = async (...argv: readonly string[]) => await runInProcess(argv, { cwd });
    return { cwd, run, names: () => readdirSync(join(cwd, "revisions")).toSorted() };
  }

  test("writes the new file, removes the old ones, and says so", async () => {
    const { cwd, run, names } = makeSources();
    await run("upgrade", "002");
    const { exit, stdout, stderr } = await run("squash", ":002", "--rev-id", "100", "-m", "begin");
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${join(cwd, "revisions", "100_begin.ts")}\n` });
    expect(stderr.trim().split("\n")).toEqual([
      "tried in memory, up and down again: schema and sample rows are the same",
      `removed ${join("revisions", "001.ts")}`,
      `removed ${join("revisions", "002.ts")}`,
      "new revision 100, after <base>, in the place of 2 revisions",
    ]);
    expect(names()).toEqual(["003.ts", "100_begin.ts"]);
    const upgraded = await run("upgrade");
    expect(upgraded.stderr).toContain("Running stamp_revision 002 -> 100\n");
    expect(upgraded.stderr).toMatch(/applied 1 revision in .*, now at 003 \(head\)/);
    expect((await run("check")).exit).toBe(0);
  });

  test("shows the file and writes nothing in a dry run, also as a document", async () => {
    const { run, names } = makeSources();
    const shown = await run("squash", ":", "--dry-run", "--rev-id", "100");
    expect(shown.stdout).toMatch(/^import { defineRevision } from "@skillmeat\/migrate-core";\n/);
    expect(shown.stdout).toContain('replaces: ["001", "002", "003"],');
    expect(shown.stderr).toContain(`would remove ${join("revisions", "001.ts")}\n`);
    expect(shown.stderr).toContain("nothing was written; it would be revision 100, after <base>");
    const { stdout } = await run("squash", ":", "--dry-run", "--json", "--rev-id", "100");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "squash",
      outcome: "proven",
      revision: "100",
      replaces: ["001", "002", "003"],
      rowsCompared: true,
      operations: ['create table "a" (2 columns)', 'create table "c" (1 column)'],
    });
    expect(names()).toEqual(["001.ts", "002.ts", "003.ts"]);
  });

  test("says which snapshot stands for what is gone, and what to do", async () => {
    const fourth = source('revision: "004", downRevision: "003"', tables("d"), 'op.dropTable("d");');
    const { run } = makeSources({ "revisions/004.ts": fourth });
    const path = join("revisions", "skillmeat-snapshot.json");
    const stale = async (...argv: readonly string[]): Promise<unknown> =>
      (JSON.parse((await run("squash", ...argv, "--json")).stdout) as { readonly staleSnapshot: unknown })
        .staleSnapshot;
    expect(await stale(":", "--dry-run")).toBe(null);
    expect((await run("snapshot", "002")).exit).toBe(0);
    expect(await stale("003:", "--dry-run")).toBe(null);
    expect(await stale(":", "--dry-run")).toEqual({ path: expect.stringContaining(path) as string });
    const { exit, stderr } = await run("squash", ":002", "--rev-id", "100");
    expect(exit).toBe(0);
    expect(stderr).toContain(
      `the snapshot ${path} stands for revisions that are gone, and makes no new database any more: write it anew with \`snapshot\`\n`,
    );
    expect((await run("check", "--only", "snapshot")).exit).toBe(3);
    expect((await run("snapshot")).exit).toBe(0);
    expect((await run("check", "--only", "snapshot")).exit).toBe(0);
    expect(await stale(":", "--dry-run", "--keep-operations")).toEqual({
      path: expect.stringContaining(path) as string,
    });
  });

  test("names tables of which no rows were compared", async () => {
    const narrow = "op.execute(\"CREATE TABLE n (a NOT NULL CHECK (a = 'one'))\");";
    const third = source('revision: "003", downRevision: "002"', narrow, 'op.dropTable("n");');
    const { run } = makeSources({ "revisions/003.ts": third });
    const { stdout, stderr } = await run("squash", ":", "--dry-run", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ rowsCompared: true, tablesWithoutRows: ["n"] });
    expect(stderr).toContain("sample rows are the same; n took none and had none to compare\n");
  });

  test("refuses what it cannot keep, carries it over, or leaves it out and says what", async () => {
    const seed = source('revision: "003", downRevision: "002"', 'op.bulkInsert("a", [{ id: 1 }]);', "");
    const { run, names, cwd } = makeSources({ "revisions/003.ts": seed });
    const refused = await run("squash", "002:003");
    expect(refused.exit).toBe(9);
    expect(refused.stderr).toContain(
      "error SKM_SQUASH_DATA: cannot squash: the revisions do something to rows",
    );
    expect(refused.stderr).toContain('\n  003, upgrade: insert 1 row into "a"\n');
    const both = await run("squash", ":", "--keep-operations", "--drop-data-operations");
    expect(both.exit).toBe(2);
    const taken = await run("squash", ":", "--dry-run");
    expect(taken.stdout).toContain('op.bulkInsert("a", [{ id: 1, b: null }]);');
    expect(taken.stderr).toContain("inserts 1 row that the old revisions leave in a new database\n");
    const dropped = await run("squash", ":", "--drop-data-operations", "--dry-run");
    expect(dropped.stderr).toContain('left out of the upgrade of 003: insert 1 row into "a"\n');
    expect(dropped.stderr).toContain("up and down again: the schema is the same; rows were not compared\n");
    expect(names()).toHaveLength(3);
    expect((await run("squash", "001:003", "--keep-operations", "--archive", "old", "--sql")).exit).toBe(0);
    expect(names()).toEqual([expect.stringMatching(/_squash_001_to_003\.sql$/)]);
    expect(readdirSync(join(cwd, "old"))).toHaveLength(3);
    expect((await run("verify")).exit).toBe(0);
  });

  test("needs a range", async () => {
    const { run } = makeSources();
    expect((await run("squash")).exit).toBe(2);
    expect((await run("squash", "head")).exit).toBe(2);
    expect((await run("squash", "001:001")).exit).toBe(4);
  });
});
