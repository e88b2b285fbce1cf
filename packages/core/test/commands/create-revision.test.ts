import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createMigrator, type CreateRevisionOptions, type Migrator } from "@skillmeat/migrate-core";
import { makeDirectory, revisionText } from "../script/project.ts";
import { failureOf } from "../support/failure-of.ts";

/** No command of this file may need a database. */
const driver = { name: "none", connect: () => Promise.reject(new Error("there is no database here")) };

const open = (revisions: string | readonly string[], recursive = false): Migrator =>
  createMigrator({ driver, revisions, recursive });

const linear = { "a.ts": revisionText("aaaa", null), "b.ts": revisionText("bbbb", "aaaa") };
const branched = { ...linear, "c.ts": revisionText("cccc", "aaaa", ' branchLabels: "cart",') };
const createDate = new Date("2026-03-04T05:06:07.890Z");

const create = async (
  files: Readonly<Record<string, string>>,
  options: CreateRevisionOptions,
): Promise<readonly [directory: string, created: Awaited<ReturnType<Migrator["createRevision"]>>]> => {
  const directory = makeDirectory(files);
  return [directory, await open(directory).createRevision({ createDate, ...options })];
};

describe("a new revision", () => {
  test("is a file that follows the head, and is known at once", async () => {
    const directory = makeDirectory(linear);
    const migrator = open(directory);
    expect(await migrator.heads()).toEqual(["bbbb"]);
    const created = await migrator.createRevision({ message: "Add users", revision: "dddd", createDate });
    expect(created).toEqual({
      revision: "dddd",
      downRevision: ["bbbb"],
      dependsOn: [],
      minimumReader: [],
      branchLabels: [],
      message: "Add users",
      createDate: "2026-03-04T05:06:07Z",
      path: join(directory, "dddd_add_users.ts"),
    });
    expect(await migrator.heads()).toEqual(["dddd"]);
    expect(readFileSync(created.path, "utf8")).toMatchInlineSnapshot(`
      "import { defineRevision } from "@skillmeat/migrate-core";

      export default defineRevision({
        revision: "dddd",
        downRevision: "bbbb",
        message: "Add users",
        createDate: "2026-03-04T05:06:07Z",

        upgrade(op) {
          // op.createTable(…), op.addColumn(…), op.createIndex(…), op.execute(…), …
        },

        downgrade(op) {
          // Undo what upgrade does. A revision that cannot be undone has no downgrade.
        },
      });
      "
    `);
    expect(readdirSync(directory).toSorted()).toEqual(["a.ts", "b.ts", "dddd_add_users.ts"]);
  });

  test("has an id of 12 hexadecimal digits, a different one each time", async () => {
    const migrator = open(makeDirectory());
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await migrator.createRevision()).revision);
    expect(ids.filter((id) => /^[\da-f]{12}$/.test(id))).toHaveLength(3);
    expect((await migrator.history()).map(({ revision }) => revision)).toEqual(ids.toReversed());
  });

  test.each<[title: string, files: Record<string, string>, options: CreateRevisionOptions, links: object]>([
    ["begins an empty project", {}, {}, { downRevision: [] }],
    ["begins a root of its own", linear, { head: "base" }, { downRevision: [] }],
    ["follows a partial id", branched, { head: "bb" }, { downRevision: ["bbbb"] }],
    ["follows a label", branched, { head: "cart@head" }, { downRevision: ["cccc"] }],
    ["splices", linear, { head: "aaaa", splice: true }, { downRevision: ["aaaa"] }],
    ["merges", branched, { head: "heads" }, { downRevision: ["bbbb", "cccc"] }],
    ["depends on a label", branched, { head: "bb", dependsOn: "cart" }, { dependsOn: ["cart"] }],
    [
      "depends on an id",
      branched,
      { head: "bb", dependsOn: ["cart@head"], branchLabels: ["x", "y"] },
      { dependsOn: ["cccc"], branchLabels: ["x", "y"] },
    ],
  ])("%s", async (_, files, options, links) => {
    const [directory, created] = await create(files, options);
    expect(created).toMatchObject(links);
    const [entry] = await open(directory).show(created.revision);
    expect(entry?.downRevisions).toEqual(created.downRevision);
    expect(entry?.dependsOn).toEqual(created.dependsOn);
  });

  test("keeps any message", async () => {
    const message = 'say """hi""" to `x` ${y} \\ */ -- é\nsecond line';
    for (const format of ["ts", "js", "sql"] as const) {
      const [directory, { path }] = await create({}, { message, format, revision: "aaaa" });
      expect(path).toBe(join(directory, `aaaa_say_hi_to_x_y_é_second_line.${format}`));
      expect((await open(directory).show("aaaa"))[0]?.message).toBe(message);
    }
  });

  test("is written with the project's template and operations", async () => {
    const template =
      'import { {{imports}} } from "x"; // {{message}}\nexport default { {{header}} upgrade(op) { {{upgrade}} }, downgrade() { {{downgrade}} } };\n';
    const [, { path }] = await create(linear, {
      template,
      format: "mjs",
      revision: "dddd",
      message: "a\nb */",
      operations: { upgrade: [{ kind: "dropTable", table: "t" }], downgrade: null },
    });
    const text = readFileSync(path, "utf8");
    expect(text).toContain('import { defineRevision } from "x"; // a b * /\n');
    expect(text).toContain('upgrade(op) { op.dropTable("t"); }, downgrade() {  }');
  });

  test("goes to the directory of its parent, or to the one that is named", async () => {
    const root = makeDirectory({
      "one/a.ts": revisionText("aaaa", null),
      "two/b.ts": revisionText("bbbb", "aaaa"),
    });
    const directories = [join(root, "one"), join(root, "two")];
    const next = await open(directories).createRevision({ revision: "c1" });
    const named = await open(directories).createRevision({ revision: "c2", directory: join(root, "one") });
    expect([next.path, named.path]).toEqual([join(root, "two", "c1.ts"), join(root, "one", "c2.ts")]);
    expect(await failureOf(open(directories).createRevision({ head: "base" }))).toMatchObject({
      code: "SKM_USAGE",
      hint: expect.stringContaining("--version-path"),
    });
    expect(await failureOf(open(directories).createRevision({ directory: root }))).toMatchObject({
      code: "SKM_USAGE",
      message: expect.stringContaining("is not a directory of revision files"),
    });
  });

  test("goes into subdirectories where they are searched", async () => {
    const root = makeDirectory(linear);
    const settings = { fileName: "{year}/{rev}", revision: "cccc", createDate } as const;
    const created = await open(root, true).createRevision(settings);
    expect(created.path).toBe(join(root, "2026", "cccc.ts"));
    expect(await open(root, true).heads()).toEqual(["cccc"]);
    expect(await failureOf(open(root).createRevision({ ...settings, revision: "dddd" }))).toMatchObject({
      code: "SKM_USAGE",
    });
  });
});

describe("nothing is written", () => {
  test.each<[title: string, options: CreateRevisionOptions, code: string]>([
    ["with an id that is taken", { head: "bb", revision: "AAAA" }, "SKM_SCRIPT_DUPLICATE"],
    ["with a label that is taken", { head: "bb", branchLabels: "cart" }, "SKM_GRAPH_DUPLICATE_LABEL"],
    ["with an id that cannot be one", { revision: "a-b" }, "SKM_SCRIPT_ID"],
    ["after a revision that has followers", { head: "aaaa" }, "SKM_GRAPH_NOT_A_HEAD"],
    ["while it is not clear after which one", {}, "SKM_GRAPH_MULTIPLE_HEADS"],
    ["after the same revision twice", { head: ["bbbb", "bb"] }, "SKM_USAGE"],
    ["after a revision that does not exist", { head: "zzzz" }, "SKM_GRAPH_UNKNOWN"],
    ["to what does not exist", { head: "bb", dependsOn: "zzzz" }, "SKM_GRAPH_UNKNOWN"],
  ])("%s", async (_, options, code) => {
    const directory = makeDirectory(branched);
    expect(await failureOf(open(directory).createRevision(options))).toMatchObject({ code });
    expect(readdirSync(directory)).toHaveLength(3);
  });

  test("over a file, whatever is in it", async () => {
    const directory = makeDirectory({ "bbbb.ts": revisionText("aaaa", null) });
    const failure = await failureOf(open(directory).createRevision({ revision: "bbbb" }));
    expect(failure).toMatchObject({ code: "SKM_FILE_EXISTS", exitCode: 9 });
    expect(readFileSync(join(directory, "bbbb.ts"), "utf8")).toBe(revisionText("aaaa", null));
    expect(readdirSync(directory)).toEqual(["bbbb.ts"]);
  });

  test("where it cannot be written", async () => {
    const directory = makeDirectory(linear);
    const failure = await failureOf(
      open(directory).createRevision({ revision: "dddd", fileName: "x".repeat(300) }),
    );
    expect(failure).toMatchObject({
      code: "SKM_SCRIPT_DIR",
      message: expect.stringMatching(/^cannot write ".*": the name is too long$/),
    });
    expect(readdirSync(directory)).toHaveLength(2);
  });

  test("while any revision file is broken; all that are broken are named", async () => {
    const directory = makeDirectory({ ...linear, "x.ts": "nothing", "y.sql": "SELECT 1" });
    const failure = await failureOf(open(directory).createRevision());
    expect(failure.details["problems"]).toHaveLength(2);
    expect(readdirSync(directory)).toHaveLength(4);
  });

  test("for revisions that are objects, or in a directory that is not there", async () => {
    const objects = createMigrator({ driver, revisions: [] });
    expect(await failureOf(objects.createRevision())).toMatchObject({ code: "SKM_USAGE" });
    const missing = join(makeDirectory(), "missing");
    expect(await failureOf(open(missing).createRevision())).toMatchObject({ code: "SKM_SCRIPT_DIR" });
    expect(existsSync(missing)).toBe(false);
  });
});

describe("the file is deleted again", () => {
  test("when what runs on it fails", async () => {
    const directory = makeDirectory(linear);
    const migrator = open(directory);
    let seen = "";
    const afterWrite = (path: string): void => {
      seen = readFileSync(path, "utf8");
      throw new Error("no");
    };
    expect((await failureOf(migrator.createRevision({ afterWrite }))).message).toBe("no");
    expect(seen).toContain("defineRevision");
    expect([readdirSync(directory), await migrator.heads()]).toEqual([["a.ts", "b.ts"], ["bbbb"]]);
  });

  test.each([
    ["broken", "export default {", "SKM_SCRIPT_LOAD"],
    ["another revision", revisionText("eeee", "bbbb"), "SKM_SCRIPT_EXPORT"],
    ["at another place", revisionText("dddd", "aaaa"), "SKM_SCRIPT_EXPORT"],
  ])("when it is %s afterwards", async (_, text, code) => {
    const directory = makeDirectory(linear);
    const afterWrite = (path: string): void => {
      writeFileSync(path, text);
    };
    const failure = await failureOf(
      open(directory).createRevision({ revision: "dddd", format: "mjs", afterWrite }),
    );
    expect(failure).toMatchObject({ code });
    expect(readdirSync(directory)).toHaveLength(2);
  });

  test("when somebody else has taken the id meanwhile", async () => {
    const directory = makeDirectory(linear);
    const afterWrite = (): void => {
      mkdirSync(join(directory, "sub"), { recursive: true });
      writeFileSync(join(directory, "other.ts"), revisionText("dddd", "bbbb"));
    };
    const failure = await failureOf(
      open(directory).createRevision({ revision: "dddd", message: "x", afterWrite }),
    );
    expect(failure).toMatchObject({ code: "SKM_SCRIPT_DUPLICATE" });
    expect(readdirSync(directory).filter((name) => name.endsWith(".ts"))).toEqual([
      "a.ts",
      "b.ts",
      "other.ts",
    ]);
  });
});

test("many who write at the same time do not collide", async () => {
  const directory = makeDirectory(linear);
  const created = await Promise.all(
    Array.from(
      { length: 10 },
      async () => await open(directory).createRevision({ message: "same", createDate }),
    ),
  );
  expect(new Set(created.map(({ path }) => path)).size).toBe(10);
  expect(await open(directory).heads()).toHaveLength(10);
});
