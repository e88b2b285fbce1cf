import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseCreateTable } from "../../src/sql/parse-create-table.ts";
import { renderTable } from "../../src/sql/render-table.ts";
import { tableDefinitionOf } from "../../src/sql/table-definition-of.ts";
import { tableArbitrary } from "../schema/table-arbitrary.ts";

test("the definition read from a text is written as that text again", () => {
  fc.assert(
    fc.property(tableArbitrary, (table) => {
      const text = renderTable(table);
      expect(renderTable(tableDefinitionOf(parseCreateTable(text)))).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test("everything that a column can say is read", () => {
  const text = `CREATE TABLE t (
    id INTEGER CONSTRAINT pk PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT,
    a VARCHAR(20) CONSTRAINT nn NOT NULL ON CONFLICT IGNORE DEFAULT (1 + 1) COLLATE nocase UNIQUE CHECK (a > 0) CHECK (a < 9),
    b REFERENCES p (x) ON DELETE CASCADE UNIQUE DEFERRABLE INITIALLY DEFERRED,
    c INT AS (a) STORED,
    CONSTRAINT uq UNIQUE (a COLLATE binary DESC, b) ON CONFLICT FAIL,
    FOREIGN KEY (a, b) REFERENCES p ON UPDATE SET NULL
  )`;
  expect(tableDefinitionOf(parseCreateTable(text))).toEqual({
    name: "t",
    columns: [
      {
        name: "id",
        type: "INTEGER",
        nullable: true,
        primaryKey: { name: "pk", autoincrement: true, onConflict: "replace" },
      },
      {
        name: "a",
        type: "VARCHAR(20)",
        notNull: { name: "nn", onConflict: "ignore" },
        default: { kind: "sql", text: "(1 + 1)" },
        collate: "nocase",
        unique: {},
        check: { expression: "a > 0" },
      },
      {
        name: "b",
        unique: {},
        references: { table: "p", column: "x", onDelete: "cascade", deferrable: "initially deferred" },
      },
      { name: "c", type: "INT", generated: { as: "a", stored: true } },
    ],
    uniques: [
      {
        name: "uq",
        columns: [{ column: "a", collate: "binary", order: "desc" }, { column: "b" }],
        onConflict: "fail",
      },
    ],
    checks: [{ expression: "a < 9" }],
    foreignKeys: [{ columns: ["a", "b"], references: { table: "p", onUpdate: "set null" } }],
  });
});

test("comments around an expression are no part of it", () => {
  const text = `CREATE TABLE t (a DEFAULT 1 CHECK ( -- as it
    a /* is */ > 0 -- positive )
  ))`;
  expect(tableDefinitionOf(parseCreateTable(text))).toMatchObject({
    columns: [{ check: { expression: "a /* is */ > 0" } }],
  });
});
