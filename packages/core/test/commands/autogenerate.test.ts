import { describe, expect, test } from "vitest";
import {
  defineSchema,
  renderOperations,
  renderRevision,
  type AutogenerateOptions,
  type DeclaredSchema,
  type GeneratedOperations,
  type MigratorOptions,
  type Operations,
  type Revision,
} from "@skillmeat/migrate-core";
import { changes, rewordings } from "../autogenerate/schema-changes.ts";
import { comparingMigrator } from "../support/comparing-migrator.ts";
import { runSource } from "../support/run-source.ts";
import { failureOf } from "../support/failure-of.ts";
import { openDriver } from "../support/temporary-database.ts";

async function generate(
  [from, to]: readonly [string, string | DeclaredSchema],
  options: AutogenerateOptions = {},
): Promise<GeneratedOperations> {
  const schema = typeof to === "string" ? { sql: to } : to;
  return await comparingMigrator(from, { schema }).autogenerate(options);
}

describe("autogenerate", () => {
  test.each(rewordings)("finds no difference in %s", async (_title, from, to) => {
    expect(renderOperations((await generate([from, to])).upgrade)).toBe("");
  });

  test.each(changes)("finds %s", async (_title, from, to) => {
    const { upgrade, downgrade, risks } = await generate([from, to], { drops: "all" });
    const lines = risks.map(({ kind, message }) => `// ${kind}: ${message}`);
    expect(
      [renderOperations(upgrade), "// downgrade", renderOperations(downgrade), ...lines].join("\n"),
    ).toMatchSnapshot();
  });

  test.each(changes)("finds nothing more after %s", async (_title, from, to) => {
    const { upgrade, downgrade } = await generate([from, to], { drops: "all" });
    const generated: Revision = {
      revision: "generated",
      downRevision: "so_far",
      upgrade: (op) => {
        runSource(op, renderOperations(upgrade));
      },
      downgrade: (op) => {
        runSource(op, renderOperations(downgrade));
      },
    };
    const migrator = comparingMigrator(from, { schema: { sql: to } }, [generated]);
    expect((await migrator.autogenerate()).upgrade).toEqual([]);
    await migrator.upgrade();
    await migrator.downgrade("-1");
    expect((await migrator.diff({ from: "database", to: "current" })).differences).toEqual([]);
  });

  test("takes the tables of op.createTable", async () => {
    const schema = defineSchema({
      tables: [
        {
          name: "book",
          columns: [
            { name: "id", type: "INTEGER", primaryKey: true },
            { name: "title", type: "TEXT", nullable: false },
          ],
        },
      ],
      indexes: [{ name: "ix_book_title", table: "book", columns: ["title"] }],
      views: [{ name: "titles", as: "SELECT title FROM book" }],
      triggers: ["CREATE TRIGGER tr AFTER DELETE ON book BEGIN DELETE FROM search; END"],
      virtualTables: ["CREATE VIRTUAL TABLE search USING fts5(title)"],
    });
    const { upgrade } = await generate(["", schema]);
    expect(renderOperations(upgrade)).toMatchSnapshot();
    const source = renderRevision({ revision: "b", downRevision: "a" }, { upgrade, downgrade: null });
    expect(source).toContain('op.createTable({\n      name: "book",');
  });

  test.each<[string, AutogenerateOptions, readonly string[]]>([
    ["exclude leaves out a table with what is on it", { exclude: ["a*"] }, ['create table "b"']],
    ["include is asked about each object", { include: ({ kind }) => kind !== "index" }, ["drop table"]],
  ])("%s", async (_title, options, expected) => {
    const from = "CREATE TABLE ab (x); CREATE INDEX i ON ab (x)";
    const to = "CREATE TABLE b (x); CREATE INDEX j ON b (x)";
    const { differences } = await generate([from, to], { drops: "all", ...options });
    expect(differences).toMatchSnapshot();
    expect(differences.join().toLowerCase()).toContain(expected[0]);
  });

  test("compareType decides about types", async () => {
    const pair = ["CREATE TABLE a (x VARCHAR(9))", "CREATE TABLE a (x TEXT)"] as const;
    expect((await generate(pair)).upgrade).toHaveLength(1);
    expect((await generate(pair, { compareType: "affinity" })).upgrade).toEqual([]);
    const asked: unknown[] = [];
    const compareType = (column: unknown): boolean => asked.push(column) > 0;
    expect((await generate(pair, { compareType })).upgrade).toEqual([]);
    expect(asked[0]).toEqual({ table: "a", column: "x", from: "VARCHAR(9)", to: "TEXT" });
  });

  test("compareDefault decides about defaults", async () => {
    const pair = ["CREATE TABLE a (x DEFAULT (1 + 1))", "CREATE TABLE a (x DEFAULT 2)"] as const;
    expect((await generate(pair)).upgrade).toHaveLength(1);
    expect((await generate(pair, { compareDefault: () => true })).upgrade).toEqual([]);
  });

  test("compares with the database where that is asked", async () => {
    const migrator = comparingMigrator("CREATE TABLE a (x)", { schema: { sql: "CREATE TABLE a (x, y)" } });
    expect(renderOperations((await migrator.autogenerate({ from: "database" })).upgrade)).toContain(
      "op.createTable(",
    );
    await migrator.upgrade();
    expect(renderOperations((await migrator.autogenerate({ from: "database" })).upgrade)).toBe(
      'op.addColumn("a", { name: "y" });',
    );
  });

  test.each<[string, Partial<MigratorOptions>, object]>([
    ["no schema", {}, { code: "SKM_SCHEMA_MISSING", exitCode: 2 }],
    ["a script with rows", { schema: { sql: "INSERT INTO a VALUES (1)" } }, { code: "SKM_SCHEMA_INVALID" }],
    [
      "a script that SQLite refuses",
      { schema: { sql: "CREATE TABLE a (x);\nCREATE TABLE b (x, x)" } },
      { code: "SKM_SCHEMA_INVALID", details: { sql: "CREATE TABLE b (x, x)", statement: 2 } },
    ],
    [
      "no scratch database",
      {
        schema: { sql: "" },
        driver: { name: "x", connect: async () => await openDriver(":memory:").connect() },
      },
      { name: "TypeError" },
    ],
  ])("refuses %s", async (_title, options, expected) => {
    expect(await failureOf(comparingMigrator("", options).autogenerate())).toMatchObject(expected);
  });
});

describe("autogenerate as SQL", () => {
  const scriptOf = ({ sql }: GeneratedOperations, id: string, parent: string | null): Revision => {
    const { upgrade = "", downgrade = "" } = sql ?? {};
    const run = (body: string) => (op: Operations) => {
      if (body !== "") op.executeScript(body);
    };
    return { revision: id, downRevision: parent, upgrade: run(upgrade), downgrade: run(downgrade) };
  };

  test.each(changes)(
    "leads there and back as the operations do, or refuses: %s",
    async (_title, from, to) => {
      const migrator = comparingMigrator(from, { schema: { sql: to } });
      const attempt = migrator.autogenerate({ drops: "all", sql: true });
      const failure = await attempt.then(
        () => undefined,
        async () => await failureOf(attempt),
      );
      if (failure !== undefined) {
        expect([failure.code, failure.message]).toEqual([
          "SKM_NEEDS_REBUILD",
          expect.stringMatching(/^cannot write the revision as SQL: tables? "/),
        ]);
        expect(failure.details["tables"]).not.toEqual([]);
        return;
      }
      const script = scriptOf(await attempt, "script", "so_far");
      const written = comparingMigrator(from, { schema: { sql: to } }, [script]);
      expect((await written.diff()).differences).toEqual([]);
      await written.upgrade();
      await written.downgrade("-1");
      expect((await written.diff({ from: "database", to: "current" })).differences).toEqual([]);
    },
  );

  test("has the statements of the revision, each with its semicolon", async () => {
    const { sql } = await generate(
      [
        "CREATE TABLE a (id INTEGER PRIMARY KEY);",
        `CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT DEFAULT 'it''s; -- no');
         CREATE INDEX i ON a (note) -- by note
         ;CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;`,
      ],
      { sql: true },
    );
    expect(sql).toMatchInlineSnapshot(`
      {
        "downgrade": "DROP TRIGGER t;

      DROP INDEX i;

      ALTER TABLE a DROP COLUMN note;",
        "upgrade": "ALTER TABLE a ADD COLUMN note TEXT DEFAULT 'it''s; -- no';

      CREATE INDEX i ON a (note);

      CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;",
      }
    `);
  });

  test("names all tables that would have to be rebuilt", async () => {
    const from = "CREATE TABLE a (x TEXT); CREATE TABLE b (x TEXT); CREATE TABLE c (x TEXT);";
    const to = "CREATE TABLE a (x INTEGER); CREATE TABLE b (x TEXT CHECK (x)); CREATE TABLE c (x TEXT, y);";
    expect(await failureOf(generate([from, to], { sql: true }))).toMatchObject({
      code: "SKM_NEEDS_REBUILD",
      details: { tables: ["a", "b"] },
      hint: expect.stringContaining("leave out --sql") as string,
    });
  });

  test("is nothing where nothing differs", async () => {
    expect((await generate(["CREATE TABLE a (x)", "CREATE TABLE a (x)"], { sql: true })).sql).toBe(undefined);
  });
});

describe("autogenerate asks about renames", () => {
  const from = `CREATE TABLE author (id INTEGER PRIMARY KEY, mail TEXT UNIQUE);
    CREATE TABLE book (id INTEGER PRIMARY KEY, author REFERENCES author); CREATE INDEX i ON author (mail);`;
  const to = `CREATE TABLE writer (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
    CREATE TABLE book (id INTEGER PRIMARY KEY, author REFERENCES writer); CREATE INDEX i ON writer (email);`;

  test("and refuses to guess", async () => {
    expect(await failureOf(generate([from, to]))).toMatchObject({
      code: "SKM_AUTOGENERATE_RENAME",
      exitCode: 9,
      message: 'cannot tell whether something is renamed or dropped: table "author" goes, and "writer" comes',
      hint: "say --rename author=writer if it is renamed, --drop author if its data shall go",
    });
  });

  test.each<[string, AutogenerateOptions]>([
    ["hints", { renames: ["author=writer", "author.mail=email"] }],
    ["hints with the new names", { renames: ["author=writer", "writer.mail=writer.email"] }],
    ["answers", { onQuestion: async ({ candidates }) => await Promise.resolve(candidates[0]) }],
  ])("and takes %s", async (_title, options) => {
    const { upgrade, downgrade, risks } = await generate([from, to], options);
    expect(renderOperations(upgrade).split("\n")).toEqual([
      'op.renameTable("author", "writer");',
      'op.renameColumn("writer", "mail", "email");',
    ]);
    expect(renderOperations(downgrade).split("\n")).toEqual([
      'op.renameColumn("writer", "email", "mail");',
      'op.renameTable("writer", "author");',
    ]);
    expect(risks).toEqual([]);
  });

  test("and takes a view away that the new name would break", async () => {
    const tables = (column: string): string =>
      `CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE book (id INTEGER PRIMARY KEY, ${column} TEXT, author REFERENCES author);`;
    const view = (columns: string): string =>
      `CREATE VIEW titles AS SELECT ${columns} FROM book JOIN author ON author.id = book.author;
      CREATE VIEW all_titles AS SELECT * FROM titles;
      CREATE TRIGGER new_title INSTEAD OF INSERT ON titles BEGIN SELECT 1; END;`;
    const pair = [
      tables("title") + view("title, name"),
      tables("name") + view("book.name AS title, author.name AS author"),
    ] as const;
    const { upgrade, downgrade } = await generate(pair, { renames: ["book.title=name"] });
    const around = ["dropTrigger", "dropView", "dropView", "renameColumn"];
    const back = ["createView", "createView", "createTrigger"];
    expect(upgrade.map(({ kind }) => kind)).toEqual([...around, ...back]);
    expect(downgrade.map(({ kind }) => kind)).toEqual([...around, ...back]);
  });

  test("and drops what it is told to", async () => {
    const { upgrade, risks } = await generate([from, to], { drops: ["Author"] });
    expect(upgrade.map(({ kind }) => kind)).toContain("dropTable");
    expect(risks).toContainEqual({ kind: "loses-data", message: 'the rows of table "author" go' });
  });

  test.each([
    ["of what stays", "book=writer"],
    ["to what does not come", "author=poet"],
    ["that is no rename", "author"],
    ["with too many names", "a.b.c=d"],
  ])("and refuses a hint %s", async (_title, hint) => {
    expect(await failureOf(generate([from, to], { renames: [hint], drops: "all" }))).toMatchObject({
      code: "SKM_AUTOGENERATE_RENAME",
      details: { rename: hint },
    });
  });

  test.each<[title: string, options: AutogenerateOptions, message: RegExp, hint: RegExp]>([
    ["a drop of nothing", { drops: ["nope", "author"] }, /nothing of this name goes/, /what goes: "author"$/],
    ["a mistyped drop", { drops: ["authr", "author"] }, /cannot drop "authr"/, /^did you mean "author"\?$/],
    ["a drop of what stays", { drops: ["book", "author"] }, /"book": it stays, or is renamed/, /what goes/],
    [
      "a drop of what is renamed",
      { renames: ["author=writer", "author.mail=email"], drops: ["author"] },
      /"author": it stays, or is renamed/,
      /no table and no column goes/,
    ],
    ["a mistyped rename", { renames: ["autor=writer"], drops: "all" }, /"autor=writer"/, /mean "author"\?/],
  ])("and refuses %s", async (_title, options, message, hint) => {
    const error = await failureOf(generate([from, to], options));
    expect([error.code, error.message, error.hint]).toEqual([
      "SKM_AUTOGENERATE_RENAME",
      expect.stringMatching(message),
      expect.stringMatching(hint),
    ]);
  });

  test("and refuses a drop of nothing where nothing differs", async () => {
    expect(await failureOf(generate([from, from], { drops: ["nope"] }))).toMatchObject({
      code: "SKM_AUTOGENERATE_RENAME",
      details: { drop: "nope" },
    });
  });

  test("and takes the old name of a table for a column that goes", async () => {
    const { upgrade } = await generate([from, to], { renames: ["author=writer"], drops: ["author.MAIL"] });
    expect(upgrade[0]?.kind).toBe("renameTable");
    expect(upgrade.some(({ kind }) => kind === "renameColumn")).toBe(false);
  });

  test("and about a virtual table that is made again", async () => {
    const pair = ["CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE VIRTUAL TABLE f USING fts5(a, b)"] as const;
    expect((await failureOf(generate(pair))).message).toContain('virtual table "f" would be dropped');
    expect((await generate(pair, { drops: ["f"] })).upgrade.map(({ kind }) => kind)).toEqual([
      "dropTable",
      "execute",
    ]);
  });
});
