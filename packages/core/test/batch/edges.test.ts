import { describe, expect, test } from "vitest";
import {
  sql,
  type ColumnDefinition,
  type MigrationError,
  type Operations,
  type RunEvent,
} from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

type Body = (op: Operations) => void | Promise<void>;

function database(script: string): string {
  const path = temporaryPath();
  execute(path, script);
  return path;
}

async function migrate(path: string, upgrade: Body): Promise<readonly string[]> {
  const statements: string[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.kind === "statement") statements.push(event.sql);
  };
  await migratorFor(path, [{ revision: "one", downRevision: null, upgrade }], { onEvent }).upgrade();
  return statements;
}

const refuse = (path: string, upgrade: Body): Promise<MigrationError> => failureOf(migrate(path, upgrade));

describe("a rebuild", () => {
  test("begins to count ids above those of the rows that are there", async () => {
    const path = database(
      "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE t (id INTEGER PRIMARY KEY, c); INSERT INTO t VALUES (1, 'a'), (9, 'b')",
    );
    await migrate(path, (op) => op.alterColumn("t", "id", { autoincrement: true }));
    execute(path, "DELETE FROM t WHERE id = 9; INSERT INTO t (c) VALUES ('c')");
    expect(readRows(path, "SELECT id FROM t ORDER BY id").flat()).toEqual([1, 10]);
  });

  test("takes no name that differs from another one only in case", async () => {
    const path = database("CREATE TABLE T (c INT); INSERT INTO T VALUES (1); CREATE TABLE _new_t (kept)");
    await migrate(path, (op) => op.alterColumn("T", "c", { type: "TEXT" }));
    expect(readRows(path, "SELECT c FROM t")).toEqual([["1"]]);
    expect(readRows(path, "SELECT count(*) FROM _new_t")).toEqual([[0]]);
  });

  test("keeps the samples of ANALYZE", async () => {
    const path = database(`CREATE TABLE t (a, c INT); CREATE INDEX ix ON t (a);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
      INSERT INTO t SELECT i % 7, i FROM n; ANALYZE`);
    const samples = "SELECT tbl, idx, neq, nlt, ndlt FROM sqlite_stat4 ORDER BY 1, 2, 3, 4, 5";
    const before = readRows(path, samples);
    expect(before.length).toBeGreaterThan(0);
    await migrate(path, (op) => op.alterColumn("t", "c", { type: "TEXT" }));
    expect(readRows(path, samples)).toEqual(before);
  });

  const later: readonly (readonly [when: string, before: Body])[] = [
    ["beforehand", () => undefined],
    ["only when the database has been asked", async (op) => void (await op.query("SELECT 1"))],
  ];

  test.each(later)(
    "that adds a reference to the table itself, known %s, keeps all rows",
    async (_when, before) => {
      const path = database(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT); INSERT INTO t VALUES (1, NULL), (2, 1), (3, 2)",
      );
      await migrate(path, async (op) => {
        await before(op);
        const references = { table: "t", columns: ["id"], onDelete: "cascade" } as const;
        op.createForeignKey("t", { columns: ["up"], references });
      });
      expect(readRows(path, "SELECT id, up FROM t")).toEqual([
        [1, null],
        [2, 1],
        [3, 2],
      ]);
    },
  );

  test("counts the rows of every table that refers to it", async () => {
    const path = database(`CREATE TABLE t (id INTEGER PRIMARY KEY, c INT); INSERT INTO t VALUES (1, 1);
      CREATE TABLE one (t REFERENCES t ON DELETE CASCADE); INSERT INTO one VALUES (1), (1);
      CREATE TABLE two (t REFERENCES T (id) ON DELETE SET NULL); INSERT INTO two VALUES (1)`);
    const statements = await migrate(path, (op) => op.alterColumn("t", "c", { type: "TEXT" }));
    const counts = statements.flatMap(
      (one) => /count\(\*\) FROM (\S+)\) <> (\d+)/u.exec(one)?.slice(1) ?? [],
    );
    expect(counts).toEqual(["t", "1", "one", "2", "two", "1"]);
  });

  test("keeps a view that calls the table by a string", async () => {
    const path = database(
      "CREATE TABLE t (c INT); CREATE VIEW v AS SELECT c FROM 't'; INSERT INTO t VALUES (1)",
    );
    await migrate(path, (op) => op.alterColumn("t", "c", { type: "TEXT" }));
    expect(readRows(path, "SELECT c FROM v")).toEqual([["1"]]);
  });

  test("leaves out the last column of a table whose rowids are its key", async () => {
    const path = database(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a, c); INSERT INTO t VALUES (7, 'a', 'c')",
    );
    await migrate(path, (op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => batch.dropColumn("c")),
    );
    expect(readRows(path, "SELECT * FROM t")).toEqual([[7, "a"]]);
  });

  test("takes no column for the rowid that the new table does not have", async () => {
    const path = database(
      "CREATE TABLE t (rowid TEXT, a); INSERT INTO t (oid, rowid, a) VALUES (10, '20', 'a')",
    );
    await migrate(path, (op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => batch.dropColumn("rowid")),
    );
    expect(readRows(path, "SELECT rowid, a FROM t")).toEqual([[10, "a"]]);
  });

  test("keeps rowids beside a descending key", async () => {
    const path = database(
      "CREATE TABLE t (k INTEGER PRIMARY KEY DESC, c INT); INSERT INTO t (rowid, k) VALUES (10, 1), (20, 2)",
    );
    await migrate(path, (op) => op.alterColumn("t", "c", { type: "TEXT" }));
    expect(readRows(path, "SELECT rowid, k FROM t ORDER BY k")).toEqual([
      [10, 1],
      [20, 2],
    ]);
  });

  test("adds a column about one that the same batch renames", async () => {
    const path = database("CREATE TABLE t (a INT, c INT); INSERT INTO t VALUES (1, 2)");
    await migrate(path, (op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => {
        batch.renameColumn("c", "d");
        batch.addColumn({ name: "e", type: "INT", generated: { as: "d * 2" } });
      }),
    );
    expect(readRows(path, "SELECT a, d, e FROM t")).toEqual([[1, 2, 4]]);
  });

  test("replaces NULL by NOT NULL", async () => {
    const path = database("CREATE TABLE t (a, c INT NULL DEFAULT 1)");
    await migrate(path, (op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => batch.alterColumn("c", { nullable: false })),
    );
    expect(readRows(path, "SELECT sql FROM sqlite_schema")).toContainEqual([
      'CREATE TABLE "t" (a, c INT NOT NULL DEFAULT 1)',
    ]);
  });

  test("replaces the primary key", async () => {
    const path = database("CREATE TABLE t (a INT PRIMARY KEY, c INT NOT NULL); INSERT INTO t VALUES (1, 2)");
    await migrate(path, (op) => op.createPrimaryKey("t", ["c"]));
    expect(readRows(path, "SELECT name, pk FROM pragma_table_info('t')")).toEqual([
      ["a", 0],
      ["c", 1],
    ]);
  });

  test("forgets the new name of a column that the same batch drops", async () => {
    const path = database("CREATE TABLE t (a INT, c INT); INSERT INTO t VALUES (1, 2)");
    await migrate(path, (op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => {
        batch.renameColumn("c", "d");
        batch.dropColumn("d");
      }),
    );
    expect(readRows(path, "SELECT * FROM t")).toEqual([[1]]);
  });

  test("cannot give the name of a column away that it renames only afterwards", async () => {
    const path = database("CREATE TABLE t (a INT, c INT)");
    const error = await refuse(path, (op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => {
        batch.renameColumn("c", "d");
        batch.addColumn({ name: "c", type: "TEXT" });
      }),
    );
    expect(error.message).toMatch(/"t\.c": the same batch renames a column of this name/u);
  });
});

test("constraints about a dropped column go with it, and no others", async () => {
  const path = database(
    "CREATE TABLE p (x UNIQUE); CREATE TABLE t (a, c, UNIQUE (c), CHECK (a > 0), FOREIGN KEY (c) REFERENCES p (x), UNIQUE (a))",
  );
  await migrate(path, (op) => op.dropColumn("t", "c"));
  expect(readRows(path, "SELECT sql FROM sqlite_schema WHERE name = 't'")).toEqual([
    ['CREATE TABLE "t" (a, CHECK (a > 0), UNIQUE (a))'],
  ]);
});

test("a column in quotes in a view is noticed before anything runs, because it may become a string", async () => {
  const path = database('CREATE TABLE t (a, c); CREATE VIEW v AS SELECT "C" FROM t');
  const error = await refuse(path, (op) => op.dropColumn("t", "c"));
  expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
  expect(error.message).toMatch(/view "v"/u);
  expect(error.details).not.toHaveProperty("statement");
});

/** Columns that ADD COLUMN refuses while there are rows, and what the rows get. */
const added: readonly (readonly [column: ColumnDefinition, value: RegExp])[] = [
  [{ name: "c", type: "TEXT", default: sql`CURRENT_TIMESTAMP`, nullable: false }, /^\d{4}-\d\d-\d\d /u],
  [{ name: "c", type: "INT", default: sql`(1 + 1)` }, /^2$/u],
  [{ name: "c", type: "INT", default: 7, references: { table: "p", column: "x" } }, /^7$/u],
  [{ name: "c", generated: { as: "a || '!'", stored: true } }, /^a!$/u],
  [{ name: "c", unique: true }, /^null$/u],
];

test.each(added)("a column that ADD COLUMN refuses is added by a rebuild (%#)", async (column, value) => {
  const path = database(
    "CREATE TABLE p (x UNIQUE); INSERT INTO p VALUES (7); CREATE TABLE t (a); INSERT INTO t VALUES ('a')",
  );
  await migrate(path, (op) => op.addColumn("t", column));
  expect(String(readRows(path, "SELECT c FROM t")[0]?.[0])).toMatch(value);
});

const unfit: readonly (readonly [body: Body, message: RegExp, query: string])[] = [
  [
    (op) => op.createCheckConstraint("t", { name: "ck", expression: "c > 1" }),
    /cannot add a check "ck" to table "t": constraint failed/u,
    'SELECT * FROM "t" WHERE NOT (c > 1)',
  ],
  [
    (op) => op.alterColumn("t", "c", { nullable: false }),
    /cannot make column "t\.c" NOT NULL: constraint failed/u,
    'SELECT * FROM "t" WHERE "c" IS NULL',
  ],
];

test.each(unfit)(
  "rows that do not fit are found with the query in the hint (%#)",
  async (body, message, query) => {
    const path = database("CREATE TABLE t (c); INSERT INTO t VALUES (1), (2), (NULL)");
    const error = await refuse(path, body);
    expect(error.message).toMatch(message);
    expect(error.hint).toContain(query.replaceAll('"t"', "t").replaceAll('"c"', "c"));
    expect(readRows(path, query)).toHaveLength(1);
  },
);

/** Tables in which the name of a column also means something else. */
const otherMeanings: readonly (readonly [column: string, table: string])[] = [
  ["nocase", "CREATE TABLE t (a, nocase, CHECK (a COLLATE nocase <> 'x'))"],
  ["abs", "CREATE TABLE t (a, abs, CHECK (abs(a) > 0))"],
  ["t", "CREATE TABLE t (a, t, CHECK (t.a > 0))"],
  ["text", "CREATE TABLE t (a, text, CHECK (CAST(a AS text) <> ''))"],
  ["x", "CREATE TABLE t (a, x, CHECK (a <> 'x'))"],
];

test.each(otherMeanings)(
  "a column called %s can be dropped while a check means something else",
  async (column, table) => {
    const path = database(`${table}; INSERT INTO t VALUES (1, 2)`);
    await migrate(path, (op) =>
      op.batchAlterTable("t", { recreate: "always" }, (batch) => batch.dropColumn(column)),
    );
    expect(readRows(path, "SELECT * FROM t")).toEqual([[1]]);
  },
);

/** What else uses a column, and how the refusal calls it. */
const users: readonly (readonly [script: string, user: RegExp])[] = [
  ["CREATE TABLE t (a, c UNIQUE, up REFERENCES t (c))", /foreign key "up"/u],
  ["CREATE TABLE t (a, c UNIQUE); CREATE TABLE k (x REFERENCES T (C))", /a foreign key of table "k"/u],
  ["CREATE TABLE t (a, c, UNIQUE (a, c))", /unique constraint/u],
  ["CREATE TABLE t (a, c, g AS (c + 1))", /generated column "g"/u],
  ["CREATE TABLE t (a, c); CREATE INDEX ix ON t (a) WHERE c > 0", /index "ix"/u],
];

test.each(users)("a column cannot be dropped: %s", async (script, user) => {
  const error = await refuse(database(script), (op) => op.dropColumn("t", "c"));
  expect(error.code).toBe("SKM_OBJECT_IN_USE");
  expect(error.message).toMatch(user);
});
