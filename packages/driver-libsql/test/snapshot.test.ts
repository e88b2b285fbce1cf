import { expect, onTestFinished, test } from "vitest";
import { createMigrator, type Migrator, type MigratorOptions, type Revision } from "@skillmeat/migrate-core";
import { libsql, type Fetch, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { describeEverywhere, describeWithServer, readValues } from "./support/databases.ts";

/** Rows that refer to rows of a table that is made later, and a trigger that must not fire for them. */
const revisions: readonly Revision[] = [
  {
    revision: "a",
    downRevision: null,
    upgrade: (op) => {
      op.executeScript(`CREATE TABLE child (x REFERENCES parent (id), noted DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, v REAL);
INSERT INTO parent (id, v) VALUES (1, 0.5), (7, -3), (8, 1e300);
INSERT INTO child (x) VALUES (1), (7);
DELETE FROM parent WHERE id = 8;
CREATE TRIGGER tr AFTER INSERT ON child BEGIN DELETE FROM child; END;
PRAGMA user_version = 5;`);
    },
    downgrade: (op) => {
      op.dropTable("child");
      op.dropTable("parent");
    },
  },
  {
    revision: "b",
    downRevision: "a",
    upgrade: (op) => op.createIndex({ name: "ix", table: "child", columns: ["x"] }),
    downgrade: (op) => op.dropIndex("ix"),
  },
];
const newer: Revision = {
  revision: "c",
  downRevision: "b",
  upgrade: (op) => op.execute("CREATE TABLE last (x)"),
  downgrade: (op) => op.dropTable("last"),
};

let snapshot: Readonly<Record<string, unknown>> | undefined;

async function writeSnapshot(): Promise<Readonly<Record<string, unknown>>> {
  const migrator = migratorFor({ url: ":memory:" }, { revisions });
  return JSON.parse((await migrator.snapshot()).text);
}

function migratorFor(options: LibsqlOptions, more: Partial<MigratorOptions>): Migrator {
  const migrator = createMigrator({ driver: libsql(options), revisions: [...revisions, newer], ...more });
  onTestFinished(async () => await migrator.close());
  return migrator;
}

const questions = [
  "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
  "SELECT x, typeof(x), noted > '2020' FROM child ORDER BY rowid",
  "SELECT id, v, typeof(v) FROM parent",
  "SELECT name, seq FROM sqlite_sequence",
  "SELECT user_version FROM pragma_user_version",
  "SELECT version_num FROM alembic_version",
];

async function look(options: LibsqlOptions): Promise<unknown> {
  const answers: unknown[] = [];
  for (const sql of questions) answers.push(await readValues(options, sql));
  return answers;
}

describeEverywhere("a snapshot", (fresh) => {
  test("makes what its revisions make, and the newer ones follow", { timeout: 30_000 }, async () => {
    snapshot ??= await writeSnapshot();
    const [jumped, replayed] = [await fresh(), await fresh()];
    const { steps } = await migratorFor(jumped, { snapshot }).upgrade();
    expect(steps).toMatchObject([{ revision: "b", snapshot: { revisions: 2 } }, { revision: "c" }]);
    await migratorFor(replayed, {}).upgrade();
    expect(await look(jumped)).toEqual(await look(replayed));
    await migratorFor(jumped, { snapshot }).downgrade("a");
    expect(await readValues(jumped, "SELECT version_num FROM alembic_version")).toEqual(["a"]);
  });

  test("is applied by one of several runs at once", { timeout: 60_000 }, async () => {
    snapshot ??= await writeSnapshot();
    const options = await fresh();
    const given = snapshot;
    const runs = Array.from(
      { length: 3 },
      async () => await migratorFor(options, { snapshot: given }).upgrade(),
    );
    const steps = (await Promise.all(runs)).flatMap((run) => run.steps);
    expect(steps.filter((step) => step.snapshot !== undefined)).toHaveLength(1);
    expect(steps.map(({ revision }) => revision).toSorted()).toEqual(["b", "c"]);
    expect(await readValues(options, "SELECT x FROM child ORDER BY 1")).toEqual([1, 7]);
  });
});

describeWithServer("a snapshot on a server", (server) => {
  /** A database whose requests are counted. */
  async function counted(): Promise<{ readonly options: LibsqlOptions; readonly bodies: string[] }> {
    const bodies: string[] = [];
    const counting: Fetch = async (input, init) => {
      if (typeof init.body === "string") bodies.push(init.body);
      return await fetch(input, init);
    };
    const namespace = await server().createNamespace();
    return { options: { url: `http://${server().host}`, namespace, fetch: counting }, bodies };
  }

  test("is one request, besides the one that reads the version of the first database", async () => {
    const first = await counted();
    // A program remembers revisions by the objects that they are.
    const own = revisions.map((revision) => ({ ...revision }));
    const given = { revisions: own, snapshot: (snapshot ??= await writeSnapshot()) };
    await migratorFor(first.options, given).upgrade();
    expect(first.bodies).toHaveLength(2);
    expect(first.bodies[1]).toContain("the database is not empty");
    expect(first.bodies[1]).toContain("INSERT INTO alembic_version");
    const second = await counted();
    const { steps } = await migratorFor(second.options, given).upgrade();
    expect(steps).toMatchObject([{ snapshot: { revisions: 2 } }]);
    expect(second.bodies).toHaveLength(1);

    const third = await counted();
    const connection = await libsql(third.options).connect();
    await connection.unit([{ sql: "CREATE TABLE other (x)" }]);
    await connection.close();
    const replayed = await migratorFor(third.options, given).upgrade();
    expect(replayed.steps.map((step) => [step.revision, step.snapshot])).toEqual([
      ["a", undefined],
      ["b", undefined],
    ]);
    expect(await readValues(third.options, "SELECT x FROM child ORDER BY 1")).toEqual([1, 7]);
  });

  test.each<[string, (migrator: Migrator) => Promise<unknown>]>([
    ["is planned", async (migrator) => (await migrator.plan()).steps.map(({ step }) => step)],
    [
      "is applied where the loss of data is watched for",
      async (migrator) => (await migrator.upgrade("head", { dataLoss: "refuse" })).steps,
    ],
  ])("%s", async (_what, run) => {
    snapshot ??= await writeSnapshot();
    const { options } = await counted();
    const steps = await run(migratorFor(options, { snapshot, journal: true }));
    expect(steps).toMatchObject([{ snapshot: { revisions: 2 } }, { revision: "c" }]);
  });

  test("is not applied to a database that holds something", async () => {
    snapshot ??= await writeSnapshot();
    const { options } = await counted();
    const connection = await libsql(options).connect();
    await connection.unit([{ sql: "CREATE TABLE other (x)" }]);
    await connection.close();
    const { steps } = await migratorFor(options, { snapshot, journal: true }).upgrade();
    expect(steps.map(({ revision, snapshot: part }) => [revision, part])).toEqual([
      ["a", undefined],
      ["b", undefined],
      ["c", undefined],
    ]);
    expect(await readValues(options, "SELECT direction FROM skillmeat_journal")).toEqual([
      "upgrade",
      "upgrade",
      "upgrade",
    ]);
  });
});
