import assert from "node:assert/strict";
import { createMigrator, type Migrator } from "../commands/create-migrator.ts";
import type { SqlValue } from "../driver/statement.ts";
import { isMigrationError } from "../errors/migration-error.ts";
import type { Revision } from "../script/revision.ts";
import { withTransactions, type Check, type CheckContext } from "./check.ts";
import { readRows } from "./read-rows.ts";

const tables: Revision = {
  revision: "001_tables",
  downRevision: null,
  upgrade: (op) => {
    op.createTable({
      name: "parent",
      columns: [{ name: "id", type: "INTEGER", primaryKey: true }, { name: "name" }],
    });
    op.createTable({
      name: "child",
      columns: [{ name: "parent_id", type: "INTEGER", references: { table: "parent", onDelete: "cascade" } }],
    });
    op.createIndex({ name: "ix_child", table: "child", columns: ["parent_id"] });
    op.createTrigger({ name: "tr", table: "parent", timing: "after", event: "update", body: "SELECT 1" });
    op.execute("CREATE VIEW names AS SELECT name FROM parent");
    op.bulkInsert("parent", [
      { id: 1, name: "a" },
      { id: 2, name: "b" },
    ]);
    op.bulkInsert("child", [{ parent_id: 1 }, { parent_id: 2 }]);
  },
  downgrade: (op) => {
    op.execute("DROP VIEW names");
    op.dropTable("child");
    op.dropTable("parent");
  },
};

/** A parent with cascading children is rebuilt on every engine for this. */
const rebuild: Revision = {
  revision: "002_unique_name",
  downRevision: "001_tables",
  upgrade: (op) => op.createUniqueConstraint("parent", { name: "uq_name", columns: ["name"] }),
  downgrade: (op) => op.dropConstraint("parent", "uq_name"),
};

const column: Revision = {
  revision: "003_column",
  downRevision: "002_unique_name",
  upgrade: (op) => op.addColumn("parent", { name: "note", type: "TEXT", nullable: false, default: "" }),
  downgrade: (op) => op.dropColumn("parent", "note"),
};

const chain: readonly Revision[] = [tables, rebuild, column];
const failing: Revision = {
  revision: "004_fails",
  downRevision: "003_column",
  upgrade: (op) => {
    op.execute("CREATE TABLE half (a)");
    op.execute("INSERT INTO nowhere VALUES (1)");
  },
};
const asking: Revision = {
  revision: "004_asks",
  downRevision: "003_column",
  upgrade: async (op) => {
    op.execute("INSERT INTO parent (id, name) VALUES (3, 'c')");
    const [row] = await op.query("SELECT max(id) AS newest FROM parent");
    op.execute(`INSERT INTO child VALUES (${String(row?.["newest"])})`);
  },
};

const schema =
  "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'alembic_version' ORDER BY 1, 2";

type Rows = readonly (readonly SqlValue[])[];

/** Runs with a migrator of its own, as one process would. */
async function migrate<T>(
  { database }: CheckContext,
  revisions: readonly Revision[],
  work: (migrator: Migrator) => Promise<T>,
): Promise<T> {
  const migrator = createMigrator({ driver: database.driver, revisions });
  try {
    return await work(migrator);
  } finally {
    await migrator.close();
  }
}

async function read({ database }: CheckContext, sql: string): Promise<Rows> {
  const connection = await database.driver.connect({ readOnly: true });
  try {
    return await readRows(connection, sql);
  } finally {
    await connection.close();
  }
}

const upgradeAll = async (context: CheckContext): Promise<unknown> =>
  await migrate(context, chain, async (migrator) => await migrator.upgrade());

async function assertRowsKept(context: CheckContext): Promise<void> {
  assert.deepEqual(await read(context, "SELECT id, name FROM parent ORDER BY 1"), [
    [1, "a"],
    [2, "b"],
  ]);
  assert.deepEqual(await read(context, "SELECT parent_id FROM child ORDER BY 1"), [[1], [2]]);
}

export const migrationChecks: readonly Check[] = [
  {
    name: "migration.goes-up-down-and-up-again-to-the-same-schema",
    run: async (context) => {
      await upgradeAll(context);
      const first = await read(context, schema);
      assert.equal(first.length, 5);
      await assertRowsKept(context);
      await migrate(context, chain, async (migrator) => {
        assert.deepEqual((await migrator.downgrade("base")).headsAfter, []);
      });
      assert.deepEqual(await read(context, schema), []);
      await upgradeAll(context);
      assert.deepEqual(await read(context, schema), first);
    },
  },
  {
    name: "migration.one-by-one-ends-like-all-at-once",
    run: async (context) => {
      await upgradeAll(context);
      const wanted = await read(context, schema);
      await migrate(context, chain, async (migrator) => {
        for (const heads of [["002_unique_name"], ["001_tables"], []]) {
          assert.deepEqual((await migrator.downgrade("-1")).headsAfter, heads);
        }
        for (const { revision } of chain) {
          assert.deepEqual((await migrator.upgrade("+1")).headsAfter, [revision]);
        }
      });
      assert.deepEqual(await read(context, schema), wanted);
      await assertRowsKept(context);
    },
  },
  {
    name: "migration.a-rebuild-keeps-children-triggers-and-views",
    run: async (context) => {
      await upgradeAll(context);
      for (const target of ["002_unique_name", "001_tables"]) {
        await migrate(context, chain, async (migrator) => await migrator.downgrade(target));
        await assertRowsKept(context);
        assert.deepEqual(
          await read(context, "SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY 1"),
          [["names"], ["tr"]],
        );
      }
    },
  },
  {
    name: "migration.started-several-times-at-once-is-applied-once",
    run: async (context) => {
      const runs = await Promise.all(
        [1, 2, 3].map(
          async () => await migrate(context, chain, async (migrator) => await migrator.upgrade()),
        ),
      );
      assert.deepEqual(
        runs.map(({ headsAfter }) => headsAfter),
        runs.map(() => ["003_column"]),
      );
      await assertRowsKept(context);
    },
  },
  {
    name: "migration.that-fails-leaves-nothing-of-its-revision",
    run: async (context) => {
      await upgradeAll(context);
      await migrate(context, [...chain, failing], async (migrator) => {
        const error: unknown = await migrator.upgrade().catch((reason: unknown) => reason);
        assert.ok(isMigrationError(error), "the run must fail with a MigrationError");
        assert.equal(error.code, "SKM_MIGRATION_FAILED");
        assert.deepEqual(await migrator.current(), ["003_column"]);
      });
      assert.deepEqual(await read(context, "SELECT name FROM sqlite_schema WHERE name = 'half'"), []);
      await assertRowsKept(context);
    },
  },
  {
    name: "migration.that-asks-the-database-sees-what-it-has-changed",
    applies: withTransactions,
    run: async (context) => {
      await migrate(context, [...chain, asking], async (migrator) => await migrator.upgrade());
      assert.deepEqual(await read(context, "SELECT max(parent_id) FROM child"), [[3]]);
    },
  },
];
