import { describe, expect, test } from "vitest";
import { findKnownStatements } from "../../src/commands/known-statements.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import type { DatabaseSchema } from "../../src/schema/database-schema.ts";
import { comparingMigrator } from "../support/comparing-migrator.ts";
import { failureOf } from "../support/failure-of.ts";
import { openDriver } from "../support/temporary-database.ts";

async function schemaOf(statements: readonly string[]): Promise<DatabaseSchema> {
  const connection = await openDriver(":memory:").connect();
  try {
    await connection.unit(statements.map((sql) => ({ sql })));
    return await readSchema(connection);
  } finally {
    await connection.close();
  }
}

const [a, b, ia] = ["CREATE TABLE a (x, y)", "CREATE TABLE b (x UNIQUE)", "CREATE INDEX ia ON a (x)"];

describe("of the statements of a schema", () => {
  test.each<
    [title: string, before: readonly string[], statements: readonly string[], rest: readonly string[]]
  >([
    ["all are known where all are the same", [a, ia, b], [b, a, ia], []],
    ["those are not that have another text", [a, b], [a, `${b} `], [`${b} `]],
    ["a table is not whose index is new", [a, b], [a, ia, b], [a, ia]],
    ["a table is not whose index is gone", [a, ia, b], [a, b], [a]],
    [
      "a table is not whose index has another text",
      [a, ia, b],
      [a, "CREATE INDEX ia ON A (y)", b],
      [a, "CREATE INDEX ia ON A (y)"],
    ],
    [
      "a table is not that a trigger is on or mentions",
      [a, b],
      [a, b, 'CREATE TRIGGER t AFTER INSERT ON "A" BEGIN SELECT 1; END'],
      [a, 'CREATE TRIGGER t AFTER INSERT ON "A" BEGIN SELECT 1; END'],
    ],
    [
      "a table is not that a virtual table mentions",
      [a, b],
      [a, b, "CREATE VIRTUAL TABLE f USING fts5(x, content='b')"],
      [b, "CREATE VIRTUAL TABLE f USING fts5(x, content='b')"],
    ],
    ["none is where one stands there twice", [a, b], [a, b, a], [a, b, a]],
    [
      "a table may be known beside a new one that refers to it",
      [a, b],
      [a, b, "CREATE TABLE c (a REFERENCES a)"],
      ["CREATE TABLE c (a REFERENCES a)"],
    ],
  ])("%s", async (_title, before, statements, rest) => {
    expect(findKnownStatements(statements, await schemaOf(before)).rest).toEqual(rest);
  });
});

describe("a declared schema that is known in part", () => {
  const from = `${a}; ${ia}; ${b}`;

  test.each([
    ["a table of the name of a known index", `${from}; CREATE TABLE ia (x)`],
    ["an index of the name of a known table", `${from}; CREATE TABLE c (x); CREATE INDEX b ON c (x)`],
    ["a view of the name of a known table", `${from}; CREATE VIEW B AS SELECT 1`],
    ["a table twice", `${from}; ${b}`],
  ])("is refused as one that is not known: %s", async (_title, sql) => {
    const failure = await failureOf(comparingMigrator(from, { schema: { sql } }).diff());
    expect(failure.code).toBe("SKM_SCHEMA_INVALID");
    expect(failure.message).toBe(
      (await failureOf(comparingMigrator("CREATE TABLE z (x)", { schema: { sql } }).diff())).message,
    );
  });

  test("is compared as a whole", async () => {
    const sql = `${from}; CREATE TABLE c (b REFERENCES b (x)); CREATE VIEW v AS SELECT x FROM a`;
    const migrator = comparingMigrator(`${from}; CREATE TABLE gone (x)`, { schema: { sql } });
    await migrator.upgrade();
    for (const side of ["heads", "current", "database"] as const) {
      expect((await migrator.diff({ from: side })).differences).toEqual([
        'create table "c" (1 column)',
        'drop table "gone"',
        'create view "v"',
      ]);
    }
  });
});
