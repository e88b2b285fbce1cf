import Database from "better-sqlite3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createOperations, type Operation, type TableDefinition } from "@skillmeat/migrate-core";
import { compileOperation } from "../../src/plan/compile-operation.ts";
import {
  foldName,
  isNotNull,
  isSameName,
  primaryKeyColumnsOf,
  uniquesOf,
} from "../../src/schema/table-definition.ts";
import { tableArbitrary } from "../schema/table-arbitrary.ts";

function record(table: TableDefinition): Operation {
  const recorded: Operation[] = [];
  createOperations({
    record: (operation) => void recorded.push(operation),
    query: () => Promise.reject(new Error("not asked")),
  }).createTable(table);
  return recorded[0] as Operation;
}

test("what createTable defines is what SQLite then says about the table", () => {
  const db = new Database(":memory:");
  const columns = db.prepare(
    'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid',
  );
  const keys = db.prepare(
    `SELECT id, seq, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?)`,
  );
  const uniques = db.prepare(
    "SELECT (SELECT group_concat(name, char(1)) FROM pragma_index_info(l.name)) FROM pragma_index_list(?) AS l WHERE origin = 'u'",
  );
  const kind = db.prepare("SELECT wr, strict FROM pragma_table_list(?)");
  const text = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?").pluck();
  fc.assert(
    fc.property(tableArbitrary, (table) => {
      const [statement] = compileOperation(record(table), { parameters: 999 });
      db.exec("BEGIN");
      try {
        db.exec(statement?.sql ?? "");
        expect(columns.all(table.name)).toEqual(expectedColumns(table));
        expect(keys.all(table.name).map(withoutOrder).toSorted(byText)).toEqual(expectedForeignKeys(table));
        expect(new Set(uniques.pluck().all(table.name))).toEqual(expectedUniques(table));
        const { withoutRowid, strict } = table;
        expect(kind.get(table.name)).toEqual({
          wr: Number(withoutRowid === true),
          strict: Number(strict === true),
        });
        expect(text.get(table.name)).toBe(statement?.sql);
      } finally {
        db.exec("ROLLBACK");
      }
    }),
    { numRuns: 1_500 },
  );
});

test("what createTable defines as default is what an empty row gets", () => {
  const db = new Database(":memory:");
  fc.assert(
    fc.property(tableArbitrary, (table) => {
      const plain: TableDefinition = {
        name: table.name,
        columns: [
          { name: "always there" },
          ...table.columns.flatMap((column) =>
            column.default === undefined ? [] : [{ name: column.name, default: column.default }],
          ),
        ],
      };
      const [statement] = compileOperation(record(plain), { parameters: 999 });
      db.exec("BEGIN");
      try {
        db.exec(statement?.sql ?? "");
        db.prepare(`INSERT INTO ${quote(table.name)} DEFAULT VALUES`).run();
        const [, ...found] = db
          .prepare(`SELECT * FROM ${quote(table.name)}`)
          .raw()
          .get() as unknown[];
        const given = plain.columns.slice(1).map((column) => column.default);
        for (const [index, value] of given.entries()) {
          if (typeof value !== "object" || value === null) expect(found[index]).toEqual(asRead(value));
        }
      } finally {
        db.exec("ROLLBACK");
      }
    }),
    { numRuns: 500 },
  );
});

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

function asRead(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  return typeof value === "bigint" ? Number(value) : value;
}

function expectedColumns(table: TableDefinition) {
  const key = primaryKeyColumnsOf(table);
  return table.columns.map((column) => {
    const pk = key.findIndex((name) => isSameName(name, column.name)) + 1;
    const hidden = column.generated === undefined ? 0 : column.generated.stored === true ? 3 : 2;
    const notNull = isNotNull(column, pk > 0) || (pk > 0 && table.withoutRowid === true);
    return { name: column.name, type: column.type ?? "", notnull: Number(notNull), pk, hidden };
  });
}

function expectedForeignKeys(table: TableDefinition) {
  const own = table.columns.flatMap((column) => {
    const { references } = column;
    if (references === undefined) return [];
    const { column: target, table: parent, onDelete, onUpdate } = references;
    return [foreignKeyRow([column.name, target], { table: parent, onDelete, onUpdate })];
  });
  const shared = (table.foreignKeys ?? []).flatMap(({ columns, references }) =>
    columns.map((column, index) => foreignKeyRow([column, references.columns?.[index]], references)),
  );
  return [...own, ...shared].toSorted(byText);
}

interface Rules {
  readonly table: string;
  readonly onDelete?: string | undefined;
  readonly onUpdate?: string | undefined;
}

function foreignKeyRow(
  [from, to]: readonly [string, string | undefined],
  { table, onDelete, onUpdate }: Rules,
) {
  return {
    table,
    from,
    to: to ?? null,
    on_update: (onUpdate ?? "no action").toUpperCase(),
    on_delete: (onDelete ?? "no action").toUpperCase(),
  };
}

function withoutOrder(row: unknown): unknown {
  const { id: _id, seq: _seq, ...rest } = row as Record<string, unknown>;
  return rest;
}

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** SQLite makes no second index for the same columns, nor one for those of the primary key's index. */
function expectedUniques(table: TableDefinition): ReadonlySet<string> {
  const key = primaryKeyColumnsOf(table);
  const single =
    key.length === 1 ? table.columns.find((column) => isSameName(column.name, key[0] ?? "")) : undefined;
  const isAlias = single?.type?.toUpperCase() === "INTEGER" && table.withoutRowid !== true;
  const own = table.columns
    .filter(({ unique }) => unique !== undefined && unique !== false)
    .map(({ name }) => [name]);
  const shared = uniquesOf(table).map(({ columns }) => columns.map(String));
  const sets = [...own, ...shared].map((columns) => columns.map((name) => name).join("\u0001"));
  const pk = key.join("\u0001");
  return new Set(sets.filter((set) => isAlias || foldName(set) !== foldName(pk)));
}
