import { describe, expect, test } from "vitest";
import type { DatabaseSchema, Statement } from "@skillmeat/migrate-core";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { createSchemaReader } from "../../src/inspect/schema-reader.ts";
import { execute, openDriver, temporaryPath } from "../support/temporary-database.ts";

async function inspect(sql: string): Promise<DatabaseSchema> {
  const path = temporaryPath();
  execute(path, sql);
  const connection = await openDriver(path).connect({ readOnly: true });
  try {
    return await readSchema(connection);
  } finally {
    await connection.close();
  }
}

test("columns are told with what PRAGMA says of them", async () => {
  const { tables } = await inspect(
    `CREATE TABLE t ("a b" INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT NOT NULL DEFAULT 'x', v AS (n || 1), s INT AS (2) STORED)`,
  );
  expect(tables).toHaveLength(1);
  expect(tables[0]?.columns).toEqual([
    { name: "a b", type: "INTEGER", notNull: false, default: null, primaryKey: 1, generated: "no" },
    { name: "n", type: "TEXT", notNull: true, default: "'x'", primaryKey: 0, generated: "no" },
    { name: "v", type: "", notNull: false, default: null, primaryKey: 0, generated: "virtual" },
    { name: "s", type: "INT", notNull: false, default: null, primaryKey: 0, generated: "stored" },
  ]);
});

test("foreign keys are told in the order in which they are written", async () => {
  const { tables } = await inspect(`CREATE TABLE p (a, b, UNIQUE (a, b));
    CREATE TABLE c (x, y, z REFERENCES c ON UPDATE SET NULL, FOREIGN KEY (x, y) REFERENCES P (a, b) ON DELETE CASCADE)`);
  expect(tables[1]?.foreignKeys).toEqual([
    { columns: ["z"], table: "c", references: undefined, onDelete: "no action", onUpdate: "set null" },
    { columns: ["x", "y"], table: "P", references: ["a", "b"], onDelete: "cascade", onUpdate: "no action" },
  ]);
});

test("indexes are told with their columns, expressions and text", async () => {
  const { tables } = await inspect(`CREATE TABLE t (a TEXT UNIQUE, b);
    CREATE UNIQUE INDEX u ON t (a COLLATE nocase DESC, b + 1) WHERE b > 0`);
  expect(tables[0]?.indexes).toEqual([
    {
      name: "sqlite_autoindex_t_1",
      table: "t",
      unique: true,
      partial: false,
      origin: "unique",
      sql: null,
      columns: [{ name: "a", descending: false, collation: "BINARY" }],
    },
    {
      name: "u",
      table: "t",
      unique: true,
      partial: true,
      origin: "create",
      sql: "CREATE UNIQUE INDEX u ON t (a COLLATE nocase DESC, b + 1) WHERE b > 0",
      columns: [
        { name: "a", descending: true, collation: "nocase" },
        { name: null, descending: false, collation: "BINARY" },
      ],
    },
  ]);
});

test("virtual tables, their shadow tables, STRICT and WITHOUT ROWID are told apart", async () => {
  const { tables } = await inspect(`CREATE VIRTUAL TABLE f USING fts5(a);
    CREATE TABLE s (a INT PRIMARY KEY) STRICT, WITHOUT ROWID; CREATE TABLE t (a)`);
  const kinds = tables.map(({ name, kind, strict, withoutRowid }) => [name, kind, strict, withoutRowid]);
  expect(kinds).toContainEqual(["f", "virtual", false, false]);
  expect(kinds).toContainEqual(["f_data", "shadow", false, false]);
  expect(kinds).toContainEqual(["s", "table", true, true]);
  expect(kinds).toContainEqual(["t", "table", false, false]);
});

test("triggers and views come in the order of their creation, also broken ones", async () => {
  const schema = await inspect(`CREATE TABLE t (a); CREATE VIEW w AS SELECT * FROM nowhere;
    CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER b INSTEAD OF INSERT ON v BEGIN SELECT 1; END;
    CREATE TRIGGER a AFTER DELETE ON t BEGIN SELECT 1; END`);
  expect(schema.views.map(({ name }) => name)).toEqual(["w", "v"]);
  expect(schema.triggers.map(({ name, table }) => [name, table])).toEqual([
    ["b", "v"],
    ["a", "t"],
  ]);
  expect(schema.names).toEqual(["t", "w", "v", "b", "a"]);
});

describe("a reader that remembers", () => {
  const changes: readonly string[] = [
    "ALTER TABLE t ADD COLUMN b",
    "ALTER TABLE t RENAME TO u",
    "DROP INDEX ix; CREATE INDEX iy ON t (a)",
    "DROP TRIGGER tr; CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 2; END",
    "CREATE VIEW v AS SELECT 1",
    "DROP INDEX ix",
  ];

  test.each(changes)("gives the same schema until something changes: %s", async (change) => {
    const path = temporaryPath();
    execute(
      path,
      "CREATE TABLE t (a UNIQUE); CREATE INDEX ix ON t (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
    );
    const connection = await openDriver(path).connect({ readOnly: true });
    try {
      const read = createSchemaReader();
      const first = await read(connection);
      execute(path, "INSERT INTO t (a) VALUES (1)");
      expect(await read(connection)).toBe(first);
      execute(path, change);
      const second = await read(connection);
      expect(second).not.toEqual(first);
      expect(second).toEqual(await readSchema(connection));
    } finally {
      await connection.close();
    }
  });

  test("asks only about tables whose texts are new, in another database too", async () => {
    const read = createSchemaReader();
    const asked: Statement[] = [];
    const open = async (sql: string) => {
      const path = temporaryPath();
      execute(path, sql);
      const connection = await openDriver(path).connect();
      const query = async (statement: Statement) => {
        asked.push(statement);
        return await connection.query(statement);
      };
      return { path, connection, executor: { query } };
    };
    const tables = Array.from(
      { length: 9 },
      (_, index) =>
        `CREATE TABLE t${index} (a PRIMARY KEY, b UNIQUE REFERENCES t0); CREATE INDEX i${index} ON t${index} (b DESC);`,
    ).join("");
    const first = await open(tables);
    const other = await open(
      `${tables.replace("a PRIMARY KEY", "c, a PRIMARY KEY")} CREATE TABLE "n'w" (x COLLATE NOCASE); DROP INDEX i4; CREATE INDEX "i 4" ON t4 (a) WHERE a > 0; CREATE VIEW v AS SELECT 1;`,
    );
    try {
      await read(first.executor);
      asked.length = 0;
      expect(await read(other.executor)).toEqual(await readSchema(other.connection));
      expect(asked.map(({ params }) => params)).toEqual([
        undefined,
        undefined,
        ...Array.from({ length: 4 }, () => [JSON.stringify(["t0", "t4", "n'w"])]),
      ]);
      execute(other.path, "DROP VIEW v");
      asked.length = 0;
      expect(await read(other.executor)).toEqual(await readSchema(other.connection));
      expect(asked).toHaveLength(2);
    } finally {
      await first.connection.close();
      await other.connection.close();
    }
  });
});
