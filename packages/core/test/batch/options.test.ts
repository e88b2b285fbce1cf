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
  [
    "insertBefore of alterColumn",
    (op) => op.batchAlterTable("t", (batch) => batch.alterColumn("c", {}, { insertBefore: "b" })),
    ["a", "c", "b"],
  ],
  [
    "insertAfter of alterColumn",
    (op) => op.alterColumn("t", "a", { type: "INTEGER" }, { insertAfter: "c" }),
    ["b", "c", "a"],
  ],
  [
    "a place by a name that the batch gave",
    (op) =>
      op.batchAlterTable("t", (batch) => {
        batch.renameColumn("c", "z");
        batch.alterColumn("a", {}, { insertAfter: "z" });
        batch.renameColumn("z", "c");
      }),
    ["b", "c", "a"],
  ],
  [
    "insertAfter of op.addColumn",
    (op) => op.addColumn("t", { name: "n" }, { insertAfter: "a" }),
    ["a", "n", "b", "c"],
  ],
])("%s puts columns where it says and keeps their values", async (_, upgrade, expected) => {
  const { path, done } = migrate(upgrade);
  await done;
  expect(columns(path)).toEqual(expected);
  expect(readRows(path, "SELECT a, b, c FROM t")).toEqual([[1, "x", "y"]]);
  expect(readRows(path, "SELECT name FROM pragma_index_list('t') WHERE origin = 'c'")).toEqual([["ix_c"]]);
});

test("a column that stands in its place already is not moved", async () => {
  const path = temporaryPath();
  execute(path, schema);
  const statements: string[] = [];
  const upgrade = (op: Operations) => {
    op.alterColumn("t", "b", {}, { insertAfter: "a" });
    op.alterColumn("t", "b", {}, { insertBefore: "c" });
  };
  await migratorFor(path, [{ revision: "one", downRevision: null, upgrade }], {
    onEvent: (event) => {
      if (event.kind === "statement") statements.push(event.sql);
    },
  }).upgrade();
  expect(statements).toEqual([]);
});

test.each<readonly [string, (op: Operations) => void]>([
  ["op.addColumn", (op) => op.addColumn("t", { name: "A" }, { ifNotExists: true })],
  ["op.dropColumn", (op) => op.dropColumn("t", "z", { ifExists: true })],
  ["op.dropConstraint", (op) => op.dropConstraint("t", "ck", { ifExists: true })],
  [
    "a batch",
    (op) =>
      op.batchAlterTable("t", (batch) => {
        batch.addColumn({ name: "b" }, { ifNotExists: true });
        batch.dropColumn("z", { ifExists: true });
        batch.dropConstraint({ kind: "check", expression: "a > 0" }, { ifExists: true });
        batch.dropIndex("ix_z", { ifExists: true });
        batch.createIndex({ name: "ix_c", columns: ["a"] }, { ifNotExists: true });
      }),
  ],
])("%s does nothing about what is there, or is not there, where it is told so", async (_, upgrade) => {
  const { path, done } = migrate(upgrade);
  const before = readRows(path, "SELECT sql FROM sqlite_schema WHERE tbl_name = 't'");
  await done;
  expect(readRows(path, "SELECT sql FROM sqlite_schema WHERE tbl_name = 't'")).toEqual(before);
});

test.each<readonly [string, (op: Operations) => void, string]>([
  ["addColumn", (op) => op.addColumn("t", { name: "n" }, { ifNotExists: true }), "a,b,c,n"],
  ["dropColumn", (op) => op.dropColumn("t", "a", { ifExists: true }), "b,c"],
])("%s with ifExists or ifNotExists does its work where there is some", async (_, upgrade, expected) => {
  const { path, done } = migrate(upgrade);
  await done;
  expect(columns(path)).toEqual(expected.split(","));
});

test("tableArgs adds constraints, STRICT and WITHOUT ROWID in the same rebuild as the changes", async () => {
  const { path, done } = migrate((op) =>
    op.batchAlterTable(
      "t",
      {
        tableArgs: {
          primaryKey: { name: "pk_t", columns: ["a"] },
          uniques: [["c"]],
          checks: [{ name: "ck_d", expression: "d <> ''" }],
          foreignKeys: [{ columns: ["b"], references: { table: "t", columns: ["b"] } }],
          strict: true,
          withoutRowid: true,
        },
      },
      (batch) => batch.addColumn({ name: "d", type: "TEXT" }),
    ),
  );
  execute(path, "UPDATE t SET b = NULL");
  await done;
  expect(readRows(path, "SELECT sql FROM sqlite_schema WHERE name = 't'")).toEqual([
    [
      'CREATE TABLE "t" (a INT, b TEXT UNIQUE, c TEXT, d TEXT, CONSTRAINT pk_t PRIMARY KEY (a), UNIQUE (c), ' +
        "CONSTRAINT ck_d CHECK (d <> ''), FOREIGN KEY (b) REFERENCES t (b)) WITHOUT ROWID, STRICT",
    ],
  ]);
  expect(readRows(path, "SELECT * FROM t")).toEqual([[1, null, "y", null]]);
});

test("tableArgs takes STRICT and WITHOUT ROWID away, and leaves the comments", async () => {
  const path = temporaryPath();
  execute(
    path,
    "CREATE TABLE s (a TEXT PRIMARY KEY) STRICT, /* one */ WITHOUT ROWID /* two */; INSERT INTO s VALUES ('x')",
  );
  const revisions = [true, false].map((strict, index) => ({
    revision: `r${index}`,
    downRevision: index === 0 ? null : "r0",
    upgrade: (op: Operations) =>
      op.batchAlterTable("s", { tableArgs: { strict, withoutRowid: false } }, () => undefined),
  }));
  const migrator = migratorFor(path, revisions);
  const text = () => readRows(path, "SELECT sql FROM sqlite_schema WHERE name = 's'")[0]?.[0];
  await migrator.upgrade("r0");
  expect(text()).toBe('CREATE TABLE "s" (a TEXT PRIMARY KEY) STRICT /* two */');
  await migrator.upgrade();
  // SQLite itself keeps no comment that follows the parenthesis.
  expect(text()).toBe('CREATE TABLE "s" (a TEXT PRIMARY KEY)');
  expect(readRows(path, "SELECT * FROM s")).toEqual([["x"]]);
});

test.each([
  ["a column without a type that STRICT takes", "CREATE TABLE s (a VARCHAR(9))", { strict: true }],
  ["no primary key", "CREATE TABLE s (a INT)", { withoutRowid: true }],
  ["AUTOINCREMENT", "CREATE TABLE s (a INTEGER PRIMARY KEY AUTOINCREMENT)", { withoutRowid: true }],
])("tableArgs refuses %s", async (_, table, tableArgs) => {
  const path = temporaryPath();
  execute(path, table);
  const upgrade = (op: Operations) => op.batchAlterTable("s", { tableArgs }, () => undefined);
  const failure = await failureOf(
    migratorFor(path, [{ revision: "one", downRevision: null, upgrade }]).upgrade(),
  );
  expect(failure).toMatchObject({ code: "SKM_TABLE_DEFINITION" });
});

test("a value that a STRICT table does not take fails, and nothing has changed", async () => {
  const { path, done } = migrate((op) => {
    op.execute("UPDATE t SET a = 'word'");
    op.batchAlterTable("t", { tableArgs: { strict: true } }, () => undefined);
  });
  expect(await failureOf(done)).toMatchObject({ code: "SKM_MIGRATION_FAILED" });
  expect(readRows(path, "SELECT a FROM t")).toEqual([[1]]);
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
