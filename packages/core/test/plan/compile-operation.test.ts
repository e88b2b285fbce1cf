import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { sql, type Operations } from "@skillmeat/migrate-core";
import { compileOperation } from "../../src/plan/compile-operation.ts";
import { recordOperations } from "../ops/record-operations.ts";

const compile = (body: (op: Operations) => void, parameters = 999) =>
  recordOperations(body).flatMap((operation) => compileOperation(operation, { parameters }));

interface Case {
  readonly title: string;
  readonly body: (op: Operations) => void;
  readonly sql: string;
  /** Run before; `users` with columns id, name, age is always there. */
  readonly before?: string;
  /** What `sqlite_schema` holds after it for the object, where it is not the statement itself. */
  readonly stored?: readonly [name: string, sql: string | undefined];
}

const cases: readonly Case[] = [
  {
    title: "a table with a clause of every kind",
    body: (op) =>
      op.createTable({
        name: "order",
        columns: [
          {
            name: "id",
            type: "INTEGER",
            primaryKey: { name: "pk", autoincrement: true, onConflict: "replace" },
          },
          { name: "Full Name", type: "VARCHAR(20)", nullable: false, default: "n/a", collate: "NOCASE" },
          { name: "age", type: "INTEGER", notNull: { name: "nn", onConflict: "ignore" }, default: -1 },
          { name: "created", type: "TIMESTAMP", default: sql`CURRENT_TIMESTAMP` },
          { name: "due", default: sql`date('now', '+1 day')` },
          { name: "flag", type: "BOOLEAN", default: false, check: sql`flag IN (0, 1)` },
          {
            name: "raw",
            type: "BLOB",
            default: new Uint8Array([1]),
            unique: { name: "uq_raw", onConflict: "fail" },
          },
          { name: "nothing", default: null, unique: true },
          {
            name: "user_id",
            type: "INTEGER",
            references: {
              name: "fk_user",
              table: "users",
              column: "id",
              onDelete: "set null",
              onUpdate: "cascade",
            },
          },
          { name: "twice", type: "INTEGER", generated: { as: "age * 2" } },
          { name: "kept", generated: { as: sql`(age + 1)`, stored: true } },
        ],
        uniques: [
          ["age", "created"],
          { name: "uq", columns: [{ column: "due", collate: "RTRIM", order: "desc" }], onConflict: "abort" },
        ],
        checks: ["age < 200", { name: "ck", expression: sql`flag IN (${[0, 1]})` }],
        foreignKeys: [
          {
            name: "fk_self",
            columns: ["age"],
            references: {
              table: "order",
              columns: ["id"],
              match: "SIMPLE",
              deferrable: "initially deferred",
            },
          },
          { columns: ["due"], references: { table: "users", deferrable: false } },
        ],
      }),
    sql: `CREATE TABLE "order" (
  id INTEGER NOT NULL CONSTRAINT pk PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT,
  "Full Name" VARCHAR(20) NOT NULL DEFAULT 'n/a' COLLATE NOCASE,
  age INTEGER CONSTRAINT nn NOT NULL ON CONFLICT IGNORE DEFAULT -1,
  created TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  due DEFAULT (date('now', '+1 day')),
  flag BOOLEAN DEFAULT 0 CHECK (flag IN (0, 1)),
  raw BLOB CONSTRAINT uq_raw UNIQUE ON CONFLICT FAIL DEFAULT X'01',
  "nothing" UNIQUE DEFAULT NULL,
  user_id INTEGER CONSTRAINT fk_user REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  twice INTEGER GENERATED ALWAYS AS (age * 2),
  kept GENERATED ALWAYS AS (age + 1) STORED,
  UNIQUE (age, created),
  CONSTRAINT uq UNIQUE (due COLLATE RTRIM DESC) ON CONFLICT ABORT,
  CHECK (age < 200),
  CONSTRAINT ck CHECK (flag IN (0, 1)),
  CONSTRAINT fk_self FOREIGN KEY (age) REFERENCES "order" (id) MATCH SIMPLE DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (due) REFERENCES users NOT DEFERRABLE
)`,
  },
  {
    title: "a STRICT, WITHOUT ROWID table with a composite key",
    body: (op) =>
      op.createTable(
        {
          name: "pairs",
          columns: [
            { name: "a", type: "TEXT" },
            { name: "b", type: "TEXT" },
          ],
          primaryKey: {
            name: "pk_pairs",
            columns: ["a", { column: "B", order: "desc" }],
            onConflict: "replace",
          },
          strict: true,
          withoutRowid: true,
        },
        { ifNotExists: true },
      ),
    sql: `CREATE TABLE IF NOT EXISTS pairs (
  a TEXT NOT NULL,
  b TEXT NOT NULL,
  CONSTRAINT pk_pairs PRIMARY KEY (a, B DESC) ON CONFLICT REPLACE
) STRICT, WITHOUT ROWID`,
    stored: [
      "pairs",
      `CREATE TABLE pairs (
  a TEXT NOT NULL,
  b TEXT NOT NULL,
  CONSTRAINT pk_pairs PRIMARY KEY (a, B DESC) ON CONFLICT REPLACE
) STRICT, WITHOUT ROWID`,
    ],
  },
  {
    title: "a nullable key, which has to be asked for",
    body: (op) =>
      op.createTable({ name: "k", columns: [{ name: "a", type: "TEXT", nullable: true, primaryKey: true }] }),
    sql: "CREATE TABLE k (\n  a TEXT PRIMARY KEY\n)",
  },
  {
    title: "a default that looks like SQL, which is a value",
    body: (op) => op.createTable({ name: "k", columns: [{ name: "a", default: "1); DROP TABLE users" }] }),
    sql: "CREATE TABLE k (\n  a DEFAULT '1); DROP TABLE users'\n)",
  },
  {
    title: "a table named like a schema and a table, which is one name",
    body: (op) => op.createTable({ name: "main.t", columns: [{ name: "a" }] }),
    sql: 'CREATE TABLE "main.t" (\n  a\n)',
  },
  {
    title: "a dropped table",
    body: (op) => op.dropTable("users"),
    sql: "DROP TABLE users",
    stored: ["users", undefined],
  },
  {
    title: "a dropped table that need not exist",
    body: (op) => op.dropTable("no such", { ifExists: true }),
    sql: 'DROP TABLE IF EXISTS "no such"',
    stored: ["no such", undefined],
  },
  {
    title: "a renamed table",
    body: (op) => op.renameTable("users", "group"),
    sql: 'ALTER TABLE users RENAME TO "group"',
    stored: ["group", 'CREATE TABLE "group" (id INTEGER PRIMARY KEY, name TEXT, age INTEGER)'],
  },
  {
    title: "an added column",
    body: (op) =>
      op.addColumn("users", {
        name: "role",
        type: "TEXT",
        nullable: false,
        default: "reader",
        check: "role <> ''",
        references: { table: "roles" },
        collate: "NOCASE",
      }),
    sql: "ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'reader' COLLATE NOCASE CHECK (role <> '') REFERENCES roles",
    stored: [
      "users",
      "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, role TEXT NOT NULL DEFAULT 'reader' COLLATE NOCASE CHECK (role <> '') REFERENCES roles)",
    ],
  },
  {
    title: "a dropped column",
    body: (op) => op.dropColumn("users", "age"),
    sql: "ALTER TABLE users DROP COLUMN age",
    stored: ["users", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)"],
  },
  {
    title: "a renamed column",
    body: (op) => op.renameColumn("users", "age", "order"),
    sql: 'ALTER TABLE users RENAME COLUMN age TO "order"',
    stored: ["users", 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, "order" INTEGER)'],
  },
  {
    title: "an index on columns and expressions",
    body: (op) =>
      op.createIndex({
        name: "ix",
        table: "users",
        columns: [
          "id",
          sql`lower(name)`,
          { column: "name", collate: "NOCASE", order: "desc" },
          { sql: "age + 1", order: "asc" },
        ],
        unique: true,
        where: sql`age > ${17}`,
      }),
    sql: "CREATE UNIQUE INDEX ix ON users (id, lower(name), name COLLATE NOCASE DESC, age + 1 ASC)\nWHERE age > 17",
  },
  {
    title: "an index that may exist",
    body: (op) => op.createIndex({ name: "ix", table: "users", columns: ["name"] }, { ifNotExists: true }),
    sql: "CREATE INDEX IF NOT EXISTS ix ON users (name)",
    stored: ["ix", "CREATE INDEX ix ON users (name)"],
  },
  {
    title: "a dropped index",
    before: "CREATE INDEX ix ON users (name)",
    body: (op) => op.dropIndex("ix"),
    sql: "DROP INDEX ix",
    stored: ["ix", undefined],
  },
  {
    title: "a trigger from its parts",
    body: (op) =>
      op.createTrigger({
        name: "touch",
        table: "users",
        timing: "after",
        event: "update",
        of: ["name", "age"],
        when: "NEW.age > 1",
        body: "UPDATE users SET name = CASE WHEN 1 THEN 'END;' END WHERE id = NEW.id;\n  -- then\n  SELECT 1;",
      }),
    sql: `CREATE TRIGGER touch AFTER UPDATE OF name, age ON users
FOR EACH ROW
WHEN NEW.age > 1
BEGIN
  UPDATE users SET name = CASE WHEN 1 THEN 'END;' END WHERE id = NEW.id;
  -- then
  SELECT 1;
END`,
  },
  {
    title: "a trigger with a list of statements, on a view",
    before: "CREATE VIEW v AS SELECT * FROM users",
    body: (op) =>
      op.createTrigger({
        name: "tr",
        table: "v",
        timing: "instead of",
        event: "delete",
        body: ["DELETE FROM users WHERE id = OLD.id", sql`SELECT ${1}`],
      }),
    sql: "CREATE TRIGGER tr INSTEAD OF DELETE ON v\nFOR EACH ROW\nBEGIN\n  DELETE FROM users WHERE id = OLD.id;\n  SELECT 1;\nEND",
  },
  {
    title: "a trigger from its SQL",
    body: (op) =>
      op.createTrigger(
        '-- why\ncreate trigger if not exists main."a b" before insert on users begin select 1; end;',
      ),
    sql: 'CREATE TRIGGER IF NOT EXISTS "a b" before insert on users begin select 1; end',
    stored: ["a b", 'CREATE TRIGGER "a b" before insert on users begin select 1; end'],
  },
  {
    title: "a dropped trigger",
    body: (op) => op.dropTrigger("gone", { ifExists: true }),
    sql: "DROP TRIGGER IF EXISTS gone",
    stored: ["gone", undefined],
  },
  {
    title: "a view from its parts",
    body: (op) => op.createView({ name: "v", columns: ["n", "order"], as: "SELECT name, age FROM users;" }),
    sql: 'CREATE VIEW v (n, "order") AS\nSELECT name, age FROM users',
  },
  {
    title: "a view from its SQL",
    body: (op) => op.createView("CREATE VIEW v AS SELECT 1", { ifNotExists: true }),
    sql: "CREATE VIEW IF NOT EXISTS v AS SELECT 1",
    stored: ["v", "CREATE VIEW v AS SELECT 1"],
  },
  {
    title: "a dropped view",
    before: "CREATE VIEW v AS SELECT 1",
    body: (op) => op.dropView("v"),
    sql: "DROP VIEW v",
    stored: ["v", undefined],
  },
];

describe("compileOperation", () => {
  test.each(cases)("writes $title", ({ body, sql: expected, before, stored }) => {
    const [statement, ...more] = compile(body);
    expect(statement?.sql).toBe(expected);
    expect(statement?.comment).toMatch(/^(?:create|drop|rename|add) /u);
    expect(more).toEqual([]);

    const db = new Database(":memory:");
    db.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER); ${before ?? ""}`);
    db.prepare(expected).run();
    const found = db.prepare("SELECT name, sql FROM sqlite_schema").raw().all() as [string, string][];
    const [name, text] = stored ?? [undefined, expected];
    if (name === undefined) expect(found.map((row) => row[1])).toContain(text);
    else expect(found.find((row) => row[0] === name)?.[1]).toBe(text);
  });

  test("leaves an author's statement as it is", () => {
    expect(compile((op) => op.execute("UPDATE users SET age = ? -- all\n;", [1.5]))).toEqual([
      { sql: "UPDATE users SET age = ?", params: [1.5] },
    ]);
    expect(compile((op) => op.executeScript("-- a\nDELETE FROM users; SELECT 1;"))).toEqual([
      { sql: "-- a\nDELETE FROM users" },
      { sql: "SELECT 1" },
    ]);
  });

  test.each([
    [{ name: "a", unique: true }, /UNIQUE/u, /op\.createIndex/u],
    [{ name: "a", unique: { name: "u" } }, /UNIQUE/u, /op\.createIndex/u],
    [{ name: "a", primaryKey: true }, /PRIMARY KEY/u, /new table/u],
  ])("%# refuses a column that SQLite never adds", (column, message, hint) => {
    expect(() => compile((op) => op.addColumn("users", column))).toThrow(
      expect.objectContaining({
        code: "SKM_NEEDS_REBUILD",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
        details: { table: "users", column: "a" },
      }),
    );
  });

  test.each([
    { name: "a", nullable: false },
    { name: "a", default: sql`1 + 1` },
    { name: "a", generated: { as: "age", stored: true } },
  ])("%# leaves to the engine what it refuses for a table with rows only", (column) => {
    const [statement] = compile((op) => op.addColumn("users", column));
    const db = new Database(":memory:");
    db.exec(
      "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER); INSERT INTO users VALUES (1, 'a', 2)",
    );
    expect(() => db.exec(statement?.sql ?? "")).toThrow(/Cannot add|cannot add/u);
    db.exec("DELETE FROM users");
    db.exec(statement?.sql ?? "");
  });
});

describe("a bulk insert", () => {
  const rows = Array.from({ length: 7 }, (_, index) => ({ id: index, name: `n${index}` }));

  test("has one statement when the engine binds enough", () => {
    expect(compile((op) => op.bulkInsert("users", rows.slice(0, 2)))).toEqual([
      {
        sql: "INSERT INTO users (id, name) VALUES\n  (?, ?),\n  (?, ?)",
        params: [0, "n0", 1, "n1"],
        comment: 'insert 2 rows into "users"',
      },
    ]);
  });

  test("is cut below the parameter limit, all statements but the last with the same text", () => {
    const statements = compile((op) => op.bulkInsert("users", rows), 7);
    expect(statements.map(({ params }) => params?.length)).toEqual([6, 6, 2]);
    expect(statements[0]?.sql).toBe(statements[1]?.sql);
    expect(statements.map(({ comment }) => comment)).toEqual([
      'insert rows 1 to 3 of 7 into "users"',
      'insert rows 4 to 6 of 7 into "users"',
      'insert rows 7 to 7 of 7 into "users"',
    ]);
    const db = new Database(":memory:");
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)");
    for (const { sql: text, params } of statements) db.prepare(text).run(params ?? []);
    expect(db.prepare("SELECT * FROM users ORDER BY id").all()).toEqual(rows);
  });

  test("has a last statement like the others when the rows come out even", () => {
    const statements = compile((op) => op.bulkInsert("users", rows.slice(0, 6)), 6);
    expect(new Set(statements.map(({ sql: text }) => text)).size).toBe(1);
  });

  test.each([
    ["has about 250 values on a local engine", false, [250, 250, 250, 250, 1]],
    ["has up to 500 rows where each statement is a request", true, [500, 500, 1]],
  ] as const)("%s", (_title, isRemote, expected) => {
    const many = Array.from({ length: 1_001 }, (_, a) => ({ a }));
    const [operation] = recordOperations((op) => op.bulkInsert("t", many));
    if (operation === undefined) throw new Error("one operation was expected");
    const statements = compileOperation(operation, { parameters: 32_766, isRemote });
    expect(statements.map(({ params }) => params?.length)).toEqual(expected);
    expect(statements.flatMap(({ params }) => params)).toEqual(many.map(({ a }) => a));
    expect(statements.flatMap(({ progress }) => progress?.rows ?? [])).toEqual([500, 1000, 1001]);
  });

  test("has no statement when there are no rows", () => {
    expect(compile((op) => op.bulkInsert("users", []))).toEqual([]);
  });

  test("says what happens to rows in conflict", () => {
    const [statement] = compile((op) => op.bulkInsert("users", [{ id: 1 }], { onConflict: "ignore" }));
    expect(statement?.sql).toBe("INSERT OR IGNORE INTO users (id) VALUES\n  (?)");
  });

  test("is refused when one row exceeds the limit", () => {
    expect(() => compile((op) => op.bulkInsert("users", rows), 1)).toThrow(
      expect.objectContaining({
        code: "SKM_UNSUPPORTED",
        details: { table: "users", columns: 2, parameters: 1 },
      }),
    );
  });
});
