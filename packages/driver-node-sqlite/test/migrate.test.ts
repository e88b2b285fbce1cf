import { expect, onTestFinished, test } from "vitest";
import { createMigrator, type Migrator, type Revision } from "@skillmeat/migrate-core";
import { nodeSqlite } from "@skillmeat/migrate-driver-node-sqlite";
import { temporaryDatabase } from "./support/temporary-database.ts";

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

function migratorFor(path: string, given: readonly Revision[] = revisions): Migrator {
  const migrator = createMigrator({ driver: nodeSqlite(path), revisions: given });
  onTestFinished(async () => await migrator.close());
  return migrator;
}

async function read(path: string, sql: string): Promise<readonly unknown[]> {
  const connection = await nodeSqlite(path).connect({ readOnly: true });
  try {
    return (await connection.query({ sql })).rows.flat();
  } finally {
    await connection.close();
  }
}

function freshPath(): string {
  const { files, dispose } = temporaryDatabase();
  onTestFinished(dispose);
  return files.path;
}

test("a rebuilt parent keeps its children and its trigger, up and down", async () => {
  const path = freshPath();
  const migrator = migratorFor(path);
  await migrator.upgrade();
  const state = async () => [
    await read(path, "SELECT parent_id FROM child"),
    await read(path, "SELECT name FROM sqlite_schema WHERE type = 'trigger'"),
  ];
  expect(await state()).toEqual([[1, 2], ["tr"]]);
  expect((await migrator.downgrade("-1")).headsAfter).toEqual(["001_tables"]);
  expect(await state()).toEqual([[1, 2], ["tr"]]);
  expect((await migrator.downgrade("base")).headsAfter).toEqual([]);
  expect(await read(path, "SELECT name FROM sqlite_schema WHERE name IN ('parent', 'child', 'tr')")).toEqual(
    [],
  );
});

test("a revision that fails leaves nothing of the run", async () => {
  const path = freshPath();
  const failing: Revision = {
    revision: "003",
    downRevision: "002_unique_name",
    upgrade: (op) => op.execute("INSERT INTO nowhere VALUES (1)"),
  };
  await expect(migratorFor(path, [...revisions, failing]).upgrade()).rejects.toMatchObject({
    code: "SKM_MIGRATION_FAILED",
    details: { revision: "003", statement: 1, applied: [], heads: [] },
  });
  expect(await read(path, "SELECT count(*) FROM sqlite_schema")).toEqual([0]);
});

test("of several runs at once one applies and the others find nothing to do", async () => {
  const path = freshPath();
  const runs = Array.from({ length: 4 }, async () => (await migratorFor(path).upgrade()).outcome);
  expect((await Promise.all(runs)).toSorted()).toEqual([
    "applied",
    "nothing-to-do",
    "nothing-to-do",
    "nothing-to-do",
  ]);
});
