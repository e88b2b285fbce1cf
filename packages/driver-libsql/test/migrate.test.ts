import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createMigrator, type Migrator, type Revision } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { revisions as cacheRevisions } from "@skillmeat/schema";
import { libsql, type Fetch, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { describeEverywhere, describeWithServer, readValues } from "./support/databases.ts";

/** A parent with cascading children, then a change of the parent that needs a rebuild. */
const revisions: readonly Revision[] = [
  {
    revision: "001_tables",
    downRevision: null,
    upgrade: (op) => {
      op.createTable({
        name: "parent",
        columns: [{ name: "id", type: "INTEGER", primaryKey: true }, { name: "name" }],
      });
      op.createTable({
        name: "child",
        columns: [
          { name: "parent_id", type: "INTEGER", references: { table: "parent", onDelete: "cascade" } },
        ],
      });
      op.createTrigger({ name: "tr", table: "parent", timing: "after", event: "update", body: "SELECT 1" });
      op.bulkInsert("parent", [
        { id: 1, name: "a" },
        { id: 2, name: "b" },
      ]);
      op.bulkInsert("child", [{ parent_id: 1 }, { parent_id: 2 }]);
    },
    downgrade: (op) => {
      op.dropTable("child");
      op.dropTable("parent");
    },
  },
  {
    revision: "002_unique_name",
    downRevision: "001_tables",
    upgrade: (op) => op.createUniqueConstraint("parent", { name: "uq_name", columns: ["name"] }),
    downgrade: (op) => op.dropConstraint("parent", "uq_name"),
  },
];

const schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";

/** Nothing is known from other databases, as in a process that migrates one: see fleet.test.ts. */
function migratorFor(options: LibsqlOptions, given: readonly Revision[] = revisions): Migrator {
  const copies = given.map((revision) => ({ ...revision }));
  const migrator = createMigrator({ driver: libsql(options), revisions: copies });
  onTestFinished(async () => await migrator.close());
  return migrator;
}

/** The schema of the SkillMeat cache as the default driver makes it. */
async function readExpectedCache(): Promise<readonly unknown[]> {
  const directory = mkdtempSync(join(tmpdir(), "skm-libsql-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const driver = betterSqlite3(join(directory, "cache.db"));
  const migrator = createMigrator({ driver, revisions: cacheRevisions });
  await migrator.upgrade();
  await migrator.close();
  const connection = await driver.connect({ readOnly: true });
  const { rows } = await connection.query({ sql: schema });
  await connection.close();
  return rows.flat();
}

describeEverywhere("a migration", (fresh, isRemote) => {
  test("of the SkillMeat cache goes up, down and up again to the schema of the default driver", async () => {
    const expected = await readExpectedCache();
    const database = await fresh();
    const migrator = migratorFor(database, cacheRevisions);
    await migrator.upgrade();
    expect(await readValues(database, schema)).toEqual(expected);
    await migrator.downgrade("base");
    expect(
      await readValues(database, "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'"),
    ).toEqual(["alembic_version"]);
    await migrator.upgrade();
    expect(await readValues(database, schema)).toEqual(expected);
  });

  test("that rebuilds a parent keeps its children and its trigger, up and down", async () => {
    const database = await fresh();
    const migrator = migratorFor(database);
    await migrator.upgrade();
    const state = async () => [
      await readValues(database, "SELECT parent_id FROM child ORDER BY 1"),
      await readValues(database, "SELECT name FROM sqlite_schema WHERE type = 'trigger'"),
    ];
    expect(await state()).toEqual([[1, 2], ["tr"]]);
    expect((await migrator.downgrade("-1")).headsAfter).toEqual(["001_tables"]);
    expect(await state()).toEqual([[1, 2], ["tr"]]);
    expect((await migrator.downgrade("base")).headsAfter).toEqual([]);
    expect(
      await readValues(database, "SELECT name FROM sqlite_schema WHERE name IN ('parent', 'child', 'tr')"),
    ).toEqual([]);
  });

  test("goes on from a revision that has replaced what was applied, for one of several runs", async () => {
    const database = await fresh();
    await migratorFor(database).upgrade();
    const squashed: readonly Revision[] = [
      {
        revision: "003_squashed",
        downRevision: null,
        replaces: ["001_tables", "002_unique_name"],
        upgrade: (op) => op.execute("CREATE TABLE never (a)"),
        downgrade: (op) => {
          op.dropTable("child");
          op.dropTable("parent");
        },
      },
      { revision: "004", downRevision: "003_squashed", upgrade: (op) => op.execute("CREATE TABLE four (a)") },
    ];
    const runs = Array.from({ length: 3 }, async () => await migratorFor(database, squashed).upgrade());
    const steps = (await Promise.all(runs)).flatMap((run) =>
      run.steps.map(({ kind, revision }) => `${kind} ${revision}`),
    );
    expect(steps.toSorted()).toEqual(["stamp 003_squashed", "upgrade 004"]);
    const names = "SELECT name FROM sqlite_schema WHERE name IN ('four', 'never', 'parent') ORDER BY 1";
    expect(await readValues(database, names)).toEqual(["four", "parent"]);
    expect(await readValues(database, "SELECT version_num FROM alembic_version")).toEqual(["004"]);
  });

  test("that fails leaves nothing of its revision", async () => {
    const database = await fresh();
    const failing: Revision = {
      revision: "003",
      downRevision: "002_unique_name",
      upgrade: (op) => {
        op.execute("CREATE TABLE half (a)");
        op.execute("INSERT INTO nowhere VALUES (1)");
      },
    };
    // A file is one transaction for the whole run, a server one for each revision.
    const heads = isRemote ? ["002_unique_name"] : [];
    await expect(migratorFor(database, [...revisions, failing]).upgrade()).rejects.toMatchObject({
      code: "SKM_MIGRATION_FAILED",
      details: { revision: "003", statement: 2, heads },
    });
    expect(await readValues(database, "SELECT name FROM sqlite_schema WHERE name = 'half'")).toEqual([]);
    expect(await migratorFor(database).current()).toEqual(heads);
  });

  test("that asks the database sees what it has changed", async () => {
    const database = await fresh();
    const asking: Revision = {
      revision: "003",
      downRevision: "002_unique_name",
      upgrade: async (op) => {
        op.execute("INSERT INTO parent VALUES (3, 'c')");
        const [row] = await op.query("SELECT max(id) AS newest FROM parent");
        op.execute(`INSERT INTO child VALUES (${String(row?.["newest"])})`);
      },
    };
    await migratorFor(database, [...revisions, asking]).upgrade();
    expect(await readValues(database, "SELECT parent_id FROM child ORDER BY 1")).toEqual([1, 2, 3]);
  });

  test("started several times at once is applied once, and all runs succeed", async () => {
    const database = await fresh();
    const runs = Array.from({ length: 3 }, async () => (await migratorFor(database).upgrade()).headsAfter);
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 3 }, () => ["002_unique_name"]));
    expect(await readValues(database, "SELECT count(*) FROM parent")).toEqual([2]);
  });
});

describeWithServer("the requests of a run", (server) => {
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

  test("are one when there is nothing to do", async () => {
    const { options, bodies } = await counted();
    const migrator = migratorFor(options);
    await migrator.upgrade();
    await migrator.close();
    bodies.length = 0;
    expect((await migratorFor(options).upgrade()).outcome).toBe("nothing-to-do");
    expect(bodies).toEqual([expect.stringContaining("alembic_version")]);
  });

  const long: Revision = {
    revision: "003",
    downRevision: "002_unique_name",
    upgrade: (op) => {
      for (let table = 0; table < 30; table += 1) op.execute(`CREATE TABLE t${table} (a)`);
    },
  };

  test.each<
    [what: string, given: readonly Revision[], target: string, requests: readonly (readonly string[])[]]
  >([
    ["a fresh database", [{ ...long, downRevision: null }], "003", [["peek"], ["unit"]]],
    ["a revision of 30 statements", [...revisions, long], "003", [["peek"], ["unit"]]],
    ["a rebuild", revisions, "002_unique_name", [["peek"], ["tables"], ["unit"]]],
    ["two revisions", [...revisions, long], "003", [["peek"], ["tables"], ["unit"], ["unit"]]],
  ])("are one for each unit, and its read-back, of %s", async (what, given, target, requests) => {
    const { options, bodies } = await counted();
    const before = { "a revision of 30 statements": "002_unique_name", "a fresh database": "base" }[what];
    if (before !== "base") await migratorFor(options).upgrade(before ?? "001_tables");
    bodies.length = 0;
    await migratorFor(options, given).upgrade(target);
    expect(bodies.map(describeRequest)).toEqual(requests);
  });

  test("are further ones where old violations have to be told from new ones", async () => {
    const { options, bodies } = await counted();
    await migratorFor(options).upgrade("001_tables");
    const connection = await libsql(options).connect();
    await connection.unit([{ sql: "INSERT INTO child VALUES (99)" }], { foreignKeys: "suspended" });
    await connection.close();
    bodies.length = 0;
    await migratorFor(options).upgrade();
    expect(bodies.length).toBeGreaterThan(4);
    expect(await readValues(options, "SELECT parent_id FROM child ORDER BY 1")).toEqual([1, 2, 99]);
  });
});

function describeRequest(body: string): readonly string[] {
  return [
    ...(body.includes("no version table") ? ["peek"] : []),
    ...(body.includes("pragma_index_xinfo") ? ["tables"] : []),
    ...(body.includes("BEGIN IMMEDIATE") ? ["unit"] : []),
  ];
}

describeWithServer("tables that change while a revision is prepared", (server) => {
  test("have it refused, and nothing is done", async () => {
    const options = { url: `http://${server().host}`, namespace: await server().createNamespace() };
    await migratorFor(options).upgrade("001_tables");
    let isMeddled = false;
    const meddling: Fetch = async (input, init) => {
      const isUnit = typeof init.body === "string" && init.body.includes("BEGIN IMMEDIATE");
      if (isUnit && !isMeddled) {
        isMeddled = true;
        const other = await libsql(options).connect();
        await other.query({ sql: "ALTER TABLE parent ADD COLUMN late" });
        await other.close();
      }
      return await fetch(input, init);
    };
    const refused = migratorFor({ ...options, fetch: meddling }).upgrade();
    await expect(refused).rejects.toMatchObject({ code: "SKM_VERSION_MOVED" });
    expect(isMeddled).toBe(true);
    expect(await migratorFor(options).current()).toEqual(["001_tables"]);
    await migratorFor(options).upgrade();
    expect(await readValues(options, "SELECT name FROM pragma_table_info('parent')")).toEqual([
      "id",
      "name",
      "late",
    ]);
  });
});
