import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { TableDefinition } from "@skillmeat/migrate-core";
import { assertTable } from "../../src/schema/assert-table.ts";
import { renderTable } from "../../src/sql/render-table.ts";

const a = { name: "a", type: "INTEGER" };
const b = { name: "b", type: "TEXT" };
const g = { name: "g", generated: { as: "a + 1" } };

/** Every one of these SQLite refuses too, whatever the database holds. */
const refused: readonly [TableDefinition, RegExp][] = [
  [{ name: "t", columns: [] }, /has no columns/u],
  [{ name: "t", columns: [a, { name: "A" }] }, /two columns are named "A"/u],
  [{ name: "t", columns: [{ name: "g", generated: { as: "1" } }] }, /no column that is not generated/u],
  [
    {
      name: "t",
      columns: [
        { ...a, primaryKey: true },
        { ...b, primaryKey: true },
      ],
    },
    /more than one primary key/u,
  ],
  [{ name: "t", columns: [{ ...a, primaryKey: true }], primaryKey: ["a"] }, /more than one primary key/u],
  [{ name: "t", columns: [a], primaryKey: ["x"] }, /primary key names the unknown column "x"/u],
  [{ name: "t", columns: [a], primaryKey: [] }, /primary key has no columns/u],
  [{ name: "t", columns: [a], withoutRowid: true }, /WITHOUT ROWID and has no primary key/u],
  [
    { name: "t", columns: [{ ...a, primaryKey: { autoincrement: true } }], withoutRowid: true },
    /exclude each other/u,
  ],
  [{ name: "t", columns: [{ ...b, primaryKey: { autoincrement: true } }] }, /needs the type INTEGER/u],
  [{ name: "t", columns: [{ ...a, primaryKey: { autoincrement: true, order: "desc" } }] }, /ascending/u],
  [
    { name: "t", columns: [a, b], primaryKey: { columns: ["a", "b"], autoincrement: true } },
    /one INTEGER column/u,
  ],
  [{ name: "t", columns: [b], primaryKey: { columns: ["b"], autoincrement: true } }, /one INTEGER column/u],
  [{ name: "t", columns: [a, { ...g, primaryKey: true }] }, /generated and the primary key/u],
  [{ name: "t", columns: [a, g], primaryKey: ["g"] }, /holds the generated column "g"/u],
  [{ name: "t", columns: [a, { ...g, default: 1 }] }, /generated and has a default/u],
  [{ name: "t", columns: [a], uniques: [["x"]] }, /a unique names the unknown column/u],
  [
    { name: "t", columns: [a], foreignKeys: [{ columns: ["x"], references: { table: "p" } }] },
    /a foreign key names the unknown/u,
  ],
  [
    {
      name: "t",
      columns: [a],
      foreignKeys: [{ columns: ["a"], references: { table: "p", columns: ["x", "y"] } }],
    },
    /has 1 columns and references 2/u,
  ],
  [{ name: "t", columns: [{ name: "a" }], strict: true }, /STRICT and column "a" has no type/u],
  [{ name: "t", columns: [{ name: "a", type: "VARCHAR(3)" }], strict: true }, /has the type "VARCHAR\(3\)"/u],
];

/** SQLite takes these, but they cannot be what the author meant. */
const senseless: readonly [TableDefinition, RegExp][] = [
  [{ name: "t", columns: [{ ...a, nullable: true, notNull: {} }] }, /nullable and has a notNull/u],
  [
    { name: "t", columns: [{ ...b, nullable: true }], primaryKey: ["b"], withoutRowid: true },
    /WITHOUT ROWID and the key column "b" is nullable/u,
  ],
  [
    { name: "t", columns: [{ ...b, nullable: true, primaryKey: true }], strict: true },
    /STRICT and the key column "b" is nullable/u,
  ],
  [{ name: "t", columns: [a, b], uniques: [["a", "A"]] }, /names the column "A" twice/u],
];

describe("assertTable", () => {
  test.each(refused)("%# refuses what SQLite refuses: %j", (table, message) => {
    expect(() => assertTable(table)).toThrow(
      expect.objectContaining({
        code: "SKM_TABLE_DEFINITION",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/^[a-z].*[^.]$/u),
      }),
    );
    expect(() => new Database(":memory:").exec(renderTable(table))).toThrow(Database.SqliteError);
  });

  test.each(senseless)("%# refuses what makes no sense: %j", (table, message) => {
    expect(() => assertTable(table)).toThrow(message);
  });

  test.each<TableDefinition>([
    { name: "t", columns: [{ ...a, primaryKey: { autoincrement: true } }] },
    { name: "t", columns: [a], primaryKey: { columns: ["A"], autoincrement: true } },
    {
      name: "t",
      columns: [b],
      primaryKey: [{ column: "b", collate: "NOCASE", order: "desc" }],
      withoutRowid: true,
    },
    { name: "t", columns: [{ name: "a", type: "any" }, g].map((c) => ({ type: "INT", ...c })), strict: true },
    { name: "t", columns: [{ ...a, nullable: false, notNull: { name: "nn" } }] },
    { name: "t", columns: [{ ...a, nullable: true, primaryKey: true }], strict: true },
    { name: "t", columns: [{ ...b, nullable: true, primaryKey: true }] },
    { name: "t", columns: [{ ...a, primaryKey: false, unique: false }] },
  ])("%# accepts what SQLite accepts: %j", (table) => {
    expect(() => assertTable(table)).not.toThrow();
    new Database(":memory:").exec(renderTable(table));
  });
});
