import { describe, expect, test } from "vitest";
import type { CheckName, MigratorOptions, Revision } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import { execute, migratorFor, openDriver, temporaryPath } from "../support/temporary-database.ts";

const declared = {
  sql: ["a", "b", "c"].map((name) => `CREATE TABLE ${name} (id INTEGER PRIMARY KEY)`).join(";\n"),
};

interface Plant {
  readonly revisions?: readonly Revision[];
  readonly options?: Partial<MigratorOptions>;
  /** What the database gets after the upgrade. */
  readonly sql?: string;
  readonly target?: string;
}

async function findCodes(
  { revisions = chain(), options = {}, sql, target = "heads" }: Plant,
  checks?: readonly CheckName[],
): Promise<readonly (readonly [code: string, message: string])[]> {
  const path = temporaryPath();
  const migrator = migratorFor(path, revisions, { schema: declared, ...options });
  await migrator.upgrade(target);
  if (sql !== undefined) execute(path, sql);
  const { findings } = await migrator.check(checks === undefined ? {} : { checks });
  return findings.map(({ code, message }) => [code, message]);
}

describe("check", () => {
  test("finds nothing where all agrees, also through several heads that are planned", async () => {
    expect(await findCodes({})).toEqual([]);
    const revisions = [
      revision("a", null),
      revision("b", "a", { branchLabels: ["left"] }),
      revision("c", "a", { branchLabels: ["right"] }),
      revision("other", null),
    ];
    const schema = { sql: `${declared.sql}; CREATE TABLE other (id INTEGER PRIMARY KEY)` };
    expect(await findCodes({ revisions, options: { schema } })).toEqual([]);
  });

  test.each<[string, Plant, readonly [string, string]]>([
    [
      "a revision that is not applied",
      { target: "b" },
      ["SKM_CHECK_PENDING", "1 revision not applied: c; the database is at b"],
    ],
    [
      "a fork",
      {
        revisions: [revision("a", null), revision("b", "a"), revision("c", "a")],
      },
      ["SKM_CHECK_HEADS", "the revisions have several heads: b, c"],
    ],
    [
      "a table that no revision makes",
      { options: { schema: { sql: `${declared.sql}; CREATE TABLE d (x)` } } },
      [
        "SKM_CHECK_SCHEMA",
        'the revisions do not make the declared schema; what is missing:\n  create table "d" (1 column)',
      ],
    ],
    [
      "an index that somebody made in the database",
      { sql: "CREATE INDEX hot ON a (id) WHERE id > 1" },
      [
        "SKM_CHECK_DRIFT",
        'the database is not what the revisions up to c make; what was done beside them:\n  create index "hot" on "a" (id)',
      ],
    ],
    [
      "a column that somebody dropped",
      {
        revisions: chain({
          upgrade: (op) => {
            op.createTable({ name: "c", columns: [{ name: "id", type: "INTEGER" }, { name: "x" }] });
          },
        }),
        options: { schema: { sql: declared.sql.replace("c (id INTEGER PRIMARY KEY)", "c (id INTEGER, x)") } },
        sql: "ALTER TABLE c DROP COLUMN x",
      },
      [
        "SKM_CHECK_DRIFT",
        'the database is not what the revisions up to c make; what was done beside them:\n  drop column "c.x"',
      ],
    ],
    [
      "a revision that is unknown",
      { sql: "UPDATE alembic_version SET version_num = 'zz'" },
      ["SKM_CHECK_UNKNOWN", 'the database is at revision "zz", which is not among the revision files'],
    ],
  ])("finds %s", async (_title, plant, expected) => {
    expect(await findCodes(plant)).toEqual([expected]);
  });

  test("finds a revision that was edited after it was applied, where a journal is kept", async () => {
    const path = temporaryPath();
    const before = migratorFor(path, chain(), { journal: true });
    await before.upgrade();
    expect((await before.check({ checks: ["edited"] })).findings).toEqual([]);
    await before.close();
    const edited = chain({
      upgrade: (op) => {
        op.execute("CREATE TABLE c (id INTEGER PRIMARY KEY, x)");
      },
    });
    const { findings } = await migratorFor(path, edited).check({ checks: ["edited"] });
    expect(findings).toMatchObject([
      {
        code: "SKM_CHECKSUM",
        details: { revision: "c", path: null },
        message: expect.stringMatching(
          /^revision "c" was edited after it was applied at 20.*: its checksum was [\da-f]{12} and is [\da-f]{12}$/,
        ),
      },
    ]);
  });

  test("reports everything at once", async () => {
    const found = await findCodes({
      target: "a",
      options: { schema: { sql: "CREATE TABLE a (id INTEGER PRIMARY KEY)" } },
      sql: "DROP TABLE a",
    });
    expect(found.map(([code]) => code)).toEqual(["SKM_CHECK_PENDING", "SKM_CHECK_SCHEMA", "SKM_CHECK_DRIFT"]);
  });

  test("looks at what it is told to, without a database where that is possible", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, chain(), { schema: declared });
    expect(await migrator.check({ checks: ["heads", "schema"] })).toMatchObject({ findings: [] });
    expect((await migrator.check({ checks: ["pending"] })).pending).toEqual(["a", "b", "c"]);
    const offline = migratorFor(path, chain(), {
      schema: declared,
      driver: { name: "none", connect: async () => await Promise.reject(new TypeError("no database")) },
      scratch: openDriver(":memory:"),
    });
    expect(await offline.check({ checks: ["schema"] })).toMatchObject({ findings: [], checked: ["schema"] });
  });

  test("leaves out what the migrator is told to leave out", async () => {
    const sql = "CREATE TABLE telemetry_events (x); CREATE INDEX i ON telemetry_events (x)";
    expect(await findCodes({ sql, options: { compare: { exclude: ["telemetry_*"] } } })).toEqual([]);
  });

  test("needs a schema for a check that is asked for", async () => {
    const migrator = migratorFor(temporaryPath(), chain());
    expect((await migrator.check()).checked).toEqual(["pending", "edited", "heads", "drift"]);
    expect(await failureOf(migrator.check({ checks: ["schema"] }))).toMatchObject({
      code: "SKM_SCHEMA_MISSING",
    });
  });

  test("says which revision cannot be replayed", async () => {
    const migrator = migratorFor(
      temporaryPath(),
      chain({
        upgrade: (op) => {
          op.execute("UPDATE missing SET x = 1");
        },
      }),
      { schema: declared },
    );
    expect(await failureOf(migrator.check({ checks: ["schema"] }))).toMatchObject({
      code: "SKM_MIGRATION_FAILED",
      message: expect.stringContaining(
        'cannot replay the revisions in an empty database: upgrade of revision "c" failed',
      ),
    });
  });
});
