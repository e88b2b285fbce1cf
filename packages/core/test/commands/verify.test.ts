import { describe, expect, test } from "vitest";
import type { Operations, Revision, VerifyFinding, VerifyOptions } from "@skillmeat/migrate-core";
import { testRevisions, type TestRevisionsOptions } from "@skillmeat/migrate-core/testkit";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import { migratorFor, openDriver, temporaryPath } from "../support/temporary-database.ts";

async function findings(
  revisions: readonly Revision[],
  options?: VerifyOptions,
): Promise<readonly VerifyFinding[]> {
  return (await migratorFor(temporaryPath(), revisions).verify(options)).findings;
}

const brief = (found: readonly VerifyFinding[]): readonly string[] =>
  found.map(({ severity, kind, revision: id, way }) => `${severity} ${kind} ${id} ${way}`);

/** A parent with everything that sample rows have to guess, and a child. */
const base = revision("first", null, {
  upgrade: (op) => {
    op.executeScript(`CREATE TABLE parent (id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('on', 'off')), at TIMESTAMP NOT NULL, note TEXT);
      CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES parent (id) ON DELETE CASCADE, flag BOOLEAN NOT NULL CHECK (flag IN (0, 1)))`);
  },
  downgrade: (op) => {
    op.dropTable("child");
    op.dropTable("parent");
  },
});
const next = (
  upgrade: (op: Operations) => void,
  downgrade: (op: Operations) => void,
): readonly Revision[] => [base, revision("next", "first", { upgrade, downgrade })];
const nothing = (): void => undefined;

describe("sound revisions", () => {
  test("have no findings", async () => {
    const result = await migratorFor(temporaryPath(), chain()).verify();
    expect(result).toEqual({ isSound: true, revisions: ["a", "b", "c"], findings: [] });
  });

  test("may branch, merge and depend", async () => {
    const branched = [
      revision("a", null),
      revision("b", "a"),
      revision("c", "a"),
      revision("d", ["b", "c"]),
      revision("x", null, { dependsOn: "b" }),
    ];
    expect(await findings(branched)).toEqual([]);
  });

  test("may rebuild a parent with rows, rename and come back", async () => {
    const rebuilt = next(
      (op) => {
        op.alterColumn("parent", "note", { default: "x" });
        op.renameTable("child", "kid");
        op.renameColumn("parent", "note", "remark");
      },
      (op) => {
        op.renameColumn("parent", "remark", "note");
        op.renameTable("kid", "child");
        op.alterColumn("parent", "note", { default: null });
      },
    );
    expect(await findings(rebuilt)).toEqual([]);
  });

  test("may be none", async () => {
    expect(await findings([])).toEqual([]);
  });
});

describe("planted faults", () => {
  const create = (op: Operations): void => op.execute("CREATE TABLE more (x)");
  test.each<[string, readonly Revision[], readonly string[]]>([
    [
      "a table that downgrade forgets",
      next(create, nothing),
      ["error schema-differs next down", "error failed next up again"],
    ],
    [
      "a table that downgrade makes differently",
      next(
        (op) => op.dropTable("child"),
        (op) => op.execute("CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id TEXT, flag BOOLEAN)"),
      ),
      ["warning data-dropped next up", "error schema-differs next down"],
    ],
    [
      "an index that is gone after going up again",
      next(
        (op) => op.execute("CREATE INDEX IF NOT EXISTS ix ON parent (note)"),
        (op) => op.execute("DROP INDEX ix"),
      ).map((one) => (one.revision === "next" ? { ...one, upgrade: onlyOnce(one) } : one)),
      ["error schema-differs next up again"],
    ],
    [
      "rows that the upgrade deletes",
      next((op) => op.execute("DELETE FROM child WHERE id = 1"), nothing),
      ["error rows-lost next up"],
    ],
    [
      "rows that the downgrade does not copy",
      next(nothing, (op) =>
        op.executeScript(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES parent (id) ON DELETE CASCADE, flag BOOLEAN NOT NULL CHECK (flag IN (0, 1))); DROP TABLE child; ALTER TABLE t RENAME TO child",
        ),
      ),
      ["error rows-lost next down"],
    ],
    ["a downgrade that fails", next(nothing, (op) => op.dropTable("absent")), ["error failed next down"]],
    ["an upgrade that fails", next((op) => op.dropTable("absent"), nothing), ["error failed next up"]],
    [
      "a column that goes with its values",
      next(
        (op) => op.dropColumn("parent", "note"),
        (op) => op.addColumn("parent", { name: "note", type: "TEXT" }),
      ),
      ["warning data-dropped next up"],
    ],
    [
      "a revision that only works without rows",
      next((op) => op.require("SELECT count(*) = 0 FROM parent", "no parents"), nothing),
      ["warning rows-refused next up"],
    ],
    [
      "a foreign key that fits nothing",
      next(
        (op) => op.execute("CREATE TABLE more (x REFERENCES parent (note))"),
        (op) => op.dropTable("more"),
      ),
      ["error unhealthy next up"],
    ],
    [
      "a revision without a way back",
      [base, { revision: "next", downRevision: "first", upgrade: nothing }],
      ["warning irreversible next down"],
    ],
  ])("%s", async (_title, revisions, expected) => {
    expect(brief(await findings(revisions))).toEqual(expected);
  });

  /** Does its work the first time only. */
  function onlyOnce({ upgrade }: Revision): Revision["upgrade"] {
    let calls = 0;
    return (op) => {
      calls += 1;
      // Its body is recorded once more to learn what it renames.
      if (calls <= 2) return upgrade(op);
      return undefined;
    };
  }

  test("the schema that does not come back is named", async () => {
    const [first] = await findings(next(create, nothing));
    expect(first?.lines).toEqual(['drop table "more"']);
    expect(first?.message).toBe(
      'the schema is not what it was before it was applied; to make it so: drop table "more"',
    );
  });

  test("without rows nothing is lost", async () => {
    const losing = next((op) => op.execute("DELETE FROM child"), nothing);
    expect(await findings(losing, { fill: false })).toEqual([]);
    const seed = {
      first: "INSERT INTO parent VALUES ('p', 'on', 'now', ''); INSERT INTO child VALUES (1, 'p', 0)",
    };
    expect(brief(await findings(losing, { fill: false, seed }))).toEqual(["error rows-lost next up"]);
  });

  test("a seed for a revision that does not exist is a mistake of the caller", async () => {
    expect(await failureOf(findings(chain(), { seed: { zzz: "" } }))).toBeInstanceOf(TypeError);
  });
});

describe("testRevisions", () => {
  async function run(options: Omit<TestRevisionsOptions, "test" | "driver">): Promise<readonly string[]> {
    const bodies: (readonly [string, () => Promise<void>])[] = [];
    testRevisions({
      driver: openDriver(":memory:"),
      test: (title, body) => bodies.push([title, body]),
      ...options,
    });
    const results: string[] = [];
    for (const [title, body] of bodies) {
      const message = await body().then(
        () => "ok",
        (error: Error) => error.message,
      );
      results.push(`${title}: ${message}`);
    }
    return results;
  }
  const dropping = next(
    (op) => op.dropColumn("parent", "note"),
    (op) => op.addColumn("parent", { name: "note", type: "TEXT" }),
  );

  test("passes where there are no errors", async () => {
    expect(await run({ revisions: dropping })).toEqual(["every revision goes up, down and up again: ok"]);
  });

  test("fails at errors, and at warnings where it is strict", async () => {
    expect(await run({ revisions: next(nothing, (op) => op.dropTable("child")) })).toEqual([
      expect.stringContaining('revision "next", going down: schema-differs: '),
    ]);
    const strict = { revisions: dropping, strict: true };
    expect(await run(strict)).toEqual([expect.stringContaining('"next", going up: data-dropped: ')]);
    expect(await run({ ...strict, accept: ({ kind }) => kind === "data-dropped" })).toEqual([
      "every revision goes up, down and up again: ok",
    ]);
  });

  test("compares with the declared schema", async () => {
    const schema = { tables: [{ name: "a", columns: [{ name: "id", type: "INTEGER", primaryKey: true }] }] };
    expect(await run({ revisions: [revision("a", null)], schema })).toEqual([
      "every revision goes up, down and up again: ok",
      "the revisions make the declared schema: ok",
    ]);
    expect((await run({ revisions: chain(), schema }))[1]).toContain(
      'to make it so: drop table "c"; drop table "b"',
    );
  });
});
