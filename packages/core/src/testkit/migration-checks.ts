import assert from "node:assert/strict";
import { isMigrationError } from "../errors/migration-error.ts";
import type { Revision } from "../script/revision.ts";
import { withTransactions, type Check } from "./check.ts";
import { assertRowsKept, chain, migrate, readOnce, schema, upgradeAll } from "./example-migration.ts";

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

export const migrationChecks: readonly Check[] = [
  {
    name: "migration.goes-up-down-and-up-again-to-the-same-schema",
    run: async (context) => {
      await upgradeAll(context);
      const first = await readOnce(context, schema);
      assert.equal(first.length, 5);
      await assertRowsKept(context);
      await migrate(context, { revisions: chain }, async (migrator) => {
        assert.deepEqual((await migrator.downgrade("base")).headsAfter, []);
      });
      assert.deepEqual(await readOnce(context, schema), []);
      await upgradeAll(context);
      assert.deepEqual(await readOnce(context, schema), first);
    },
  },
  {
    name: "migration.one-by-one-ends-like-all-at-once",
    run: async (context) => {
      await upgradeAll(context);
      const wanted = await readOnce(context, schema);
      await migrate(context, { revisions: chain }, async (migrator) => {
        for (const heads of [["002_unique_name"], ["001_tables"], []]) {
          assert.deepEqual((await migrator.downgrade("-1")).headsAfter, heads);
        }
        for (const { revision } of chain) {
          assert.deepEqual((await migrator.upgrade("+1")).headsAfter, [revision]);
        }
      });
      assert.deepEqual(await readOnce(context, schema), wanted);
      await assertRowsKept(context);
    },
  },
  {
    name: "migration.a-rebuild-keeps-children-triggers-and-views",
    run: async (context) => {
      await upgradeAll(context);
      for (const target of ["002_unique_name", "001_tables"]) {
        await migrate(context, { revisions: chain }, async (migrator) => await migrator.downgrade(target));
        await assertRowsKept(context);
        assert.deepEqual(
          await readOnce(
            context,
            "SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY 1",
          ),
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
          async () =>
            await migrate(context, { revisions: chain }, async (migrator) => await migrator.upgrade()),
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
      await migrate(context, { revisions: [...chain, failing] }, async (migrator) => {
        const error: unknown = await migrator.upgrade().catch((reason: unknown) => reason);
        assert.ok(isMigrationError(error), "the run must fail with a MigrationError");
        assert.equal(error.code, "SKM_MIGRATION_FAILED");
        assert.deepEqual(await migrator.current(), ["003_column"]);
      });
      assert.deepEqual(await readOnce(context, "SELECT name FROM sqlite_schema WHERE name = 'half'"), []);
      await assertRowsKept(context);
    },
  },
  {
    name: "migration.that-asks-the-database-sees-what-it-has-changed",
    applies: withTransactions,
    run: async (context) => {
      await migrate(context, { revisions: [...chain, asking] }, async (migrator) => await migrator.upgrade());
      assert.deepEqual(await readOnce(context, "SELECT max(parent_id) FROM child"), [[3]]);
    },
  },
];
