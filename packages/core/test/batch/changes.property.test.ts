import type Database from "better-sqlite3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createMigrator, MigrationError, type Driver } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";
import { quoteIdentifier } from "../../src/sql/quote-identifier.ts";
import { normalSql, readState } from "./database-state.ts";
import {
  changesArbitrary,
  planChanges,
  trackTables,
  type Scenario,
  type TrackedTable,
} from "./random-changes.ts";
import { createRandomDatabase, databaseArbitrary } from "./random-database.ts";

/** Codes of a change that cannot be made to this database; everything then is as it was. */
const refusals: ReadonlySet<string> = new Set([
  "SKM_MIGRATION_FAILED",
  "SKM_OBJECT_IN_USE",
  "SKM_FOREIGN_KEY_CHECK",
]);

const all = (database: Database.Database, sql: string): readonly unknown[] =>
  database.prepare(sql).raw().all();

/** The rows of the tables, by the names that columns had at first, in the order of their keys. */
function readTables(database: Database.Database, tables: readonly TrackedTable[]): unknown {
  return tables.map((table) => {
    const columns = table.columns.filter(({ isChanged }) => !isChanged);
    const values = columns.map(({ name }) => `quote(${quoteIdentifier(name)})`);
    const rowid = table.isRowid ? ["rowid"] : [];
    const key = table.columns.find(({ first }) => first === "k")?.name ?? "k";
    const sql = `SELECT ${[...rowid, ...values].join(", ")} FROM ${quoteIdentifier(table.name)} ORDER BY ${quoteIdentifier(key)}`;
    return { table: table.first, columns: columns.map(({ first }) => first), rows: all(database, sql) };
  });
}

/** The same tables under the names that they had at first. */
function firstNames({ tables }: Scenario): readonly TrackedTable[] {
  return tables.map((table) => ({
    ...table,
    name: table.first,
    columns: table.columns.map((column) => ({ ...column, name: column.first })),
  }));
}

function objectsOf(database: Database.Database, hasRenames: boolean): readonly unknown[] {
  const objects = database
    .prepare<[], [string, string, string]>(
      "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger', 'index') AND sql IS NOT NULL ORDER BY type, name",
    )
    .raw()
    .all()
    .filter(([, name]) => /^(?:v|tr|ix)\d/u.test(name));
  return objects.map(([type, name, sql]) => (hasRenames ? [type, name] : [type, name, normalSql(sql)]));
}

/** Views can be read, and triggers be compiled. */
function useEverything(database: Database.Database, tables: readonly TrackedTable[]): void {
  const views = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view'")
    .pluck()
    .all();
  for (const view of views) all(database, `SELECT * FROM ${quoteIdentifier(view)}`);
  for (const { name, columns } of tables) {
    const table = quoteIdentifier(name);
    const key = quoteIdentifier(columns.find(({ first }) => first === "k")?.name ?? "k");
    for (const sql of [
      `INSERT INTO ${table} (${key}) VALUES (1)`,
      `UPDATE ${table} SET ${key} = 1`,
      `DELETE FROM ${table}`,
    ])
      database.prepare(`EXPLAIN ${sql}`);
  }
  database.prepare("EXPLAIN INSERT INTO log VALUES (1)");
}

/** A counter of 0 counts as no counter: the copy of an empty table leaves one. */
function stateOf(database: Database.Database): unknown {
  const { sequence, ...state } = readState(database);
  return { ...state, sequence: sequence.filter(([, last]) => last !== 0) };
}

const health = (database: Database.Database): unknown => [
  database.pragma("integrity_check", { simple: true }),
  database.pragma("foreign_key_check"),
];

function driverOf(database: Database.Database, alterConstraints: boolean): Driver {
  const driver = betterSqlite3({ database });
  if (alterConstraints) return driver;
  return {
    ...driver,
    connect: async (options) => {
      const connection = await driver.connect(options);
      return { ...connection, capabilities: { ...connection.capabilities, alterConstraints } };
    },
  };
}

const seconds = 40;

test(
  "changes keep what they do not name, are refused without a trace, and can be undone",
  { timeout: seconds * 3000 },
  async () => {
    let done = 0;
    let refused = 0;
    const property = fc.asyncProperty(
      databaseArbitrary,
      changesArbitrary,
      fc.boolean(),
      async (given, changes, alterConstraints) => {
        const database = createRandomDatabase(given);
        const before = stateOf(database);
        const rows = readTables(database, trackTables(given));
        expect(health(database)).toEqual(["ok", []]);
        const scenario = planChanges(given, changes);
        const kept = readTables(database, firstNames(scenario));
        const objects = objectsOf(database, scenario.hasRenames);
        const migrator = createMigrator({
          driver: driverOf(database, alterConstraints),
          revisions: [
            {
              revision: "one",
              downRevision: null,
              upgrade: (op) => {
                for (const { up } of scenario.changes) up(op);
              },
              downgrade: (op) => {
                for (const { down } of scenario.changes.toReversed()) down(op);
              },
            },
          ],
        });
        const error: unknown = await migrator.upgrade().then(
          () => null,
          (reason: unknown) => reason,
        );
        if (error === null) {
          done += 1;
          expect(readTables(database, scenario.tables)).toEqual(kept);
          expect(objectsOf(database, scenario.hasRenames)).toEqual(objects);
          useEverything(database, scenario.tables);
          expect(health(database)).toEqual(["ok", []]);
          await migrator.downgrade("base");
          expect(readTables(database, firstNames(scenario))).toEqual(kept);
        } else {
          refused += 1;
          if (!(error instanceof MigrationError) || !refusals.has(error.code)) throw error;
          expect(readTables(database, trackTables(given))).toEqual(rows);
        }
        expect(stateOf(database)).toEqual(before);
        expect(health(database)).toEqual(["ok", []]);
        await migrator.close();
        database.close();
      },
    );
    await fc.assert(property, {
      numRuns: Number(process.env["SKM_PROPERTY_RUNS"] ?? 3000),
      interruptAfterTimeLimit: seconds * 1000,
    });
    expect(done).toBeGreaterThan(refused);
  },
);
