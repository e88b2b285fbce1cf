import { describe, expect, test } from "vitest";
import type { Operations, RunEvent } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

type Body = (op: Operations) => void;

function database(script: string): string {
  const path = temporaryPath();
  execute(path, script);
  return path;
}

async function warningsOf(path: string, upgrade: Body, lint?: "warn"): Promise<readonly string[]> {
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent): void => void events.push(event);
  const migrator = migratorFor(path, [{ revision: "one", downRevision: null, upgrade }], { onEvent });
  await migrator.upgrade("head", lint === undefined ? {} : { lint });
  return events.flatMap((event) => (event.kind === "warning" ? [`${event.code}: ${event.message}`] : []));
}

const retype =
  (column: string, type: string): Body =>
  (op) =>
    op.alterColumn("t", column, { type });

/** A table with one row for each value, another type, and what becomes of the values. */
const changed: readonly (readonly [
  values: string,
  from: string,
  to: string,
  after: readonly string[],
  rows: number,
])[] = [
  [
    "('007'), ('7'), ('x'), (' 1 '), (NULL)",
    "TEXT",
    "INTEGER",
    ["integer 7", "integer 7", "text x", "integer 1", "null"],
    2,
  ],
  ["('1.0'), ('1e400'), (x'3031')", "BLOB", "NUMERIC", ["integer 1", "real Inf", "blob 01"], 2],
  [
    "(9007199254740993), (5), (-9007199254740993)",
    "INTEGER",
    "REAL",
    ["real 9007199254740992.0", "real 5.0", "real -9007199254740992.0"],
    2,
  ],
  ["(9223372036854775807)", "INTEGER", "REAL", ["real 9.2233720368547758e+18"], 1],
  ["('12345678901234567890')", "TEXT", "REAL", ["real 1.2345678901234567e+19"], 1],
  ["(1), ('x'), (NULL), (x'00')", "BLOB", "ANY", ["integer 1", "text x", "null", "blob \0"], 0],
  ["('7'), ('x')", "TEXT", "VARCHAR (9)", ["text 7", "text x"], 0],
  ["(1.0), (1.5)", "REAL", "INTEGER", ["integer 1", "real 1.5"], 0],
];

describe("a copy into another type", () => {
  test.each(changed)("of %s, %s to %s, tells of what it changes", async (values, from, to, after, rows) => {
    const path = database(`CREATE TABLE t (a ${from}); INSERT INTO t VALUES ${values}`);
    const warnings = await warningsOf(path, retype("a", to));
    expect(warnings).toHaveLength(rows === 0 ? 0 : 1);
    if (rows > 0) expect(warnings[0]).toMatch(new RegExp(`^SKM_LINT_TYPE: in ${rows} rows?, "t\\.a" `, "u"));
    const found = readRows(
      path,
      "SELECT typeof(a) || coalesce(' ' || CAST(a AS TEXT), '') FROM t ORDER BY rowid",
    );
    expect(found.flat()).toEqual(after);
  });

  test("tells once where warnings were asked for", async () => {
    const path = database("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('007')");
    expect(await warningsOf(path, retype("a", "INT"), "warn")).toHaveLength(1);
  });

  test("tells nothing of a generated column", async () => {
    const path = database("CREATE TABLE t (x, a TEXT AS (x)); INSERT INTO t VALUES ('007')");
    expect(await warningsOf(path, retype("a", "INTEGER"))).toEqual([]);
  });

  test("tells of a definition that is given, too", async () => {
    const path = database("CREATE TABLE t (a TEXT, b); INSERT INTO t VALUES ('007', '08')");
    const columns = [
      { name: "b", type: "INT" },
      { name: "a", type: "INT" },
    ];
    const take: Body = (op) => op.batchAlterTable("t", { copyFrom: { name: "t", columns } }, () => undefined);
    expect((await warningsOf(path, take)).map((text) => /"t\.."/u.exec(text)?.[0])).toEqual([
      '"t.b"',
      '"t.a"',
    ]);
  });
});

test.each([undefined, "warn"] as const)(
  "values of a column that becomes generated are told of (%s)",
  async (lint) => {
    const path = database("CREATE TABLE t (x, a TEXT); INSERT INTO t VALUES (1, 'kept nowhere'), (2, NULL)");
    const generate: Body = (op) => op.alterColumn("t", "a", { generated: { as: "x + 1" } });
    expect(await warningsOf(path, generate, lint)).toEqual([
      'SKM_LINT_TYPE: in 1 row, "t.a" has a value, which the expression of the generated column replaces',
    ]);
  },
);

describe("a column that becomes the rowid", () => {
  const keys: readonly (readonly [string, string, Body])[] = [
    ["by its type", "CREATE TABLE t (id INT PRIMARY KEY, x)", retype("id", "INTEGER")],
    ["by a key", "CREATE TABLE t (id INTEGER, x)", (op) => op.createPrimaryKey("t", ["id"])],
  ];

  test.each(keys)("%s: a NULL that gets a number is told of", async (_, script, change) => {
    const rows = "INSERT INTO t VALUES (NULL, 'a'), (5, 'b'), (NULL, 'c')";
    const one = database(`${script}; ${rows}`);
    const expected = [
      'SKM_LINT_TYPE: in 2 rows, "t.id" is NULL, and becomes a number as the key of the table',
    ];
    expect(await warningsOf(one, change)).toEqual(expected);
    expect(await warningsOf(database(`${script}; ${rows}`), change, "warn")).toEqual(expected);
    expect(readRows(one, "SELECT x FROM t ORDER BY x").flat()).toEqual(["a", "b", "c"]);
    expect(await warningsOf(database(script), change)).toEqual([]);
  });
});

const fullText = (options = ""): string => `CREATE VIRTUAL TABLE f USING fts5 (x, content='t'${options});
  INSERT INTO f (f) VALUES ('rebuild');`;
const rows = "INSERT INTO t (rowid, x) VALUES (-5, 'minus'), (100, 'hundred'), (7, 'seven');";
const found = "SELECT rowid, x FROM f WHERE f MATCH 'hundred OR minus' ORDER BY rowid";

describe("rowids", () => {
  const kept: readonly (readonly [what: string, table: string, change: Body])[] = [
    [
      "in a new column that is the rowid",
      "(x)",
      (op) => op.addColumn("t", { name: "id", type: "INTEGER", primaryKey: true }),
    ],
    [
      "in a key with a type in lower case",
      "(id integer primary key, x)",
      (op) => op.alterColumn("t", "x", { type: "TEXT" }),
    ],
    ["of a key that is one no more", "(id INTEGER PRIMARY KEY, x)", retype("id", "BIGINT")],
    [
      "of a key that is dropped",
      "(id INTEGER PRIMARY KEY, x)",
      (op) => op.dropConstraint("t", { kind: "primaryKey" }),
    ],
  ];

  test.each(kept)("stay %s, and a full-text index finds its rows", async (_, table, change) => {
    const path = database(`CREATE TABLE t ${table}; ${rows} ${fullText()}`);
    const before = readRows(path, found);
    await warningsOf(path, change);
    expect(readRows(path, found)).toEqual(before);
    expect(readRows(path, "SELECT oid, x FROM t ORDER BY oid")).toEqual([
      [-5, "minus"],
      [7, "seven"],
      [100, "hundred"],
    ]);
  });

  test("a new column with their name has no value", async () => {
    const path = database(`CREATE TABLE t (x); ${rows}`);
    await warningsOf(path, (op) => op.addColumn("t", { name: "rowid", type: "INT", unique: true }));
    expect(readRows(path, "SELECT DISTINCT rowid FROM t")).toEqual([[null]]);
  });

  const lost: readonly (readonly [what: string, table: string, change: Body])[] = [
    [
      "a new column of this name",
      "(id INTEGER PRIMARY KEY, x)",
      (op) => op.batchAlterTable("t", (batch) => batch.addColumn({ name: "ROWID" }, { insertBefore: "x" })),
    ],
    ["a key of another column", "(id INTEGER, x)", (op) => op.createPrimaryKey("t", ["id"])],
    [
      "a table without them",
      "(id INTEGER PRIMARY KEY, x)",
      (op) => op.batchAlterTable("t", { tableArgs: { withoutRowid: true } }, () => undefined),
    ],
  ];

  test.each(lost)(
    "do not become those of %s while a full-text index goes by them",
    async (_, table, change) => {
      const path = database(`CREATE TABLE t ${table}; ${rows} ${fullText()}`);
      const error = await failureOf(warningsOf(path, change));
      expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE", details: { users: ['virtual table "f"'] } });
      const own = database(`CREATE TABLE t ${table}; ${rows} ${fullText(", content_rowid='id'")}`);
      await warningsOf(own, change);
    },
  );
});

test("a table may have the longest name that SQLite takes from us", async () => {
  const name = "n".repeat(1024);
  const path = database(`CREATE TABLE ${name} (a TEXT); INSERT INTO ${name} VALUES ('kept')`);
  await warningsOf(path, (op) => op.alterColumn(name, "a", { default: "x" }));
  expect(readRows(path, `SELECT * FROM ${name}`)).toEqual([["kept"]]);
});
