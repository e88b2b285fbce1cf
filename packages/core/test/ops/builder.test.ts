import { inspect } from "node:util";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import {
  createOperations,
  sql,
  type Operation,
  type Operations,
  type QueryResult,
  type Statement,
} from "@skillmeat/migrate-core";
import { recordOperations } from "./record-operations.ts";

const column = { name: "a", type: "TEXT" };

describe("op", () => {
  test("records plain data, one operation for each call", () => {
    const recorded = recordOperations((op) => {
      op.createTable({ name: "t", columns: [column], strict: false }, { ifNotExists: false });
      op.dropTable("t", { ifExists: true });
      op.renameTable("t", "u");
      op.addColumn("t", column);
      op.dropColumn("t", "a");
      op.renameColumn("t", "a", "b");
      op.createIndex({ name: "i", table: "t", columns: ["a"] });
      op.dropIndex("i");
      op.createTrigger("CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END");
      op.dropTrigger("r");
      op.createView("CREATE VIEW v AS SELECT 1");
      op.dropView("v");
      op.execute("SELECT ?", [true]);
      op.bulkInsert("t", [{ a: false }]);
    });
    expect(recorded).toEqual([
      { kind: "createTable", table: { name: "t", columns: [column], strict: false } },
      { kind: "dropTable", table: "t", ifExists: true },
      { kind: "renameTable", table: "t", to: "u" },
      { kind: "addColumn", table: "t", column },
      { kind: "dropColumn", table: "t", column: "a" },
      { kind: "renameColumn", table: "t", column: "a", to: "b" },
      { kind: "createIndex", index: { name: "i", table: "t", columns: ["a"] } },
      { kind: "dropIndex", index: "i" },
      {
        kind: "createTrigger",
        trigger: { name: "r", table: "t", sql: "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END" },
      },
      { kind: "dropTrigger", trigger: "r" },
      { kind: "createView", view: { name: "v", sql: "CREATE VIEW v AS SELECT 1" } },
      { kind: "dropView", view: "v" },
      { kind: "execute", sql: "SELECT ?", params: [1] },
      { kind: "bulkInsert", table: "t", columns: ["a"], rowCount: 1, blocks: [[0]] },
    ]);
  });

  test("rows of any order and prototype by their columns", () => {
    const bare = Object.assign(Object.create(null), { a: 5, b: 6 });
    const recorded = recordOperations((op) => op.bulkInsert("t", [{ a: 1, b: 2 }, { b: 4, a: 3 }, bare]));
    expect(recorded).toMatchObject([{ columns: ["a", "b"], rowCount: 3, blocks: [[1, 2, 3, 4, 5, 6]] }]);
  });

  test("records copies that nobody can change", () => {
    const bytes = new Uint8Array([1]);
    const table = { name: "t", columns: [{ name: "a", default: bytes }] };
    const rows = [{ a: bytes }];
    const recorded = recordOperations((op) => {
      op.createTable(table);
      op.bulkInsert("t", rows);
    });
    const before = structuredClone(recorded);
    bytes[0] = 9;
    table.columns.push({ name: "b", default: bytes });
    rows.pop();
    expect(recorded).toEqual(before);
    expect(frozenThroughout(recorded[0])).toBe(true);
    expect(frozenThroughout(recorded[1])).toBe(true);
  });

  test("takes a property that is undefined for absent", () => {
    const table = {
      name: "t",
      columns: [{ name: "a", type: undefined, default: undefined }],
      strict: undefined,
    };
    const [operation] = recordOperations((op) => op.createTable(table as never));
    expect(operation).toStrictEqual({ kind: "createTable", table: { name: "t", columns: [{ name: "a" }] } });
  });

  test("cuts a script into operations", () => {
    const script = `CREATE TABLE a (x); -- then
      CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN 1 THEN 2 END; END;
      INSERT INTO a VALUES (';')`;
    expect(recordOperations((op) => op.executeScript(script))).toHaveLength(3);
  });

  test("records nothing when a script has a bad statement", () => {
    const recorded: Operation[] = [];
    const op = createOperations({ record: (operation) => void recorded.push(operation), query: notAsked });
    expect(() => op.executeScript("SELECT 1; COMMIT")).toThrow(
      expect.objectContaining({ code: "SKM_TX_ESCAPED" }),
    );
    expect(recorded).toEqual([]);
  });

  test("takes fragments where it takes SQL", () => {
    expect(recordOperations((op) => op.execute(sql`DELETE FROM t WHERE a = ${"it's"}`))).toEqual([
      { kind: "execute", sql: "DELETE FROM t WHERE a = 'it''s'" },
    ]);
  });

  test("works with its methods taken out", () => {
    expect(recordOperations((op) => op.dropTable.call(undefined, "t"))).toEqual([
      { kind: "dropTable", table: "t" },
    ]);
  });

  test("reads the definition of a drop in each form", () => {
    const definition = { name: "r", table: "t", sql: "CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END" };
    const recorded = recordOperations((op) => {
      op.dropTrigger("r", { definition });
      op.dropTrigger("r", { definition: "create trigger main.r DELETE ON t BEGIN SELECT 1; END;" });
      op.dropView("v", { definition: { name: "v", as: "SELECT 1" } });
      op.dropColumn("t", "a", { definition: column });
    });
    expect(recorded.slice(0, 2)).toEqual(
      [definition, definition].map((trigger) => ({ kind: "dropTrigger", trigger: "r", definition: trigger })),
    );
    expect(recorded[2]).toEqual({
      kind: "dropView",
      view: "v",
      definition: { name: "v", sql: "CREATE VIEW v AS\nSELECT 1" },
    });
    expect(recorded[3]).toEqual({ kind: "dropColumn", table: "t", column: "a", definition: column });
  });
});

describe("op.query", () => {
  const sink = (result: QueryResult, asked: Statement[] = []) =>
    createOperations({
      record: () => undefined,
      query: (statement) => {
        asked.push(statement);
        return Promise.resolve(result);
      },
    });

  test("returns rows as objects", async () => {
    const asked: Statement[] = [];
    const op = sink({ columns: ["id", "__proto__"], rows: [[1, "x"]], changes: 0 }, asked);
    const rows = await op.query("SELECT id, p AS __proto__ FROM t WHERE id = ?;", [true]);
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ["id", 1],
      ["__proto__", "x"],
    ]);
    expect(asked).toEqual([{ sql: "SELECT id, p AS __proto__ FROM t WHERE id = ?", params: [1] }]);
  });

  test("rejects when an object would lose a column", async () => {
    const op = sink({ columns: ["id", "a", "id"], rows: [], changes: 0 });
    await expect(op.query("SELECT * FROM t JOIN u")).rejects.toThrow(
      expect.objectContaining({
        code: "SKM_SQL_COLUMNS",
        details: { column: "id", columns: ["id", "a", "id"] },
      }),
    );
  });

  test("refuses a bad statement in the call itself, so that a forgotten await hides nothing", () => {
    const op = sink({ columns: [], rows: [], changes: 0 });
    expect(() => op.query("COMMIT")).toThrow(expect.objectContaining({ code: "SKM_TX_ESCAPED" }));
  });
});

const loose = (value: unknown) => value as never;

/** Area "op identifiers" and "upgrade() body" of the bad inputs, and wrong calls from plain JavaScript. */
const refused: readonly [title: string, code: string, body: (op: Operations) => void][] = [
  ...["", "\ud800", "a\0b", "x".repeat(1025), "sqlite_x"].map(
    (name): [string, string, (op: Operations) => void] => [
      `the table name ${JSON.stringify(name.slice(0, 20))}`,
      "SKM_IDENTIFIER",
      (op) => op.createTable({ name, columns: [column] }),
    ],
  ),
  ...[5, null, {}].map((name): [string, string, (op: Operations) => void] => [
    `the table name ${JSON.stringify(name)}`,
    "SKM_IDENTIFIER",
    (op) => op.dropTable(loose(name)),
  ]),
  ["an empty column name", "SKM_IDENTIFIER", (op) => op.addColumn("t", { name: "" })],
  ["a rename to a reserved name", "SKM_IDENTIFIER", (op) => op.renameTable("t", "SQLite_t")],
  [
    "a trigger with a reserved name",
    "SKM_IDENTIFIER",
    (op) => op.createTrigger("CREATE TRIGGER sqlite_t DELETE ON t BEGIN SELECT 1; END"),
  ],
  ["a missing column name", "SKM_IDENTIFIER", (op) => op.renameColumn("t", "a", loose(undefined))],
  [
    "an index on nothing named",
    "SKM_IDENTIFIER",
    (op) => op.createIndex({ name: "i", table: "t", columns: [""] }),
  ],
  ["the default NaN", "SKM_LITERAL", (op) => op.addColumn("t", { name: "a", default: NaN })],
  ["the default Infinity", "SKM_LITERAL", (op) => op.addColumn("t", { name: "a", default: -Infinity })],
  ["the default 2^63", "SKM_LITERAL", (op) => op.addColumn("t", { name: "a", default: 2n ** 63n })],
  ["an object as default", "SKM_LITERAL", (op) => op.addColumn("t", { name: "a", default: loose({}) })],
  [
    "a default that leaves its place",
    "SKM_SQL_SYNTAX",
    (op) => op.addColumn("t", { name: "a", default: sql`1) REFERENCES x (` }),
  ],
  [
    "a check that leaves its place",
    "SKM_SQL_SYNTAX",
    (op) => op.addColumn("t", { name: "a", check: "1 -- all" }),
  ],
  [
    "a where with a parameter",
    "SKM_SQL_SYNTAX",
    (op) => op.createIndex({ name: "i", table: "t", columns: ["a"], where: "a = ?" }),
  ],
  [
    "a type with a constraint",
    "SKM_TABLE_DEFINITION",
    (op) => op.addColumn("t", { name: "a", type: "TEXT NOT NULL" }),
  ],
  ["a table without columns", "SKM_TABLE_DEFINITION", (op) => op.createTable({ name: "t", columns: [] })],
  [
    "a contradictory column",
    "SKM_TABLE_DEFINITION",
    (op) => op.addColumn("t", { name: "a", default: 1, generated: { as: "1" } }),
  ],
  [
    "a contradictory definition of a drop",
    "SKM_TABLE_DEFINITION",
    (op) => op.dropColumn("t", "a", { definition: { name: "a", nullable: true, notNull: {} } }),
  ],
  ["COMMIT", "SKM_TX_ESCAPED", (op) => op.execute("COMMIT")],
  ["a hidden COMMIT", "SKM_TX_ESCAPED", (op) => op.execute("/*x*/ ;; COMMIT")],
  [
    "RELEASE in a trigger",
    "SKM_TX_ESCAPED",
    (op) =>
      op.createTrigger({ name: "r", table: "t", timing: "after", event: "delete", body: "END; COMMIT" }),
  ],
  ["ROLLBACK as a view", "SKM_TX_ESCAPED", (op) => op.createView({ name: "v", as: "ROLLBACK" })],
  ["a PRAGMA", "SKM_SQL_FORBIDDEN", (op) => op.execute("PRAGMA journal_mode = WAL")],
  [
    "a temporary trigger",
    "SKM_SQL_FORBIDDEN",
    (op) => op.createTrigger("CREATE TEMP TRIGGER r DELETE ON t BEGIN SELECT 1; END"),
  ],
  [
    "a view in another database",
    "SKM_SQL_FORBIDDEN",
    (op) => op.createView("CREATE VIEW other.v AS SELECT 1"),
  ],
  ["two statements", "SKM_SQL_MULTI", (op) => op.execute("SELECT 1; SELECT 2")],
  ["two selects in a view", "SKM_SQL_MULTI", (op) => op.createView({ name: "v", as: "SELECT 1; SELECT 2" })],
  ["an empty statement", "SKM_SQL_SYNTAX", (op) => op.execute(" ")],
  ["an empty script", "SKM_SQL_SYNTAX", (op) => op.executeScript("-- nothing")],
  [
    "an empty trigger",
    "SKM_SQL_SYNTAX",
    (op) => op.createTrigger({ name: "r", table: "t", timing: "after", event: "delete", body: "" }),
  ],
  [
    "a trigger without a table",
    "SKM_SQL_SYNTAX",
    (op) => op.createTrigger("CREATE TRIGGER r BEGIN SELECT 1; END"),
  ],
  ["too few values", "SKM_SQL_PARAMETERS", (op) => op.execute("SELECT ?, ?", [1])],
  ["too many values", "SKM_SQL_PARAMETERS", (op) => op.execute("SELECT ?", [1, 2])],
  ["a numbered parameter", "SKM_SQL_PARAMETERS", (op) => op.execute("SELECT ?1", [1])],
  ["a parameter in a script", "SKM_SQL_PARAMETERS", (op) => op.executeScript("SELECT 1; SELECT ?")],
  ...[undefined, NaN, Infinity, {}, [], new Date(0), 2n ** 63n, "\ud800", () => 1, Symbol("x")].flatMap(
    (value): [string, string, (op: Operations) => void][] => [
      [`the parameter ${inspect(value)}`, "SKM_VALUE", (op) => op.execute("SELECT ?", [loose(value)])],
      [`the value ${inspect(value)}`, "SKM_VALUE", (op) => op.bulkInsert("t", [{ a: loose(value) }])],
    ],
  ),
  ["a row that lacks a column", "SKM_VALUE", (op) => op.bulkInsert("t", [{ a: 1, b: 2 }, { a: 1 }])],
  ["a row with another column", "SKM_VALUE", (op) => op.bulkInsert("t", [{ a: 1 }, { a: 1, c: 2 }])],
  [
    "a row that inherits its value",
    "SKM_VALUE",
    (op) => op.bulkInsert("t", [Object.create({ a: 1 })], { columns: ["a"] }),
  ],
  ["a row with one column more", "SKM_VALUE", (op) => op.bulkInsert("t", [{ a: 1 }, { a: 1, b: 2 }])],
  ["a row without a named column", "SKM_VALUE", (op) => op.bulkInsert("t", [{ a: 1 }], { columns: ["b"] })],
];

describe("op refuses", () => {
  test.each(refused)("%s with %s", (_title, code, body) => {
    expect(() => recordOperations(body)).toThrow(expect.objectContaining({ code, name: "MigrationError" }));
  });

  test.each<[RegExp, (op: Operations) => void]>([
    [/table in op.createTable must be an object, got "null"/u, (op) => op.createTable(loose(null))],
    [/table in op.createTable must be an object/u, (op) => op.createTable(loose("t"))],
    [/needs the property "columns"/u, (op) => op.createTable(loose({ name: "t" }))],
    [
      /columns of table "t" in op.createTable must be an array/u,
      (op) => op.createTable({ name: "t", columns: loose("a") }),
    ],
    [
      /columns\[1\] of table "t" in op.createTable must be an object/u,
      (op) => op.createTable({ name: "t", columns: [column, loose("b")] }),
    ],
    [
      /columns\[0\] "a" of table "t" in op.createTable has the unknown property "nulable"/u,
      (op) => op.createTable({ name: "t", columns: [loose({ name: "a", nulable: false })] }),
    ],
    [
      /nullable of column "a" in op.addColumn must be true or false/u,
      (op) => op.addColumn("t", { name: "a", nullable: loose(0) }),
    ],
    [
      /onDelete of references of column "a" in op.addColumn must be one of "no action", "restrict"/u,
      (op) => op.addColumn("t", { name: "a", references: { table: "x", onDelete: loose("CASCADE") } }),
    ],
    [
      /unknown property "__proto__"/u,
      (op) => op.addColumn("t", loose(JSON.parse('{"name":"a","__proto__":{"type":"TEXT"}}'))),
    ],
    [
      /type of column "a" in op.addColumn must be a type name/u,
      (op) => op.addColumn("t", { name: "a", type: loose(5) }),
    ],
    [
      /options in op.createIndex has the unknown property "unique"/u,
      (op) => op.createIndex({ name: "i", table: "t", columns: ["a"] }, loose({ unique: true })),
    ],
    [
      /columns of index "i" in op.createIndex must not be empty/u,
      (op) => op.createIndex({ name: "i", table: "t", columns: [] }),
    ],
    [
      /ifExists of options in op.dropTable must be true or false/u,
      (op) => op.dropTable("t", { ifExists: loose("yes") }),
    ],
    [/options in op.dropTable must be an object, got "true"/u, (op) => op.dropTable("t", loose(true))],
    [/is of "u", not of "t"/u, (op) => op.dropTable("t", { definition: { name: "u", columns: [column] } })],
    [/sql in op.execute must be SQL/u, (op) => op.execute(loose(5))],
    [/params in op.execute must be an array/u, (op) => op.execute("SELECT ?", loose("x"))],
    [/rows in op.bulkInsert must be an array of rows/u, (op) => op.bulkInsert("t", loose({ a: 1 }))],
    [/rows\[1\] in op.bulkInsert must be an object/u, (op) => op.bulkInsert("t", [{ a: 1 }, loose([1])])],
    [/must not be empty/u, (op) => op.bulkInsert("t", [{}])],
    [
      /onConflict of options in op.bulkInsert must be one of/u,
      (op) => op.bulkInsert("t", [], { onConflict: loose("skip") }),
    ],
    [
      /must be CREATE TRIGGER …, got "CREATE VIEW v AS SELECT 1"/u,
      (op) => op.createTrigger("CREATE VIEW v AS SELECT 1"),
    ],
    [
      /timing of trigger "r" in op.createTrigger must be one of/u,
      (op) =>
        op.createTrigger({
          name: "r",
          table: "t",
          timing: loose("AFTER"),
          event: "delete",
          body: "SELECT 1",
        }),
    ],
    [
      /needs event: "update"/u,
      (op) =>
        op.createTrigger({
          name: "r",
          table: "t",
          timing: "after",
          event: "delete",
          of: ["a"],
          body: "SELECT 1",
        }),
    ],
    [
      /names "x on t", its sql "r on t"/u,
      (op) =>
        op.createTrigger({ name: "x", table: "t", sql: "CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END" }),
    ],
    [/is named "x", in its sql "v"/u, (op) => op.createView({ name: "x", sql: "CREATE VIEW v AS SELECT 1" })],
  ])("%# a wrong call: %s", (message, body) => {
    const attempt = () => recordOperations(body);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(message);
  });

  test("with a stack that points at the author's line", () => {
    const author = (op: Operations) => op.createTable({ name: "", columns: [column] });
    expect(() => recordOperations(author)).toThrow(
      expect.objectContaining({ stack: expect.stringContaining("author") }),
    );
  });
});

test("values are stored as what they are", () => {
  const values = [null, true, false, 1, 1.5, 2n ** 63n - 1n, "a\0b", new Uint8Array([0, 255])];
  const [operation] = recordOperations((op) =>
    op.execute(`SELECT ${values.map(() => "?").join(", ")}`, values),
  );
  const params = operation?.kind === "execute" ? (operation.params ?? []) : [];
  const db = new Database(":memory:");
  const bound = params.map((value) =>
    typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value,
  );
  const found = db
    .prepare(`SELECT ${values.map(() => "typeof(?)").join(", ")}`)
    .raw()
    .get(bound);
  expect(found).toEqual(["null", "integer", "integer", "integer", "real", "integer", "text", "blob"]);
});

function notAsked(): Promise<QueryResult> {
  return Promise.reject(new Error("not asked"));
}

/** Bytes cannot be frozen; everything else must be. */
function frozenThroughout(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return true;
  return Object.isFrozen(value) && Object.values(value).every(frozenThroughout);
}
