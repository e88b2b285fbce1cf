import Database from "better-sqlite3";
import * as fc from "fast-check";
import type { ColumnDefinition, ForeignKeyAction } from "@skillmeat/migrate-core";
import { quoteIdentifier } from "../../src/sql/quote-identifier.ts";

type ValueOf<Source> = Source extends fc.Arbitrary<infer Value> ? Value : never;

/** How the key `k` of a table is written, and what follows the table. */
const key = fc.constantFrom(
  { sql: "k INTEGER PRIMARY KEY", options: "", isRowid: true },
  { sql: "k INTEGER PRIMARY KEY AUTOINCREMENT", options: "", isRowid: true },
  { sql: "k INT PRIMARY KEY ON CONFLICT FAIL", options: "", isRowid: true },
  { sql: "k INTEGER CONSTRAINT pk PRIMARY KEY DESC", options: "", isRowid: true },
  { sql: "k INTEGER NOT NULL UNIQUE", options: "", isRowid: true },
  { sql: "k INTEGER PRIMARY KEY", options: " WITHOUT ROWID", isRowid: false },
  { sql: "k INTEGER PRIMARY KEY", options: " /* all of a kind */ STRICT", isRowid: true },
);

/** What a column is besides its name: as a definition, and as it may be written by hand. */
const shape = fc.constantFrom<{ readonly definition: Omit<ColumnDefinition, "name">; readonly sql: string }>(
  { definition: {}, sql: "" },
  { definition: { collate: "nocase" }, sql: "/* , ) */ COLLATE nocase" },
  { definition: { default: "it's (,", nullable: false }, sql: "NOT NULL DEFAULT 'it''s (,'" },
  { definition: { check: "1 OR ',)' <> ''" }, sql: "CHECK (1 OR ',)' <> '')" },
  { definition: { generated: { as: "k + 1" } }, sql: "GENERATED ALWAYS AS (k + 1) -- virtual\n" },
  { definition: { generated: { as: "k || 'x'", stored: true } }, sql: "AS (k || 'x') STORED" },
);

const actions = ["no action", "restrict", "set null", "set default", "cascade"] as const;
const foreignKey = fc.record({
  parent: fc.nat(3),
  onDelete: fc.constantFrom<ForeignKeyAction>(...actions),
  onUpdate: fc.constantFrom<ForeignKeyAction>(...actions),
  isDeferred: fc.boolean(),
  isInline: fc.boolean(),
});

const table = fc.record({
  name: fc.constantFrom("t", "T 2", "order", "naïve", 'a"b', "key"),
  key,
  shapes: fc.array(shape, { minLength: 1, maxLength: 4 }),
  foreignKeys: fc.array(foreignKey, { maxLength: 2 }),
  rows: fc.nat(4),
  separator: fc.constantFrom(", ", ",\n  ", ", -- ) , (\n"),
});

const index = fc.record({ table: fc.nat(3), form: fc.nat(4) });
const view = fc.record({ table: fc.nat(3), isOnView: fc.boolean() });
const trigger = fc.record({ table: fc.nat(3), other: fc.nat(3), form: fc.nat(4) });

/** Tables that refer to each other, with rows, indexes, views on views, and triggers that mention other tables. */
export const databaseArbitrary = fc.record({
  tables: fc.uniqueArray(table, { minLength: 1, maxLength: 4, selector: ({ name }) => name.toLowerCase() }),
  indexes: fc.array(index, { maxLength: 3 }),
  views: fc.array(view, { maxLength: 3 }),
  triggers: fc.array(trigger, { maxLength: 4 }),
});

export type RandomDatabase = ValueOf<typeof databaseArbitrary>;
type RandomTable = RandomDatabase["tables"][number];

export function at<T>(list: readonly T[], place: number): T {
  const found = list[place % list.length];
  if (found === undefined) throw new RangeError("an empty list has no element");
  return found;
}

export const columnName = (number: number): string => (number === 1 ? "c 1" : `c${number}`);
export const keyName = (number: number): string => `p${number}`;
export const isGenerated = ({ definition }: RandomTable["shapes"][number]): boolean =>
  definition.generated !== undefined;

/** The type of a column: any value fits. */
export const typeOf = ({ key: { options } }: RandomTable): string =>
  options.includes("STRICT") ? "ANY" : "BLOB";

/** Makes the database in memory, with rows whose references are in order. */
export function createRandomDatabase(given: RandomDatabase): Database.Database {
  const database = new Database(":memory:");
  database.pragma("foreign_keys = OFF");
  database.exec("CREATE TABLE log (x)");
  for (const one of given.tables) database.exec(createTable(given, one));
  for (const [number, one] of given.indexes.entries()) database.exec(createIndex(given, one, number));
  for (const one of given.tables) fill(database, given, one);
  for (const [number, one] of given.views.entries()) database.exec(createView(given, one, number));
  for (const [number, one] of given.triggers.entries()) database.exec(createTrigger(given, one, number));
  return database;
}

function createTable(given: RandomDatabase, one: RandomTable): string {
  const columns = one.shapes.map(
    (column, number) => `${quoteIdentifier(columnName(number))} ${typeOf(one)} ${column.sql}`,
  );
  const targets = one.foreignKeys.map((foreign) => {
    const deferred = foreign.isDeferred ? " DEFERRABLE INITIALLY DEFERRED" : "";
    const rules = `ON DELETE ${foreign.onDelete} ON UPDATE ${foreign.onUpdate}${deferred}`;
    return `REFERENCES ${quoteIdentifier(at(given.tables, foreign.parent).name)} (k) ${rules}`;
  });
  const type = typeOf(one) === "ANY" ? "INTEGER" : "";
  const keys = one.foreignKeys.map(
    ({ isInline }, number) => `${keyName(number)} ${type} ${isInline ? (targets[number] ?? "") : ""}`,
  );
  const constraints = one.foreignKeys.flatMap(({ isInline }, number) =>
    isInline ? [] : [`CONSTRAINT fk${number} FOREIGN KEY (${keyName(number)}) ${targets[number] ?? ""}`],
  );
  const parts = [one.key.sql, ...columns, ...keys, ...constraints];
  return `CREATE TABLE ${quoteIdentifier(one.name)} (${parts.join(one.separator)})${one.key.options}`;
}

const keysOf = ({ rows }: RandomTable): readonly number[] =>
  Array.from({ length: rows }, (_, row) => row * 3 + 1);

const values: readonly unknown[] = [5, -1.5, "12abc", "", "7", "ü", new Uint8Array([0, 255]), null];

function fill(database: Database.Database, given: RandomDatabase, one: RandomTable): void {
  const stored = one.shapes.flatMap((column, number) =>
    isGenerated(column)
      ? []
      : [{ name: columnName(number), isRequired: column.definition.nullable === false }],
  );
  const names = [
    "k",
    ...stored.map(({ name }) => name),
    ...one.foreignKeys.map((_, number) => keyName(number)),
  ];
  const insert = database.prepare(
    `INSERT INTO ${quoteIdentifier(one.name)} (${names.map(quoteIdentifier).join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
  );
  for (const [row, value] of keysOf(one).entries()) {
    const own = stored.map(({ isRequired }, number) => {
      const any = at(values, row * 3 + number);
      return any === null && isRequired ? "required" : any;
    });
    const references = one.foreignKeys.map(({ parent }) => {
      const parents = keysOf(at(given.tables, parent));
      return row % 3 === 2 || parents.length === 0 ? null : at(parents, row);
    });
    insert.run(value, ...own, ...references);
  }
  // A counter that is ahead of the rows, and rowids with a gap.
  if (one.rows > 1 && one.foreignKeys.length === 0) {
    const last = keysOf(one).at(-1) ?? 0;
    insert.run(last + 50, ...stored.map(() => "gone"));
    database.prepare(`DELETE FROM ${quoteIdentifier(one.name)} WHERE k = ?`).run(last + 50);
  }
}

function createIndex(given: RandomDatabase, one: RandomDatabase["indexes"][number], number: number): string {
  const owner = at(given.tables, one.table);
  const column = quoteIdentifier(columnName(number % owner.shapes.length));
  const forms = ["k DESC", `${column} COLLATE rtrim`, "(k + 1)", `k, ${column}`, `${column}) WHERE (k > 1`];
  return `CREATE INDEX ix${number} ON ${quoteIdentifier(owner.name)} (${at(forms, one.form)})`;
}

function createView(given: RandomDatabase, one: RandomDatabase["views"][number], number: number): string {
  const source = one.isOnView && number > 0 ? `v${number - 1}` : at(given.tables, one.table).name;
  return `CREATE VIEW v${number} AS SELECT k FROM ${quoteIdentifier(source)} -- ${number}`;
}

function createTrigger(
  given: RandomDatabase,
  one: RandomDatabase["triggers"][number],
  number: number,
): string {
  const owner = quoteIdentifier(at(given.tables, one.table).name);
  const other = quoteIdentifier(at(given.tables, one.other).name);
  const forms = [
    `AFTER INSERT ON ${owner} BEGIN INSERT INTO log VALUES (NEW.k)`,
    `BEFORE DELETE ON ${owner} WHEN OLD.k > 0 BEGIN INSERT INTO log SELECT k FROM ${other}`,
    `AFTER UPDATE OF k ON ${owner} BEGIN UPDATE ${other} SET k = k WHERE k = NEW.k`,
    `AFTER UPDATE ON ${owner} BEGIN INSERT INTO log VALUES ('updated')`,
    `AFTER INSERT ON log BEGIN DELETE FROM ${other} WHERE k = -99`,
  ];
  return `CREATE TRIGGER tr${number} ${at(forms, one.form)}; END`;
}
