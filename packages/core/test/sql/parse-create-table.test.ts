import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withClause, withType, withoutClause } from "../../src/sql/edit-column.ts";
import {
  addConstraint,
  insertColumn,
  removeColumn,
  removeConstraint,
  reorderColumns,
  replaceColumn,
  withTableName,
} from "../../src/sql/edit-table.ts";
import { parseCreateTable } from "../../src/sql/parse-create-table.ts";
import { printTable } from "../../src/sql/print-table.ts";
import { renderTable } from "../../src/sql/render-table.ts";
import type { ColumnItem, TableText } from "../../src/sql/table-text.ts";
import { readVectorCases } from "../batch/vector-case.ts";
import { tableArbitrary } from "../schema/table-arbitrary.ts";

const odd = [
  `create temp table if not exists "a ""b".[t x] (\`x\` /* , */ "my type" (3 , -4) constraint n not null default -1 -- hey (
 , -- about x
 y generated always as (x+1) stored references p(a) on delete cascade not deferrable, 'z', check(x>1) constraint u unique(x,y desc) on conflict replace ) strict, without rowid`,
  "CREATE TABLE t(a,b,c)",
  "CREATE TABLE t(a REFERENCES p NOT NULL NOT DEFERRABLE, b REFERENCES p UNIQUE DEFERRABLE INITIALLY DEFERRED)",
  "CREATE TABLE t(a INT DEFAULT CURRENT_TIMESTAMP, b DEFAULT (1, (2)), c DEFAULT x'00' NULL ON CONFLICT FAIL)",
  'CREATE TABLE t(generated TEXT, always INT, key key, [group] "select", row row, PRIMARY KEY(key, row COLLATE nocase DESC))',
  "CREATE TABLE naïve(straße TEXT COLLATE \"NOCASE\", 列 AS (straße || '),(') , FOREIGN KEY(列) REFERENCES p MATCH full ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)",
  "CREATE TABLE t(\n  a INTEGER, -- first\n  b TEXT -- last\n)",
  "CREATE TABLE t(a CONSTRAINT x CONSTRAINT y NOT NULL CONSTRAINT z)",
  "CREATE TABLE t(a unsigned big int(10), b double precision, c varchar ( 255 ))",
];

describe("parseCreateTable", () => {
  test.each(odd)("loses no character of %s", (text) => {
    expect(printTable(parseCreateTable(text))).toBe(text);
  });

  test("loses no character of any recorded table", () => {
    const texts = readVectorCases()
      .flatMap((one) => [...one.before, ...(one.expected.reference_ddl ?? [])])
      .filter((text) => /^create\s+table/iu.test(text));
    expect(texts.length).toBeGreaterThan(400);
    for (const text of texts) expect(printTable(parseCreateTable(text))).toBe(text);
  });

  test("loses no character and no column of any table that can be defined", () => {
    fc.assert(
      fc.property(tableArbitrary, (table) => {
        const text = renderTable(table);
        const parsed = parseCreateTable(text);
        expect(printTable(parsed)).toBe(text);
        expect(parsed.name).toBe(table.name);
        expect(parsed.columns.map(({ part }) => part.name)).toEqual(table.columns.map(({ name }) => name));
        expect(parsed.strict).toBe(table.strict === true);
        expect(parsed.withoutRowid).toBe(table.withoutRowid === true);
      }),
    );
  });

  test("tells every clause of a column", () => {
    const { columns } = parseCreateTable(
      `CREATE TABLE t(a "big int" (3) CONSTRAINT n NOT NULL ON CONFLICT IGNORE DEFAULT (1) COLLATE nocase UNIQUE CHECK (a > 0) REFERENCES p(x) ON DELETE CASCADE)`,
    );
    expect(columns[0]?.part).toMatchObject({
      name: "a",
      type: '"big int" (3)',
      clauses: [
        { kind: "notNull", name: "n", onConflict: "ignore" },
        { kind: "default", expression: "(1)" },
        { kind: "collate", collation: "nocase" },
        { kind: "unique", columns: undefined },
        { kind: "check", expression: "a > 0" },
        { kind: "foreignKey", references: { table: "p", columns: ["x"], onDelete: "cascade" } },
      ],
    });
  });

  test.each([
    "CREATE VIEW v AS SELECT 1",
    "CREATE TABLE t AS SELECT 1",
    "CREATE VIRTUAL TABLE f USING fts5(a)",
    "CREATE TABLE t(a TEXT DEFAULT 1 2)",
    "CREATE TABLE t(a TEXT",
    "CREATE TABLE t(a TEXT CHECK (1)",
  ])("refuses %s", (text) => {
    expect(() => parseCreateTable(text)).toThrow(expect.objectContaining({ code: "SKM_SQL_SYNTAX" }));
  });
});

const lines = `CREATE TABLE t (
  a INTEGER PRIMARY KEY, -- the key
  b TEXT NOT NULL DEFAULT 'x', /* b */
  c REAL, -- the last
  CONSTRAINT ck CHECK (b <> ''), -- named
  UNIQUE (b) -- not named
) STRICT`;

function column(table: TableText, index: number): ColumnItem {
  const item = table.columns[index];
  if (item === undefined) throw new RangeError(`no column ${index}`);
  return item;
}

const edits: readonly (readonly [title: string, edit: (table: TableText) => TableText])[] = [
  ["another name", (table) => withTableName(table, "t 2")],
  ["a column at the end", (table) => insertColumn(table, "d BLOB", 3)],
  ["a column at the beginning", (table) => insertColumn(table, "d BLOB", 0)],
  ["no first column", (table) => removeColumn(table, 0)],
  ["no last column", (table) => removeColumn(table, 2)],
  ["another order", (table) => reorderColumns(table, [2, 0, 1])],
  ["one more constraint", (table) => addConstraint(table, "UNIQUE (c)")],
  ["no first constraint", (table) => removeConstraint(table, 0)],
  ["no last constraint", (table) => removeConstraint(table, 1)],
  ["no constraint", (table) => removeConstraint(removeConstraint(table, 1), 0)],
  ["another type", (table) => replaceColumn(table, 1, withType(column(table, 1), "VARCHAR(20)"))],
  ["no type", (table) => replaceColumn(table, 2, withType(column(table, 2), undefined))],
  ["no NOT NULL", (table) => replaceColumn(table, 1, withClause(column(table, 1), "notNull", undefined))],
  [
    "another default",
    (table) => replaceColumn(table, 1, withClause(column(table, 1), "default", "DEFAULT 1")),
  ],
  [
    "a collation",
    (table) => replaceColumn(table, 2, withClause(column(table, 2), "collate", "COLLATE nocase")),
  ],
  [
    "no primary key",
    (table) =>
      replaceColumn(
        table,
        0,
        column(table, 0).part.clauses.reduce((_, clause) => withoutClause(column(table, 0), clause), ""),
      ),
  ],
];

describe("editing a table", () => {
  test.each(edits)("gives %s and leaves the rest", (_title, edit) => {
    const text = printTable(edit(parseCreateTable(lines)));
    expect(text).toMatchSnapshot();
    // What an edit writes can be read again, and nothing is in a comment that was not.
    expect(printTable(parseCreateTable(text))).toBe(text);
  });

  test("keeps a line comment from swallowing what comes after a removed item", () => {
    const table = parseCreateTable("CREATE TABLE t(a INT, -- about a\n b INT)");
    expect(printTable(removeColumn(table, 1))).toBe("CREATE TABLE t(a INT -- about a\n)");
  });
});
