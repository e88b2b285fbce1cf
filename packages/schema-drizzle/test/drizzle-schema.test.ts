import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { integer, sqliteTable, sqliteView, text } from "drizzle-orm/sqlite-core";
import { expect, onTestFinished, test } from "vitest";
import {
  createMigrator,
  renderOperations,
  type Migrator,
  type SchemaDefinition,
} from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { drizzleSchema } from "@skillmeat/migrate-schema-drizzle";
import * as example from "./example-schema.ts";

function migratorFor(schema: SchemaDefinition, script = ""): Migrator {
  const migrator = createMigrator({
    driver: betterSqlite3(":memory:"),
    schema,
    revisions: [
      {
        revision: "so_far",
        downRevision: null,
        upgrade: (op) => {
          if (script !== "") op.executeScript(script);
        },
      },
    ],
  });
  onTestFinished(async () => {
    await migrator.close();
  });
  return migrator;
}

test("a database that drizzle-kit made has nothing to change", async () => {
  const script = readFileSync(join(import.meta.dirname, "drizzle-kit.sql"), "utf8");
  const migrator = migratorFor(drizzleSchema(example), script);
  expect((await migrator.diff()).differences).toEqual([]);
  const empty = await migratorFor(drizzleSchema(example)).autogenerate();
  expect(renderOperations(empty.upgrade)).toMatchSnapshot();
  expect(empty.downgrade.map(({ kind }) => kind)).toContain("dropView");
});

test("defaults are what the database gets", () => {
  const table = sqliteTable("t", {
    born: integer("born", { mode: "timestamp" }).default(new Date(1000)),
    on: integer("on", { mode: "boolean" }).default(false),
    list: text("list", { mode: "json" }).default([1]),
    now: text("now").default(sql`CURRENT_TIMESTAMP`),
    made: text("made").$defaultFn(() => "x"),
  });
  const [found] = drizzleSchema({ table }).tables;
  expect(found?.columns.map((column) => column.default)).toEqual([
    1,
    0,
    "[1]",
    { kind: "sql", text: "CURRENT_TIMESTAMP" },
    undefined,
  ]);
});

test("everything else that a module exports is left alone, and nothing counts twice", () => {
  const table = sqliteTable("t", { id: integer("id").primaryKey() });
  const old = sqliteView("old", { id: integer("id") }).existing();
  const schema = drizzleSchema({ table, again: table, old, number: 1, nothing: null }, { table });
  expect(schema).toEqual({
    tables: [
      {
        name: "t",
        columns: [{ name: "id", type: "INTEGER", nullable: false, primaryKey: true }],
        foreignKeys: [],
        checks: [],
      },
    ],
    indexes: [],
    views: [],
  });
});

test("a parameter that only a program knows is refused", () => {
  const table = sqliteTable("t", { id: integer("id").default(sql`${sql.placeholder("later")}`) });
  expect(() => drizzleSchema({ table })).toThrowError(TypeError);
});
