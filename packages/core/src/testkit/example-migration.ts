import assert from "node:assert/strict";
import { createMigrator, type Migrator, type MigratorOptions } from "../commands/create-migrator.ts";
import type { SqlValue } from "../driver/statement.ts";
import type { Revision } from "../script/revision.ts";
import type { CheckContext } from "./check.ts";
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

/** Tables with rows, a rebuild of a parent with children, a column. */
export const chain: readonly Revision[] = [tables, rebuild, column];
/** Everything that the chain makes, in order. */
export const schema =
  "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'alembic_version' ORDER BY 1, 2";

type Rows = readonly (readonly SqlValue[])[];

/** Runs with a migrator of its own, as one process would. */
export async function migrate<T>(
  { database }: CheckContext,
  options: Omit<MigratorOptions, "driver">,
  work: (migrator: Migrator) => Promise<T>,
): Promise<T> {
  const migrator = createMigrator({ ...options, driver: database.driver });
  try {
    return await work(migrator);
  } finally {
    await migrator.close();
  }
}

export async function readOnce({ database }: CheckContext, sql: string): Promise<Rows> {
  const connection = await database.driver.connect({ readOnly: true });
  try {
    return await readRows(connection, sql);
  } finally {
    await connection.close();
  }
}

/** Applies the whole chain. */
export const upgradeAll = async (context: CheckContext): Promise<unknown> =>
  await migrate(context, { revisions: chain }, async (migrator) => await migrator.upgrade());

/** The rows of the first revision are what every later one must keep. */
export async function assertRowsKept(context: CheckContext): Promise<void> {
  assert.deepEqual(await readOnce(context, "SELECT id, name FROM parent ORDER BY 1"), [
    [1, "a"],
    [2, "b"],
  ]);
  assert.deepEqual(await readOnce(context, "SELECT parent_id FROM child ORDER BY 1"), [[1], [2]]);
}
