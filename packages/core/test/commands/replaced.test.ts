import { describe, expect, test } from "vitest";
import type { Revision } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { chain, revision } from "../support/revisions.ts";
import { runShell } from "../support/sqlite-shell.ts";
import {
  execute,
  migratorFor,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

/** Does what a and b did, and c follows it. */
const merged = revision("ab", null, {
  replaces: ["a", "b"],
  upgrade: (op) => {
    for (const name of ["a", "b"])
      op.createTable({ name, columns: [{ name: "id", type: "INTEGER", primaryKey: true }] });
  },
  downgrade: (op) => {
    op.dropTable("b");
    op.dropTable("a");
  },
});
const squashed: readonly Revision[] = [merged, revision("c", "ab")];

/** A database that the old revisions have made, up to one of them. */
async function makeOld(target: string, options = {}): Promise<string> {
  const path = temporaryPath();
  const old = migratorFor(path, chain(), options);
  await old.upgrade(target);
  await old.close();
  execute(path, "INSERT INTO a VALUES (7)");
  return path;
}

const kinds = (steps: readonly { readonly kind: string; readonly revision: string }[]): readonly string[] =>
  steps.map(({ kind, revision: id }) => `${kind} ${id}`);

describe("a database at the last of the replaced revisions", () => {
  test("goes on from the one that replaces them, and keeps its rows", async () => {
    const path = await makeOld("b");
    const result = await migratorFor(path, squashed).upgrade();
    expect(result).toMatchObject({ outcome: "applied", headsBefore: ["b"], headsAfter: ["c"] });
    expect(kinds(result.steps)).toEqual(["stamp ab", "upgrade c"]);
    expect([versions(path), tables(path), readRows(path, "SELECT * FROM a")]).toEqual([
      ["c"],
      ["a", "b", "c"],
      [[7]],
    ]);
  });

  test("has its row written anew where nothing is left to run", async () => {
    const path = await makeOld("b");
    const migrator = migratorFor(path, [merged]);
    const first = await migrator.upgrade();
    expect([first.outcome, kinds(first.steps), versions(path)]).toEqual(["applied", ["stamp ab"], ["ab"]]);
    expect((await migrator.upgrade()).outcome).toBe("nothing-to-do");
    expect(readRows(path, "SELECT * FROM a")).toEqual([[7]]);
  });

  test("is up to date for those who only look, and they write nothing", async () => {
    const path = await makeOld("b", { journal: true });
    const migrator = migratorFor(path, [merged], { journal: true });
    expect(await migrator.check()).toMatchObject({
      upToDate: true,
      heads: ["ab"],
      pending: [],
      findings: [],
    });
    expect(
      (await migrator.describeCurrent()).map(({ revision: id, isCurrent, isHead }) => [
        id,
        isCurrent,
        isHead,
      ]),
    ).toEqual([["ab", true, true]]);
    expect(
      (await migrator.history("current:", { indicateCurrent: true })).map((entry) => entry.isCurrent),
    ).toEqual([true]);
    expect((await migrator.show("current")).map((entry) => entry.replaces)).toEqual([["a", "b"]]);
    expect((await migrator.show("b")).map((entry) => entry.revision)).toEqual(["ab"]);
    expect(await migrator.findEdited()).toEqual([]);
    expect(await migrator.current()).toEqual(["b"]);
    expect(await migrator.adopt({ dryRun: true })).toMatchObject({ outcome: "proven" });
    expect(versions(path)).toEqual(["b"]);
  });

  test("is planned, linted and rehearsed with the row that changes", async () => {
    const path = await makeOld("b");
    const migrator = migratorFor(path, squashed);
    const plan = await migrator.plan();
    expect(plan.steps.map(({ step, statements }) => [step.kind, step.revision, statements.length])).toEqual([
      ["stamp", "ab", 1],
      ["upgrade", "c", 2],
    ]);
    const rehearsal = await migrator.rehearse();
    expect(rehearsal).toMatchObject({ isSound: true, headsBefore: ["b"], headsAfter: ["c"], findings: [] });
    expect(kinds(rehearsal.steps)).toEqual(["upgrade c", "downgrade c"]);
    expect(versions(path)).toEqual(["b"]);
    expect((await migrator.upgrade("head", { lint: "refuse" })).headsAfter).toEqual(["c"]);
  });

  test("goes down through the one that replaces them", async () => {
    const path = await makeOld("b", { journal: true });
    const migrator = migratorFor(path, squashed, { journal: true });
    const result = await migrator.downgrade("-1");
    expect([kinds(result.steps), versions(path), tables(path)]).toEqual([
      ["stamp ab", "downgrade ab"],
      [],
      ["skillmeat_journal"],
    ]);
    expect(
      (await migrator.journal()).slice(2).map((entry) => `${entry.direction} ${entry.revision}`),
    ).toEqual(["stamp ab", "downgrade ab"]);
    expect((await migrator.upgrade("b")).headsAfter).toEqual(["ab"]);
  });

  test("has nothing undone by a downgrade to the old id", async () => {
    const path = await makeOld("b");
    expect(await migratorFor(path, squashed).downgrade("b")).toMatchObject({ outcome: "nothing-to-do" });
    expect(versions(path)).toEqual(["b"]);
  });

  test("is stamped from there", async () => {
    const path = await makeOld("b");
    const result = await migratorFor(path, squashed).stamp("c");
    expect([kinds(result.steps), versions(path)]).toEqual([["stamp ab", "stamp c"], ["c"]]);
  });

  test("is taken on by two runners at once, and only once", async () => {
    for (const target of ["head", "ab"]) {
      const path = await makeOld("b");
      const runs = [0, 1, 2].map(async () => await migratorFor(path, squashed).upgrade(target));
      const results = await Promise.all(runs);
      expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([
        "applied",
        "nothing-to-do",
        "nothing-to-do",
      ]);
      expect(versions(path)).toEqual([target === "head" ? "c" : "ab"]);
    }
  });

  test("goes down although another runner writes the row anew meanwhile", async () => {
    const path = await makeOld("b");
    const down = migratorFor(path, squashed, {
      onEvent: ({ kind }) => {
        if (kind === "run-start")
          execute(path, "UPDATE alembic_version SET version_num = 'ab' WHERE version_num = 'b'");
      },
    });
    const result = await down.downgrade("-1");
    expect([kinds(result.steps), versions(path), tables(path)]).toEqual([["downgrade ab"], [], []]);
  });

  test("takes one guarded unit for each step where there are no transactions", async () => {
    const path = await makeOld("b");
    const migrator = migratorFor(path, squashed, {
      driver: oneBatchDriver(path),
      transactionPer: "revision",
    });
    expect(kinds((await migrator.upgrade()).steps)).toEqual(["stamp ab", "upgrade c"]);
    expect([versions(path), tables(path)]).toEqual([["c"], ["a", "b", "c"]]);
  });

  test.each(["run", "revision"] as const)(
    "has several rows written anew, with a transaction for each %s",
    async (transactionPer) => {
      const path = temporaryPath();
      const old = [revision("l", null), revision("r", null), revision("m", "l", { minimumReader: "l" })];
      await migratorFor(path, old).upgrade("heads");
      const next = [
        revision("lm", null, { replaces: ["l", "m"] }),
        revision("rr", null, { replaces: "r" }),
        revision("n", "lm", { minimumReader: "m" }),
      ];
      const migrator = migratorFor(path, next, { transactionPer });
      expect(kinds((await migrator.upgrade("heads")).steps)).toEqual(["stamp lm", "stamp rr", "upgrade n"]);
      expect(versions(path)).toEqual(["n", "rr"]);
      expect(await migrator.check({ checks: ["pending"] })).toMatchObject({ upToDate: true, findings: [] });
      expect(
        await migratorFor(path, [...old, revision("n", "m", { minimumReader: "m" })]).standing(),
      ).toMatchObject({
        kind: "newer",
        unknown: ["rr"],
      });
    },
  );

  test("keeps the old row when the revision after it fails", async () => {
    const path = await makeOld("b");
    const broken = revision("c", "ab", { upgrade: (op) => op.execute("SELECT * FROM nothing") });
    await failureOf(migratorFor(path, [merged, broken]).upgrade());
    expect(versions(path)).toEqual(["b"]);
  });
});

describe("a database in the middle of the replaced revisions", () => {
  test("is refused by all that would write, which says where it has to be", async () => {
    const path = await makeOld("a");
    const migrator = migratorFor(path, squashed);
    const refused = { code: "SKM_VERSION_REPLACED", exitCode: 9, hint: expect.stringContaining('to "b"') };
    for (const work of [
      migrator.upgrade(),
      migrator.downgrade("base"),
      migrator.stamp("head"),
      migrator.plan(),
      migrator.describeCurrent(),
      migrator.rehearse(),
      migrator.sql("current:head"),
    ])
      expect(await failureOf(work)).toMatchObject(refused);
    expect([versions(path), tables(path)]).toEqual([["a"], ["a"]]);
  });

  test("is a finding of check", async () => {
    const path = await makeOld("a");
    const { upToDate, findings } = await migratorFor(path, squashed).check();
    expect(upToDate).toBe(false);
    expect(findings.map(({ code, hint }) => [code, hint])).toEqual([
      ["SKM_CHECK_UNKNOWN", expect.stringContaining("the release that still has the old files")],
    ]);
  });

  test("goes on with the old files, and comes back", async () => {
    const path = await makeOld("a");
    await migratorFor(path, chain()).upgrade("b");
    expect((await migratorFor(path, squashed).upgrade()).headsAfter).toEqual(["c"]);
  });
});

describe("a script", () => {
  test("begins at the old id with the old row, and writes it anew", async () => {
    const migrator = migratorFor(temporaryPath(), squashed);
    const script = await migrator.sql("b:head");
    expect(script).toContain("-- upgrade from b to c");
    const path = await makeOld("b");
    expect(runShell(path, script, "-bail")).toMatchObject({ exit: 0, stderr: "" });
    expect([versions(path), tables(path), readRows(path, "SELECT * FROM a")]).toEqual([
      ["c"],
      ["a", "b", "c"],
      [[7]],
    ]);
    const other = await makeOld("a");
    expect(runShell(other, script, "-bail").exit).not.toBe(0);
    expect(versions(other)).toEqual(["a"]);
  });

  test.each([
    ["b:ab", "upgrade", ["ab"], ["a", "b"]],
    ["b:base", "downgrade", [], []],
  ] as const)("leads from %s", async (range, kind, rows, left) => {
    const script = await migratorFor(temporaryPath(), squashed).sql(range);
    expect(script).toContain(`-- ${kind} from b to`);
    const path = await makeOld("b");
    expect(runShell(path, script, "-bail")).toMatchObject({ exit: 0, stderr: "" });
    expect([versions(path), tables(path)]).toEqual([rows, left]);
  });

  test("of the live database begins where that is", async () => {
    const path = await makeOld("b");
    const script = await migratorFor(path, squashed).sql("current:head");
    expect(runShell(path, script, "-bail")).toMatchObject({ exit: 0, stderr: "" });
    expect(versions(path)).toEqual(["c"]);
  });
});
