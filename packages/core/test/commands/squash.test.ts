import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MigrationError, type Migrator, type SquashOptions } from "@skillmeat/migrate-core";
import { makeDirectory, writeInto } from "../script/project.ts";
import { failureOf } from "../support/failure-of.ts";
import {
  execute,
  migratorFor,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

/** A revision file without an import, as vitest cannot resolve one from a temporary directory. */
const file = (header: string, upgrade: string, downgrade: string | null): string =>
  `export default { ${header},\n  upgrade(op) { ${upgrade} },${downgrade === null ? "" : `\n  downgrade(op) { ${downgrade} },`}\n};\n`;

const template =
  "export default {\n  {{header}}\n  upgrade(op) {\n    {{upgrade}}\n  },\n  downgrade(op) {\n    {{downgrade}}\n  },\n};\n";

const id = '{ name: "id", type: "INTEGER", primaryKey: true }';
const initial = file(
  'revision: "001", downRevision: null, message: "begin"',
  `op.createTable({ name: "book", columns: [${id}, { name: "title", type: "TEXT" }] })`,
  'op.dropTable("book")',
);
const rating = file(
  'revision: "002", downRevision: "001"',
  'op.addColumn("book", { name: "rating", type: "INTEGER", default: 3 })',
  'op.dropColumn("book", "rating")',
);
const author = file(
  'revision: "003", downRevision: "002"',
  `op.createTable({ name: "author", columns: [${id}, { name: "name", type: "TEXT", nullable: false }] });
   op.createIndex({ name: "ix_author", table: "author", columns: ["name"] });
   op.createView({ name: "good", as: "SELECT title FROM book WHERE rating > 3" })`,
  'op.dropView("good"); op.dropTable("author")',
);
const project = { "001.mjs": initial, "002.mjs": rating, "003.mjs": author };

const createDate = new Date("2026-03-04T05:06:07Z");
const style: SquashOptions = { format: "mjs", template, revision: "100", createDate };

function open(files: Readonly<Record<string, string>>, path = temporaryPath()) {
  const directory = makeDirectory(files);
  return {
    directory,
    path,
    migrator: migratorFor(path, directory),
    names: () => readdirSync(directory).toSorted(),
  };
}

const schemaOf = (path: string): unknown =>
  readRows(
    path,
    "SELECT m.type, m.name, (SELECT group_concat(name || ' ' || type) FROM pragma_table_info(m.name)) FROM sqlite_schema AS m ORDER BY 1, 2",
  );

/** What the schema of a database is that all revisions of a directory have made. */
async function makeFrom(files: Readonly<Record<string, string>>): Promise<unknown> {
  const { migrator, path } = open(files);
  await migrator.upgrade("heads");
  return schemaOf(path);
}

describe("a squash from the base", () => {
  test("writes one revision with the schema of all, and removes their files", async () => {
    const { directory, migrator, names, path } = open(project);
    const squashed = await migrator.squash("001:003", { ...style, message: "as of 2026" });
    expect(squashed).toMatchObject({
      outcome: "written",
      revision: "100",
      downRevision: [],
      dependsOn: [],
      branchLabels: [],
      replaces: ["001", "002", "003"],
      message: "as of 2026",
      createDate: "2026-03-04T05:06:07Z",
      path: join(directory, "100_as_of_2026.mjs"),
      removed: ["001.mjs", "002.mjs", "003.mjs"].map((name) => join(directory, name)),
      isReversible: true,
      dropped: [],
      rowsCompared: true,
    });
    expect(names()).toEqual(["100_as_of_2026.mjs"]);
    expect(readFileSync(squashed.path, "utf8")).toBe(squashed.text);
    expect(squashed.text).toMatchInlineSnapshot(`
      "export default {
        revision: "100",
        downRevision: null,
        replaces: ["001", "002", "003"],
        message: "as of 2026",
        createDate: "2026-03-04T05:06:07Z",
        upgrade(op) {
          op.createTable({
            name: "book",
            columns: [
              { name: "id", type: "INTEGER", primaryKey: true },
              { name: "title", type: "TEXT" },
              { name: "rating", type: "INTEGER", default: 3 },
            ],
          });
          op.createTable({
            name: "author",
            columns: [
              { name: "id", type: "INTEGER", primaryKey: true },
              { name: "name", type: "TEXT", nullable: false },
            ],
          });
          op.createIndex({ name: "ix_author", table: "author", columns: ["name"] });
          op.createView(\`CREATE VIEW good AS
      SELECT title FROM book WHERE rating > 3\`);
        },
        downgrade(op) {
          op.dropView("good");
          op.dropTable("author");
          op.dropTable("book");
        },
      };
      "
    `);
    expect((await migrator.history()).map(({ revision }) => revision)).toEqual(["100"]);
    await migrator.upgrade();
    expect(schemaOf(path)).toEqual(await makeFrom(project));
    await migrator.downgrade("base");
    expect(tables(path)).toEqual([]);
  });

  test("is one for databases that are there already", async () => {
    const { migrator, path } = open(project);
    await migrator.upgrade();
    execute(path, "INSERT INTO book VALUES (1, 'x', 5)");
    await migrator.squash(":", style);
    expect(await migrator.check()).toMatchObject({ upToDate: true, findings: [] });
    expect((await migrator.upgrade()).steps.map(({ kind }) => kind)).toEqual(["stamp"]);
    expect([versions(path), readRows(path, "SELECT * FROM book")]).toEqual([["100"], [[1, "x", 5]]]);
  });

  test("can be done again, and then replaces all that the first one did", async () => {
    const { migrator, path } = open(project);
    await migrator.squash(":002", style);
    expect((await migrator.history()).map(({ revision }) => revision)).toEqual(["003", "100"]);
    const { replaces } = await migrator.squash("100:003", { ...style, revision: "200" });
    expect(replaces).toEqual(["001", "002", "100", "003"]);
    await migrator.upgrade();
    expect(schemaOf(path)).toEqual(await makeFrom(project));
  });

  test("is not done again while a file follows what the first one replaced", async () => {
    const { migrator, names } = open({
      ...project,
      "004.mjs": file('revision: "004", downRevision: "003"', "", ""),
      "000.mjs": file('revision: "000", downRevision: null', "", ""),
      "001.mjs": initial.replace("downRevision: null", 'downRevision: "000"'),
    });
    await migrator.squash("001:003", style);
    const error = await failureOf(migrator.squash("000:100", { ...style, revision: "200" }));
    expect([error.code, error.message]).toEqual([
      "SKM_GRAPH_REPLACED",
      expect.stringContaining('revision "004" follows "003", which "200" has replaced'),
    ]);
    expect(names()).toEqual(["000.mjs", "004.mjs", "100_squash_001_to_003.mjs"]);
  });

  test("leaves what comes after it as it is", async () => {
    const { migrator, directory, path } = open(project);
    await migrator.squash("001:002", style);
    expect(readFileSync(join(directory, "003.mjs"), "utf8")).toBe(author);
    await migrator.upgrade();
    expect(schemaOf(path)).toEqual(await makeFrom(project));
    expect((await migrator.downgrade("002")).headsAfter).toEqual(["100"]);
  });

  test("takes over labels, and what any of them depends on", async () => {
    const side = file('revision: "side", downRevision: null, branchLabels: "beside"', "", "");
    const { migrator } = open({
      "side.mjs": side,
      "001.mjs": file('revision: "001", downRevision: null, branchLabels: ["main"]', "", ""),
      "002.mjs": file('revision: "002", downRevision: "001", dependsOn: "side", branchLabels: "old"', "", ""),
      "003.mjs": file('revision: "003", downRevision: "002", dependsOn: ["001", "side"]', "", ""),
    });
    const squashed = await migrator.squash("001:003", style);
    expect(squashed).toMatchObject({ branchLabels: ["main", "old"], dependsOn: ["side"], downRevision: [] });
    expect((await migrator.show("main@head")).map(({ revision }) => revision)).toEqual(["100"]);
    expect((await migrator.upgrade("100")).headsAfter).toEqual(["100"]);
  });

  test("says which older code may open a database, as the last of them did", async () => {
    const header = (revision: string, down: string, reader: string) =>
      file(`revision: "${revision}", downRevision: "${down}", minimumReader: "${reader}"`, "", "");
    const files = {
      "001.mjs": initial,
      "002.mjs": header("002", "001", "001"),
      "003.mjs": header("003", "002", "002"),
      "004.mjs": header("004", "003", "003"),
    };
    for (const [range, reader] of [
      ["002:003", "002"],
      ["003:004", "003"],
      ["001:004", "003"],
    ] as const) {
      const { migrator, path } = open(files);
      const { text } = await migrator.squash(range, style);
      expect(text).toContain(`minimumReader: "${reader}",`);
      await migrator.upgrade();
      expect((await migratorFor(path, makeDirectory(files)).standing()).kind).toMatch(/known|newer/);
    }
  });

  test.each([
    ["which another one names", 'minimumReader: "y"', 'minimumReader: "y"'],
    ["where nobody says who may open a database", "message: 'x'", undefined],
  ])("keeps the floor of a squash that it replaces, %s", async (_, header, expected) => {
    const { migrator } = open({
      "001.mjs": initial,
      "100.mjs": file('revision: "100", downRevision: "001", replaces: ["x", "y"]', "", ""),
      "102.mjs": file(`revision: "102", downRevision: "100", ${header}`, "", ""),
    });
    const { text, replaces } = await migrator.squash("001:100", { ...style, revision: "200" });
    expect(replaces).toEqual(["001", "x", "y", "100"]);
    expect(/minimumReader: .*(?=,)/u.exec(text)?.[0]).toBe(expected);
  });

  test("has no way back where one of them has none", async () => {
    const oneWay = file('revision: "002", downRevision: "001"', 'op.dropTable("book")', null);
    const { migrator } = open({ "001.mjs": initial, "002.mjs": oneWay });
    const { text, isReversible, operations } = await migrator.squash(":", {
      ...style,
      template: "export default {\n  {{header}}\n  upgrade(op) { {{upgrade}} },\n};\n",
    });
    expect({ isReversible, operations }).toEqual({ isReversible: false, operations: [] });
    expect(text).not.toContain("downgrade");
  });
});

/** Puts rows in before the range, goes up, and compares with what the old revisions make of them. */
async function expectSame(files: Readonly<Record<string, string>>, range: string, options: SquashOptions) {
  const rows = "INSERT INTO book (id, title) VALUES (1, 'x'), (2, NULL)";
  const paths = [temporaryPath(), temporaryPath()] as const;
  for (const path of paths) {
    await migratorFor(path, makeDirectory(files)).upgrade("001");
    execute(path, rows);
  }
  const old = migratorFor(paths[0], makeDirectory(files));
  const squashing = open(files, paths[1]);
  const squashed = await squashing.migrator.squash(range, options);
  for (const run of [(one: Migrator) => one.upgrade(), (one: Migrator) => one.downgrade("001")]) {
    await run(old);
    await run(squashing.migrator);
    const state = (path: string) => [schemaOf(path), readRows(path, "SELECT * FROM book ORDER BY id")];
    expect(state(paths[1])).toEqual(state(paths[0]));
  }
  return squashed;
}

describe("a squash in the middle", () => {
  test("does to rows what the old revisions did", async () => {
    const tight = file(
      'revision: "003", downRevision: "002"',
      `op.alterColumn("book", "rating", { type: "TEXT", nullable: false });
       op.createTrigger("CREATE TRIGGER t AFTER UPDATE ON book BEGIN SELECT 1; END")`,
      'op.dropTrigger("t"); op.alterColumn("book", "rating", { type: "INTEGER", nullable: true })',
    );
    const squashed = await expectSame({ ...project, "003.mjs": tight }, "002:003", style);
    expect(squashed).toMatchObject({
      downRevision: ["001"],
      rowsCompared: true,
      tablesWithoutRows: [],
      isReversible: true,
    });
  });

  const renaming = {
    "001.mjs": initial,
    "002.mjs": file(
      'revision: "002", downRevision: "001"',
      'op.renameColumn("book", "title", "name")',
      'op.renameColumn("book", "name", "title")',
    ),
    "003.mjs": file(
      'revision: "003", downRevision: "002"',
      'op.addColumn("book", { name: "pages", type: "INTEGER" })',
      'op.dropColumn("book", "pages")',
    ),
  };

  test.each<[string, string, string, string]>([
    [
      "a column",
      'op.renameColumn("book", "title", "name")',
      'op.renameColumn("book", "name", "title")',
      'column "book.title" becomes "name"; column "book.name" becomes "title"',
    ],
    [
      "a column in a batch",
      'op.batchAlterTable("book", (batch) => { batch.renameColumn("title", "name") })',
      'op.batchAlterTable("book", (batch) => { batch.renameColumn("name", "title") })',
      'column "book.title" becomes "name"; column "book.name" becomes "title"',
    ],
    [
      "a table",
      'op.renameTable("book", "work")',
      'op.renameTable("work", "book")',
      'table "book" becomes "work"; table "work" becomes "book"',
    ],
    [
      "two columns that change places",
      'for (const [a, b] of [["id", "x"], ["rating", "id"], ["x", "rating"]]) op.renameColumn("book", a, b)',
      "",
      'column "book.id" becomes "rating"; column "book.rating" becomes "id"',
    ],
    [
      "something in SQL",
      'op.execute("ALTER TABLE book\\n RENAME title TO name")',
      'op.execute("ALTER TABLE book RENAME name TO title")',
      "ALTER TABLE book RENAME title TO name; ALTER TABLE book RENAME name TO title",
    ],
  ])("is refused where the old revisions rename %s", async (_, up, down, text) => {
    const { migrator, names } = open({
      "000.mjs": initial,
      "001.mjs": rating,
      "002.mjs": file('revision: "003", downRevision: "002"', up, down === "" ? null : down),
      "003.mjs": file('revision: "004", downRevision: "003"', "", ""),
    });
    const error = await failureOf(migrator.squash("003:004", style));
    expect(error).toMatchObject({ code: "SKM_SQUASH_UNPROVEN", exitCode: 9 });
    expect(error.message).toContain(`a schema does not tell what is renamed: ${text}; nothing was written`);
    expect(error.hint).toContain("--keep-operations");
    expect(names()).toHaveLength(4);
  });

  test("may rename what it has made itself", async () => {
    const { migrator, path } = open(renaming);
    await migrator.squash(":", style);
    await migrator.upgrade();
    expect(schemaOf(path)).toEqual(await makeFrom(renaming));
  });

  test("does it all where operations are kept", async () => {
    const squashed = await expectSame(renaming, "002:003", { ...style, keepOperations: true });
    expect(squashed.operations).toEqual([
      expect.stringContaining("rename column"),
      expect.stringContaining("add column"),
    ]);
    expect(squashed.rowsCompared).toBe(true);
  });

  test("does not take a table that went and came for one that stayed", async () => {
    const { migrator } = open({
      "001.mjs": initial,
      "002.mjs": file('revision: "002", downRevision: "001"', 'op.dropTable("book")', null),
      "003.mjs": file(
        'revision: "003", downRevision: "002"',
        `op.createTable({ name: "book", columns: [${id}, { name: "title", type: "TEXT" }] })`,
        null,
      ),
    });
    expect(await failureOf(migrator.squash("002:003", style))).toMatchObject({
      details: { tables: ["book"] },
    });
  });

  test("minds the order of columns", async () => {
    const { migrator } = open({
      "001.mjs": initial,
      "002.mjs": rating,
      "003.mjs": file(
        'revision: "003", downRevision: "002"',
        'op.dropColumn("book", "title"); op.addColumn("book", { name: "title", type: "TEXT" })',
        null,
      ),
    });
    const error = await failureOf(migrator.squash("002:003", style));
    expect(error.details["differences"]).toEqual(['the columns of "book" in another order']);
  });

  test("does not mistake the clock for a difference", async () => {
    const stamped = file(
      'revision: "003", downRevision: "002"',
      'op.execute("UPDATE book SET rating = unixepoch(), title = datetime()")',
      "",
    );
    const { migrator } = open({ ...project, "003.mjs": stamped });
    for (let tries = 0; tries < 3; tries += 1)
      expect(
        await migrator.squash("002:003", { ...style, keepOperations: true, dryRun: true }),
      ).toMatchObject({
        rowsCompared: true,
      });
  });

  test("needs rows for its proof, which the old revisions must take", async () => {
    const strict = file(
      'revision: "003", downRevision: "002"',
      'op.createIndex({ name: "u", table: "book", columns: ["rating"], unique: true })',
      'op.dropIndex("u")',
    );
    const { migrator } = open({ ...project, "003.mjs": strict });
    const error = await failureOf(migrator.squash("002:003", style));
    expect(error.code).toBe("SKM_SQUASH_UNPROVEN");
    expect(error.message).toContain("the old revisions fail on sample rows, so that rows cannot be compared");
    const kept = await migrator.squash("002:003", { ...style, keepOperations: true });
    expect(kept).toMatchObject({ outcome: "written", rowsCompared: false });
  });
});

const seeding = {
  "001.mjs": initial,
  "002.mjs": file(
    'revision: "002", downRevision: "001"',
    'op.bulkInsert("book", [{ id: 1, title: "x" }]); op.updateRows("book", { set: { title: "y" } })',
    'op.execute("DELETE FROM book WHERE id = 1")',
  ),
  "003.mjs": rating.replace('"002"', '"003"').replace('"001"', '"002"'),
};

describe("what revisions do to rows", () => {
  test("is listed and refused where a database may have rows", async () => {
    const { migrator, names } = open(seeding);
    const error = await failureOf(migrator.squash("002:003", style));
    expect(error).toMatchObject({ code: "SKM_SQUASH_DATA", exitCode: 9 });
    expect(error.message.split("\n")).toEqual([
      "cannot squash: the revisions do something to rows, and it would be lost:",
      '  002, upgrade: insert 1 row into "book"',
      "  002, upgrade: execute UPDATE book SET title = ?",
      "  002, downgrade: execute DELETE FROM book WHERE id = 1",
    ]);
    expect(error.hint).toContain("--keep-operations");
    expect(error.hint).not.toContain("--drop-data-operations");
    expect(names()).toHaveLength(3);
  });

  test("is known from a base: the rows of a new database are inserted as they are", async () => {
    const { migrator, path } = open(seeding);
    const squashed = await migrator.squash(":", style);
    expect(squashed).toMatchObject({ rows: 1, dropped: [], rowsCompared: true });
    expect(squashed.text).toContain('op.bulkInsert("book", [{ id: 1, title: "y", rating: 3 }]);');
    await migrator.upgrade();
    expect([schemaOf(path), readRows(path, "SELECT * FROM book")]).toEqual([
      await makeFrom(seeding),
      [[1, "y", 3]],
    ]);
  });

  test("goes by foreign keys, types and triggers", async () => {
    const files = {
      "001.mjs": file(
        'revision: "001", downRevision: null',
        `op.createTable({ name: "child", columns: [${id}, { name: "of", type: "INTEGER", references: { table: "parent", column: "id" } }] });
         op.createTable({ name: "parent", columns: [${id}, { name: "data", type: "BLOB" }, { name: "x" }, { name: "twice", type: "INTEGER", generated: { as: "id * 2" } }] });
         op.createTrigger("CREATE TRIGGER bump AFTER INSERT ON child BEGIN UPDATE parent SET x = 'bumped' WHERE id = NEW.of; END")`,
        'op.dropTable("child"); op.dropTable("parent")',
      ),
      "002.mjs": file(
        'revision: "002", downRevision: "001"',
        `op.bulkInsert("parent", [{ id: 1, data: new Uint8Array([0, 255]), x: 2.5 }, { id: 2, data: null, x: 9007199254740993n }]);
         op.execute("INSERT INTO child SELECT 7, id FROM parent WHERE id = 1")`,
        'op.execute("DELETE FROM child"); op.execute("DELETE FROM parent")',
      ),
    };
    const { migrator, path } = open(files);
    expect((await migrator.squash(":", style)).rows).toBe(3);
    await migrator.upgrade();
    const other = open(files);
    await other.migrator.upgrade();
    for (const sql of [
      "SELECT id, hex(data), typeof(x), quote(x), twice FROM parent ORDER BY 1",
      "SELECT * FROM child",
    ])
      expect(readRows(path, sql)).toEqual(readRows(other.path, sql));
    expect(readRows(path, "SELECT x FROM parent ORDER BY id")).toEqual([["bumped"], [expect.anything()]]);
  });

  test.each([
    [
      "the time",
      'op.execute("INSERT INTO book VALUES (1, datetime())")',
      'table "book" holds the time at which it was done',
    ],
    [
      "what a virtual table keeps",
      'op.execute("CREATE VIRTUAL TABLE f USING fts5(a)"); op.execute("INSERT INTO f VALUES (1)")',
      'the virtual table "f" is not empty',
    ],
    ["a setting", 'op.execute("PRAGMA user_version = 7")', "neither a definition nor about rows"],
    [
      "ids that must not be given again",
      'op.execute("CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT)"); op.execute("INSERT INTO n VALUES (1), (7)"); op.execute("DELETE FROM n WHERE id = 7")',
      'table "n" must not give the id 7 again, whose row is gone',
    ],
  ])("is refused from a base too where it leaves %s", async (_, body, text) => {
    const { migrator } = open({
      "001.mjs": initial,
      "002.mjs": file('revision: "002", downRevision: "001"', body, null),
    });
    const error = await failureOf(migrator.squash(":", style));
    expect([error.code, error.message]).toEqual(["SKM_SQUASH_DATA", expect.stringContaining(text)]);
    expect(error.hint).toMatch(/--keep-operations .* --drop-data-operations/);
  });

  // No sample row passes its CHECK, so that the proof has none.
  const narrow = {
    "001.mjs": file(
      'revision: "001", downRevision: null',
      `op.execute("CREATE TABLE book (id INTEGER PRIMARY KEY CHECK (id > 1000), title CHECK (title = id || 'x'))")`,
      'op.dropTable("book")',
    ),
    "002.mjs": file(
      'revision: "002", downRevision: "001"',
      'op.execute("CREATE TABLE archive AS SELECT * FROM book")',
      'op.dropTable("archive")',
    ),
    "003.mjs": file(
      'revision: "003", downRevision: "002"',
      'op.execute("CREATE TABLE other (id)")',
      'op.dropTable("other")',
    ),
  };

  test("is done by CREATE TABLE … AS, too", async () => {
    const { migrator } = open(narrow);
    const error = await failureOf(migrator.squash("002:003", style));
    expect([error.code, error.message]).toEqual([
      "SKM_SQUASH_DATA",
      expect.stringContaining("002, upgrade: execute CREATE TABLE archive AS SELECT * FROM book"),
    ]);
    expect(await migrator.squash("002:003", { ...style, keepOperations: true })).toMatchObject({
      rowsCompared: true,
      tablesWithoutRows: ["book"],
    });
    const { migrator: other, path } = open({
      ...narrow,
      "002.mjs": narrow["002.mjs"].replace("SELECT * FROM book", "SELECT 7 AS id"),
    });
    expect(await other.squash(":003", style)).toMatchObject({ rows: 1 });
    await other.upgrade();
    expect(readRows(path, "SELECT id FROM archive")).toEqual([[7]]);
  });

  test("is not proven the same where a text is other bytes", async () => {
    const files = {
      "001.mjs": initial,
      "002.mjs": file(
        'revision: "002", downRevision: "001"',
        `op.execute("INSERT INTO book VALUES (1, CAST(x'ff41' AS TEXT))")`,
        null,
      ),
    };
    const error = await failureOf(open(files).migrator.squash(":", style));
    expect([error.code, error.message]).toEqual([
      "SKM_SQUASH_UNPROVEN",
      expect.stringContaining('other rows than the old ones in "book"'),
    ]);
  });

  test("leaves the time of a row to a default that has been there", async () => {
    const files = {
      "001.mjs": file(
        'revision: "001", downRevision: null',
        'op.execute("CREATE TABLE setting (name PRIMARY KEY, value, at TEXT DEFAULT CURRENT_TIMESTAMP)")',
        'op.dropTable("setting")',
      ),
      "002.mjs": file(
        'revision: "002", downRevision: "001"',
        `op.execute("INSERT INTO setting (name, value) VALUES ('a', 1), ('b', 2)");
         op.execute("INSERT INTO setting VALUES ('c', 3, '2020-01-01 00:00:00')")`,
        'op.execute("DELETE FROM setting")',
      ),
    };
    const { migrator, path } = open(files);
    const { rows, text } = await migrator.squash(":", { format: "sql", revision: "100" });
    expect(rows).toBe(3);
    expect(text).toMatch(/\(name, value\) VALUES\s*\('a', 1\),\s*\('b', 2\);/);
    await migrator.upgrade();
    const found = "SELECT name, value, at > datetime('now', '-1 minute') FROM setting ORDER BY 1";
    expect(readRows(path, found)).toEqual([
      ["a", 1, 1],
      ["b", 2, 1],
      ["c", 3, 0],
    ]);
    const wrong = files["001.mjs"].replace("CURRENT_TIMESTAMP", "'never'");
    const set = file(
      'revision: "002", downRevision: "001"',
      `op.execute("INSERT INTO setting VALUES ('a', 1, datetime())")`,
      null,
    );
    expect(
      await failureOf(open({ "001.mjs": wrong, "002.mjs": set }).migrator.squash(":", style)),
    ).toMatchObject({
      code: "SKM_SQUASH_UNPROVEN",
      details: { tables: ["setting"] },
    });
  });

  test("is refused where chance decides", async () => {
    const { migrator } = open({
      "001.mjs": initial,
      "002.mjs": file(
        'revision: "002", downRevision: "001"',
        'op.execute("INSERT INTO book VALUES (1, hex(randomblob(8)))")',
        null,
      ),
    });
    expect(await failureOf(migrator.squash(":", style))).toMatchObject({
      code: "SKM_SQUASH_UNPROVEN",
      details: { tables: ["book"] },
    });
  });

  test("is carried over where operations are kept", async () => {
    const { migrator, path } = open(seeding);
    const { rowsCompared } = await migrator.squash(":", { ...style, keepOperations: true });
    await migrator.upgrade();
    expect([rowsCompared, readRows(path, "SELECT * FROM book")]).toEqual([true, [[1, "y", 3]]]);
  });

  test("is left out from a base where that is asked for, and said", async () => {
    const { migrator, path } = open(seeding);
    const squashed = await migrator.squash(":", { ...style, dropDataOperations: true });
    expect(squashed.dropped.map(({ revision, direction, asks }) => [revision, direction, asks])).toEqual([
      ["002", "upgrade", false],
      ["002", "upgrade", false],
      ["002", "downgrade", false],
    ]);
    expect(squashed.rowsCompared).toBe(false);
    await migrator.upgrade();
    expect(readRows(path, "SELECT * FROM book")).toEqual([]);
  });

  test("is never left out where rows may be that need it", async () => {
    const { migrator } = open(seeding);
    const error = await failureOf(migrator.squash("002:003", { ...style, dropDataOperations: true }));
    expect(error.code).toBe("SKM_SQUASH_DATA");
    expect(error.message).toContain("in databases below the range there may be rows that need it");
  });

  test("cannot be kept where it depends on an answer", async () => {
    const asking = {
      ...seeding,
      "002.mjs": `export default { revision: "002", downRevision: "001",
        async upgrade(op) {
          const rows = await op.query("SELECT count(*) FROM book");
          if (rows.length > 0) op.createIndex({ name: "i", table: "book", columns: ["title"] });
        },
        downgrade(op) { op.dropIndex("i"); } };`,
    };
    const { migrator, path } = open(asking);
    const error = await failureOf(migrator.squash(":", { ...style, keepOperations: true }));
    expect(error.code).toBe("SKM_SQUASH_DATA");
    expect(error.message).toContain("\n  002, upgrade: ask SELECT count(*) FROM book");
    expect((await migrator.squash(":", style)).operations).toHaveLength(2);
    await migrator.upgrade();
    expect(schemaOf(path)).toEqual(await makeFrom(asking));
  });
});

describe("a range that cannot be squashed", () => {
  const empty = (header: string): string => file(header, "", "");
  const graph = {
    "a.mjs": empty('revision: "a", downRevision: null'),
    "b.mjs": empty('revision: "b", downRevision: "a"'),
    "c.mjs": empty('revision: "c", downRevision: "b"'),
    "d.mjs": empty('revision: "d", downRevision: "b"'),
    "e.mjs": empty('revision: "e", downRevision: ["c", "d"]'),
    "f.mjs": empty('revision: "f", downRevision: "e"'),
    "g.mjs": empty('revision: "g", downRevision: "f"'),
    "z.mjs": empty('revision: "z", downRevision: null, dependsOn: "f"'),
  };
  test.each([
    ["a:a", "SKM_SQUASH_RANGE", 'it holds one revision, "a"'],
    ["a:c", "SKM_SQUASH_RANGE", '"d" follows "b", which is not its end'],
    ["a:f", "SKM_SQUASH_RANGE", '"e" joins "c", "d"'],
    ["e:g", "SKM_SQUASH_RANGE", '"z" depends on "f", which is not its end'],
    ["c:d", "SKM_GRAPH_NOT_ANCESTOR", '"c" is not an ancestor of "d"'],
    ["a", "SKM_USAGE", "is not a range"],
    ["a:nope", "SKM_GRAPH_UNKNOWN", "nope"],
    [":base", "SKM_SQUASH_RANGE", "it ends at the base"],
    ["a:", "SKM_GRAPH_MULTIPLE_HEADS", "head"],
  ])("%s", async (range, code, text) => {
    const { migrator, names } = open(graph);
    const error = await failureOf(migrator.squash(range, style));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(text)]);
    expect(names()).toHaveLength(8);
  });

  test("may begin with a merge, and end where branches begin", async () => {
    const { migrator } = open(graph);
    expect((await migrator.squash("a:b", style)).replaces).toEqual(["a", "b"]);
    expect((await migrator.squash("e:f", { ...style, revision: "200" })).downRevision).toEqual(["c", "d"]);
    expect((await migrator.upgrade("z")).headsAfter).toEqual(["z"]);
  });
});

describe("files", () => {
  test("stay as they are in a dry run", async () => {
    const { migrator, names } = open(project);
    const squashed = await migrator.squash(":", { ...style, dryRun: true });
    expect(squashed).toMatchObject({
      outcome: "proven",
      removed: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect([names(), existsSync(squashed.path)]).toEqual([["001.mjs", "002.mjs", "003.mjs"], false]);
  });

  test("are copied to an archive before they go", async () => {
    const { migrator, directory, names } = open(project);
    const archive = join(makeDirectory(), "old");
    await migrator.squash(":002", { ...style, archive });
    expect(readdirSync(archive).toSorted()).toEqual(["001.mjs", "002.mjs"]);
    expect(readFileSync(join(archive, "001.mjs"), "utf8")).toBe(initial);
    expect(names()).toHaveLength(2);
    const error = await failureOf(migrator.squash(":", { ...style, revision: "200", archive: directory }));
    expect(error.message).toContain("revisions are looked for there");
    writeInto(archive, "003.mjs", "mine");
    const taken = await failureOf(migrator.squash(":", { ...style, revision: "200", archive }));
    expect([taken.code, taken.details["directory"]]).toEqual(["SKM_SQUASH_FILES", archive]);
    expect([names().length, readFileSync(join(archive, "003.mjs"), "utf8")]).toEqual([2, "mine"]);
  });

  test("that are links are refused", async () => {
    const { migrator, directory, names } = open({ "001.mjs": initial, "003.mjs": author });
    writeInto(directory, "elsewhere/002.mjs", rating);
    symlinkSync(join(directory, "elsewhere", "002.mjs"), join(directory, "002.mjs"));
    const error = await failureOf(migrator.squash(":", style));
    expect([error.code, error.message]).toEqual([
      "SKM_SQUASH_FILES",
      expect.stringContaining("is not a plain file"),
    ]);
    expect(names()).toHaveLength(4);
  });

  test("must be there: objects cannot be squashed", async () => {
    const given = [
      { revision: "a", downRevision: null, upgrade: () => undefined },
      { revision: "b", downRevision: "a", upgrade: () => undefined },
    ];
    expect(await failureOf(migratorFor(temporaryPath(), given).squash(":"))).toMatchObject({
      code: "SKM_SQUASH_FILES",
    });
  });

  test.each<[string, SquashOptions, string]>([
    [
      "a hook fails",
      {
        afterWrite: () => {
          throw new TypeError("hook");
        },
      },
      "hook",
    ],
    [
      "a hook changes what it does",
      { afterWrite: (path) => rewrite(path, '"author"', '"writer"') },
      "does not read as",
    ],
    [
      "a hook changes its header",
      { afterWrite: (path) => rewrite(path, '"003"', '"004"') },
      "does not read as",
    ],
    [
      "the template forgets the way back",
      { template: "export default { {{header}} upgrade(op) { {{upgrade}} } }" },
      "does not read as",
    ],
    [
      "what is written throws",
      { template: template.replace("{{upgrade}}", "{{upgrade}}; nothing()") },
      "nothing is not defined",
    ],
    ["its id is taken", { revision: "002" }, "is taken"],
    ["its id is no id", { revision: "a-b" }, "a-b"],
  ])("stay as they were when %s", async (_, options, text) => {
    const { migrator, names, path } = open(project);
    const error = await migrator.squash(":", { ...style, ...options }).then(
      () => expect.unreachable(),
      (reason: Error) => reason,
    );
    expect(error.message).toContain(text);
    expect(error).toBeInstanceOf(text === "hook" ? TypeError : MigrationError);
    expect(names()).toEqual(["001.mjs", "002.mjs", "003.mjs"]);
    expect((await migrator.upgrade()).headsAfter).toEqual(["003"]);
    expect(versions(path)).toEqual(["003"]);
  });

  test("that cannot be removed are named, and everything refuses until they are", async () => {
    const { migrator, directory, names } = open(project);
    // A directory in its place is no revision, and not removed either.
    const block = (): void => {
      rmSync(join(directory, "002.mjs"));
      mkdirSync(join(directory, "002.mjs"));
    };
    const error = await failureOf(migrator.squash(":", { ...style, afterWrite: block }));
    expect(error).toMatchObject({
      code: "SKM_SQUASH_PARTIAL",
      exitCode: 8,
      details: {
        removed: [join(directory, "001.mjs"), join(directory, "003.mjs")],
        left: [join(directory, "002.mjs")],
      },
    });
    expect(names()).toEqual(["002.mjs", "100_squash_001_to_003.mjs"]);
  });

  test("of an interrupted squash are both there, and everything that writes refuses", async () => {
    const { migrator, directory } = open(project);
    const { text } = await migrator.squash(":", { ...style, dryRun: true });
    writeInto(directory, "100.mjs", text);
    const fresh = migratorFor(temporaryPath(), directory);
    expect(await failureOf(fresh.upgrade())).toMatchObject({ code: "SKM_GRAPH_REPLACES", exitCode: 4 });
    for (const name of Object.keys(project)) rmSync(join(directory, name));
    expect((await migratorFor(temporaryPath(), directory).upgrade()).headsAfter).toEqual(["100"]);
  });
});

describe("an SQL script", () => {
  const script = (header: string, upgrade: string, downgrade: string): string =>
    `${header}\n-- upgrade\n${upgrade}\n-- downgrade\n${downgrade}\n`;
  const scripts = {
    "001.sql": script(
      "-- revision: 001\n-- downRevision: base",
      "CREATE TABLE book (id INTEGER PRIMARY KEY, a TEXT); -- one",
      "DROP TABLE book;",
    ),
    "002.sql": script(
      "-- revision: 002\n-- downRevision: 001",
      "INSERT INTO book VALUES (1, 'it''s'); -- two",
      "DELETE FROM book;",
    ),
  };

  test("is written with the operations of others", async () => {
    const { migrator, path } = open(scripts);
    const squashed = await migrator.squash(":", {
      format: "sql",
      revision: "100",
      createDate,
      keepOperations: true,
    });
    expect(squashed.text).toBe(`-- revision: 100
-- downRevision: base
-- replaces: 001, 002
-- message: squash 001 to 002
-- createDate: 2026-03-04T05:06:07Z

-- upgrade
CREATE TABLE book (id INTEGER PRIMARY KEY, a TEXT);

INSERT INTO book VALUES (1, 'it''s');

-- downgrade
DELETE FROM book;

DROP TABLE book;
`);
    await migrator.upgrade();
    expect(readRows(path, "SELECT * FROM book")).toEqual([[1, "it's"]]);
    await migrator.downgrade("base");
    expect(tables(path)).toEqual([]);
  });

  test("is written from a schema, but not where a table has to be rebuilt", async () => {
    const { migrator, path } = open(project);
    const { text } = await migrator.squash("002:003", { format: "sql", revision: "100", createDate });
    expect(text).toContain("ALTER TABLE book ADD COLUMN rating INTEGER DEFAULT 3;");
    await migrator.upgrade();
    expect(schemaOf(path)).toEqual(await makeFrom(project));
    const tight = file(
      'revision: "003", downRevision: "002"',
      'op.alterColumn("book", "title", { nullable: false })',
      null,
    );
    const other = open({ ...project, "003.mjs": tight });
    for (const keepOperations of [true, false]) {
      const options = { format: "sql", revision: "100", keepOperations } as const;
      expect(await failureOf(other.migrator.squash("002:003", options))).toMatchObject({
        code: "SKM_NEEDS_REBUILD",
      });
    }
    expect(other.names()).toHaveLength(3);
  });
});

function rewrite(path: string, from: string, to: string): void {
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(from, to));
}
