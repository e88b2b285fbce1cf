import { expect, test } from "vitest";
import type { Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

const schema =
  "CREATE TABLE t (a INT, b TEXT UNIQUE, c TEXT); INSERT INTO t VALUES (1, 'x', 'y'); CREATE INDEX ix_c ON t (c);";

function migrate(upgrade: (op: Operations) => void) {
  const path = temporaryPath();
  execute(path, schema);
  const done = migratorFor(path, [{ revision: "one", downRevision: null, upgrade }]).upgrade();
  return { path, done };
}

const columns = (path: string): unknown => readRows(path, "SELECT name FROM pragma_table_info('t')").flat();

test.each<readonly [string, (op: Operations) => void, readonly string[]]>([
  [
    "insertBefore",
    (op) => op.batchAlterTable("t", (batch) => batch.addColumn({ name: "n" }, { insertBefore: "a" })),
    ["n", "a", "b", "c"],
  ],
  [
    "insertAfter",
    (op) => op.batchAlterTable("t", (batch) => batch.addColumn({ name: "n" }, { insertAfter: "b" })),
    ["a", "b", "n", "c"],
  ],
  [
    "partialReordering",
    (op) => op.batchAlterTable("t", { partialReordering: [["c", "b"]] }, () => undefined),
    ["c", "b", "a"],
  ],
])("%s puts columns where it says and keeps their values", async (_, upgrade, expected) => {
  const { path, done } = migrate(upgrade);
  await done;
  expect(columns(path)).toEqual(expected);
  expect(readRows(path, "SELECT a, b, c FROM t")).toEqual([[1, "x", "y"]]);
  expect(readRows(path, "SELECT name FROM pragma_index_list('t') WHERE origin = 'c'")).toEqual([["ix_c"]]);
});

test("namingConvention names a constraint that has none, so that it can be dropped", async () => {
  const { path, done } = migrate((op) =>
    op.batchAlterTable("t", { namingConvention: { uq: "uq_%(table_name)s_%(column_0_name)s" } }, (batch) =>
      batch.dropConstraint("uq_t_b"),
    ),
  );
  await done;
  execute(path, "INSERT INTO t VALUES (2, 'x', 'z')");
});

test.each([
  ["STRICT", { strict: true }, "strict"],
  ["WITHOUT ROWID", { withoutRowid: true, primaryKey: ["a"] }, "wr"],
] as const)("copyFrom makes a table %s", async (_, table, flag) => {
  const { path, done } = migrate((op) =>
    op.batchAlterTable(
      "t",
      {
        copyFrom: {
          name: "t",
          columns: [
            { name: "a", type: "INTEGER" },
            { name: "b", type: "TEXT", unique: true },
            { name: "c", type: "TEXT" },
          ],
          ...table,
        },
      },
      () => undefined,
    ),
  );
  await done;
  expect(readRows(path, `SELECT ${flag} FROM pragma_table_list('t')`)).toEqual([[1]]);
  expect(readRows(path, "SELECT a, b, c FROM t")).toEqual([[1, "x", "y"]]);
});

test('recreate: "never" says which change needs a rebuild', async () => {
  const { path, done } = migrate((op) =>
    op.batchAlterTable("t", { recreate: "never" }, (batch) => batch.alterColumn("a", { type: "REAL" })),
  );
  expect(await failureOf(done)).toMatchObject({ code: "SKM_NEEDS_REBUILD" });
  expect(columns(path)).toEqual(["a", "b", "c"]);
});
