import Database from "better-sqlite3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { BatchOperations, ColumnDefinition, Driver, Operations } from "@skillmeat/migrate-core";
import { createMigrator } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";

type ValueOf<Source> = Source extends fc.Arbitrary<infer Value> ? Value : never;

const types = ["INTEGER", "TEXT", "REAL", "BLOB", "NUMERIC", ""] as const;

const column = fc.record({
  type: fc.constantFrom(...types),
  clause: fc.constantFrom(
    "",
    "COLLATE nocase",
    "DEFAULT 'it''s (,'",
    "/* , ) */",
    "CHECK (1)",
    "CONSTRAINT nn NULL",
  ),
});

const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom("a", "A", "", "12abc", "7", "ü"),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
  fc.uint8Array({ maxLength: 3 }),
);

const key = fc.constantFrom(
  { sql: "k INTEGER PRIMARY KEY", options: "" },
  { sql: "k INTEGER PRIMARY KEY AUTOINCREMENT", options: "" },
  { sql: "k INT PRIMARY KEY", options: "" },
  { sql: "k INTEGER PRIMARY KEY DESC", options: "" },
  { sql: "k INTEGER PRIMARY KEY", options: " WITHOUT ROWID" },
  { sql: "k INTEGER UNIQUE", options: "" },
);

const change = fc.oneof(
  fc.record({
    kind: fc.constant("add" as const),
    type: fc.constantFrom("TEXT", "INTEGER"),
    unique: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("drop" as const), at: fc.nat(5) }),
  fc.record({
    kind: fc.constant("type" as const),
    at: fc.nat(5),
    type: fc.constantFrom("TEXT", "INTEGER", "REAL"),
  }),
  fc.record({ kind: fc.constant("default" as const), at: fc.nat(5), value: fc.constantFrom(1, "x", null) }),
  fc.record({
    kind: fc.constant("collate" as const),
    at: fc.nat(5),
    collate: fc.constantFrom("rtrim", null),
  }),
  fc.record({ kind: fc.constant("rename" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("move" as const), at: fc.nat(5), before: fc.nat(5) }),
  fc.record({ kind: fc.constant("check" as const), at: fc.nat(5) }),
);

type Change = ValueOf<typeof change>;

const scenario = fc.record({
  columns: fc.array(column, { minLength: 2, maxLength: 6 }),
  key,
  rows: fc.array(fc.array(value, { minLength: 6, maxLength: 6 }), { maxLength: 6 }),
  changes: fc.array(change, { maxLength: 4 }),
  recreate: fc.constantFrom("auto" as const, "always" as const),
  separator: fc.constantFrom(", ", ",\n  ", ", -- ) , (\n"),
});

type Scenario = ValueOf<typeof scenario>;

function build({ columns, key: { sql, options }, rows, separator }: Scenario): Database.Database {
  const database = new Database(":memory:");
  const parts = [sql, ...columns.map(({ type, clause }, index) => `c${index} ${type} ${clause}`)];
  database.exec(`CREATE TABLE t (${parts.join(separator)})${options};
    CREATE TABLE child (id INTEGER PRIMARY KEY, k REFERENCES t (k) ON DELETE CASCADE ON UPDATE SET NULL);
    CREATE TABLE other (x); CREATE TABLE log (x);
    CREATE INDEX ix ON t (k DESC, (k + 1)) WHERE k > 0;
    CREATE VIEW v AS SELECT k FROM t; CREATE VIEW w AS SELECT count(*) AS n FROM v;
    CREATE TRIGGER t_i AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.k); END;
    CREATE TRIGGER t_d AFTER DELETE ON t BEGIN INSERT INTO log VALUES ('deleted'); END;
    CREATE TRIGGER other_i AFTER INSERT ON other BEGIN INSERT INTO log SELECT k FROM v; END;`);
  const places = columns.map(() => "?").join(", ");
  for (const [index, row] of rows.entries()) {
    database
      .prepare(`INSERT INTO t VALUES (?, ${places})`)
      .run(index * 3 + 1, ...row.slice(0, columns.length));
    database.prepare("INSERT INTO child (k) VALUES (?), (?)").run(index * 3 + 1, index * 3 + 1);
  }
  database.exec("DELETE FROM t WHERE k = 1");
  return database;
}

/** The columns after the changes: what they are called, and whether their values are still those of `from`. */
interface Expected {
  readonly name: string;
  readonly from: string | null;
}

function applyAll(batch: BatchOperations, { columns, changes }: Scenario): readonly Expected[] {
  let state: readonly Expected[] = columns.map((_, index) => ({ name: `c${index}`, from: `c${index}` }));
  for (const [number, one] of changes.entries()) state = applyOne(batch, one, { state, number });
  return state;
}

function applyOne(
  batch: BatchOperations,
  one: Change,
  { state, number }: { readonly state: readonly Expected[]; readonly number: number },
): readonly Expected[] {
  if (one.kind === "add") {
    const definition: ColumnDefinition = { name: `n${number}`, type: one.type, unique: one.unique };
    batch.addColumn(definition);
    return [...state, { name: definition.name, from: null }];
  }
  const at = one.at % state.length;
  const { name, from } = state[at] ?? { name: "", from: null };
  switch (one.kind) {
    case "drop":
      if (state.length === 1) return state;
      batch.dropColumn(name);
      return state.toSpliced(at, 1);
    case "type":
      batch.alterColumn(name, { type: one.type });
      return state.with(at, { name, from: null });
    case "default":
      // With rows, a new UNIQUE column cannot have a default.
      if (from === null) return state;
      batch.alterColumn(name, { default: one.value });
      return state;
    case "collate":
      batch.alterColumn(name, { collate: one.collate });
      return state;
    case "rename":
      batch.renameColumn(name, `r${number} x`);
      return state.with(at, { name: `r${number} x`, from });
    case "move": {
      const before = state[one.before % state.length]?.name ?? "";
      if (before === name) return state;
      batch.alterColumn(name, {}, { insertBefore: before });
      const others = state.toSpliced(at, 1);
      return others.toSpliced(
        others.findIndex((other) => other.name === before),
        0,
        { name, from },
      );
    }
    case "check":
      // The key and not the column, so that a later change may drop the column.
      batch.createCheckConstraint({ name: `ck${number}`, expression: "k > -1 OR k IS NULL" });
      return state;
  }
}

const quoted = (database: Database.Database, table: string, names: readonly string[]): unknown =>
  database
    .prepare(`SELECT k${names.map((name) => `, quote("${name}")`).join("")} FROM ${table} ORDER BY k`)
    .raw()
    .all();

const objects = (database: Database.Database): unknown =>
  database
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE name NOT IN ('t', 'alembic_version') AND sql IS NOT NULL ORDER BY name",
    )
    .raw()
    .all();

test("a batch keeps every row, value and object that it does not name", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const database = build(given);
      const reference = new Database(database.serialize());
      const violations = database.pragma("foreign_key_check");
      let expected: readonly Expected[] = [];
      const upgrade = (op: Operations): void => {
        op.batchAlterTable("t", { recreate: given.recreate }, (batch) => {
          expected = applyAll(batch, given);
        });
      };
      const driver: Driver = betterSqlite3({ database });
      const migrator = createMigrator({
        driver,
        revisions: [{ revision: "one", downRevision: null, upgrade }],
      });
      await migrator.upgrade();
      await migrator.close();

      const kept = expected.filter(({ from }) => from !== null);
      const names = kept.map(({ name }) => name);
      expect(quoted(database, "t", names)).toEqual(
        quoted(
          reference,
          "t",
          kept.map(({ from }) => from ?? ""),
        ),
      );
      expect(database.prepare("SELECT * FROM child").all()).toEqual(
        reference.prepare("SELECT * FROM child").all(),
      );
      expect(database.prepare("SELECT * FROM log").all()).toEqual(
        reference.prepare("SELECT * FROM log").all(),
      );
      expect(objects(database)).toEqual(objects(reference));
      expect(database.pragma("foreign_key_check")).toEqual(violations);
      expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
      expect(database.prepare("SELECT name FROM pragma_table_xinfo('t')").pluck().all()).toEqual([
        "k",
        ...expected.map(({ name }) => name),
      ]);
      database.close();
      reference.close();
    }),
    { numRuns: 300 },
  );
});
