import { copyFileSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { MigratorOptions, Operations, Revision, SqlOptions } from "@skillmeat/migrate-core";
import { readState } from "../batch/database-state.ts";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import { dump, runShell } from "../support/sqlite-shell.ts";
import { execute, migratorFor, readRows, temporaryPath, versions } from "../support/temporary-database.ts";

const nasty = "it's\n; -- no comment\n.quit\n/* \u2028 'ünï' \u{1f600} ?";

/** Tables that refer to each other, values that are hard to write, a rebuild of a parent, both directions. */
const library: readonly Revision[] = [
  revision("users", null, {
    message: "create users\nand posts",
    upgrade: (op) => {
      op.createTable({
        name: "users",
        columns: [
          { name: "id", type: "INTEGER", primaryKey: { autoincrement: true } },
          { name: "email", type: "TEXT", unique: true },
          { name: "data", type: "BLOB" },
          { name: "size", type: "REAL" },
        ],
      });
      op.createTable({
        name: "posts",
        columns: [
          { name: "id", type: "INTEGER", primaryKey: true },
          {
            name: "user_id",
            type: "INTEGER",
            references: { table: "users", column: "id", onDelete: "cascade" },
          },
          { name: "title", type: "TEXT" },
        ],
      });
      op.createIndex({ name: "ix_posts_user", table: "posts", columns: ["user_id"] });
      op.createTrigger({
        name: "posts_title",
        table: "posts",
        timing: "after",
        event: "insert",
        body: "UPDATE posts SET title = CASE WHEN title IS NULL THEN ';' ELSE title END WHERE id = NEW.id; SELECT 1",
      });
      op.createView({
        name: "authors",
        as: "SELECT email FROM users WHERE id IN (SELECT user_id FROM posts)",
      });
      op.bulkInsert("users", [
        { id: 5, email: nasty, data: new Uint8Array([0, 255]), size: 1e300 },
        { id: 7, email: "b\0c", data: null, size: -0.1 },
        { id: 2 ** 53 - 1, email: null, data: null, size: null },
      ]);
      op.execute("INSERT INTO posts VALUES (1, ?, ?), (2, ?, ?) -- two", [5, nasty, 7, null]);
    },
    downgrade: (op) => {
      op.dropView("authors");
      op.dropTable("posts");
      op.dropTable("users");
    },
  }),
  revision("strict", "users", {
    upgrade: (op) => {
      op.require("SELECT count(*) > 1 FROM users", "there are users");
      op.batchAlterTable("users", (batch) => {
        batch.alterColumn("size", { nullable: false, default: 1 });
        batch.createCheckConstraint({ name: "ck_users_email", expression: "email <> ''" });
      });
    },
    downgrade: (op) => {
      op.batchAlterTable("users", (batch) => {
        batch.dropConstraint("ck_users_email");
        batch.alterColumn("size", { nullable: true, default: null });
      });
    },
  }),
  revision("names", "strict", {
    upgrade: (op) => {
      op.addColumn("posts", { name: "body text", type: "TEXT" });
      op.renameColumn("posts", "title", "headline");
      op.renameTable("posts", "articles");
      op.dropColumn("users", "data");
    },
    downgrade: (op) => {
      op.addColumn("users", { name: "data", type: "BLOB" });
      op.renameTable("articles", "posts");
      op.renameColumn("posts", "headline", "title");
      op.dropColumn("posts", "body text");
    },
  }),
];
/** The rebuild in "strict" makes size NOT NULL: its rows have to be filled before. */
const filled = library.map((one) =>
  one.revision === "users"
    ? {
        ...one,
        upgrade: (op: Operations) => {
          void one.upgrade(op);
          op.execute("UPDATE users SET size = 0.5 WHERE size IS NULL");
        },
      }
    : one,
);

async function script(
  revisions: readonly Revision[],
  range: string,
  options: Partial<MigratorOptions> & SqlOptions = {},
): Promise<string> {
  const { command, ...rest } = options;
  return await migratorFor(temporaryPath(), revisions, rest).sql(
    range,
    command === undefined ? {} : { command },
  );
}

/** What two databases must have in common to be called equal. */
function contents(path: string) {
  const database = new Database(path, { readonly: true });
  try {
    const state = readState(database);
    const rows = Object.keys(state.tables).map((table) => [
      table,
      database.prepare<unknown[], unknown[]>(`SELECT rowid, * FROM "${table}"`).safeIntegers().raw().all(),
    ]);
    const versionRows = database.prepare("SELECT * FROM alembic_version ORDER BY 1").raw().all();
    return {
      state,
      rows,
      versionRows,
      integrity: database.pragma("integrity_check", { simple: true }),
      foreignKeys: database.pragma("foreign_key_check"),
    };
  } finally {
    database.close();
  }
}

describe("a script does what the online run does", () => {
  test.each([
    ["upgrade", "base", "names"],
    ["upgrade", "users", "names"],
    ["upgrade", "strict", "+1"],
    ["downgrade", "names", "base"],
    ["downgrade", "names", "users"],
    ["downgrade", "strict", "-1"],
  ] as const)("%s from %s to %s", async (command, from, to) => {
    for (const transactionPer of ["run", "revision"] as const) {
      const online = temporaryPath();
      const migrator = migratorFor(online, filled, { transactionPer });
      if (from !== "base") await migrator.upgrade(from);
      await migrator.close();
      const offline = temporaryPath();
      if (from !== "base") copyFileSync(online, offline);
      await migratorFor(online, filled, { transactionPer })[command](to);
      const sql = await script(filled, `${from}:${to}`, { command, transactionPer });
      expect(runShell(offline, sql, "-bail")).toEqual({ exit: 0, stdout: "", stderr: "" });
      expect(contents(offline)).toEqual(contents(online));
    }
  });

  test("a stamp", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).upgrade("a");
    expect(runShell(path, await script(chain(), "a:c", { command: "stamp" }), "-bail").stderr).toBe("");
    expect(versions(path)).toEqual(["c"]);
    expect(readRows(path, "SELECT count(*) FROM sqlite_schema WHERE name IN ('b', 'c')")).toEqual([[0]]);
    expect(runShell(path, await script(chain(), "c:base", { command: "stamp" })).exit).toBe(0);
    expect(versions(path)).toEqual([]);
  });

  test("several heads", async () => {
    const branched = [revision("a", null), revision("b", "a"), revision("c", "a"), revision("d", ["b", "c"])];
    const path = temporaryPath();
    expect(runShell(path, await script(branched, "heads"), "-bail").exit).toBe(0);
    expect(runShell(path, await script(branched, "d:a"), "-bail").exit).toBe(0);
    expect(runShell(path, await script(branched, "a:c"), "-bail").exit).toBe(0);
    expect(versions(path)).toEqual(["c"]);
  });
});

describe.each([
  ["stops at the first error", ["-bail"]],
  ["goes on after an error", []],
] as const)("a shell that %s", (_title, bail) => {
  test.each([
    ["another revision", "INSERT INTO alembic_version VALUES ('c')"],
    ["one revision more", "INSERT INTO alembic_version VALUES ('a'), ('z')"],
    ["no revision", "SELECT 1"],
  ])("changes nothing in a database at %s", async (_title, rows) => {
    const path = temporaryPath();
    execute(path, `CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY); ${rows}`);
    const before = dump(path);
    const outcome = runShell(path, await script(chain(), "a:c"), ...bail);
    expect(outcome.exit).toBe(1);
    expect(outcome.stderr).toContain("this must be true: the database is at a");
    expect(dump(path)).toBe(before);
  });

  test("changes nothing when it runs a script twice", async () => {
    const path = temporaryPath();
    const sql = await script(filled, "head");
    expect(runShell(path, sql, ...bail).exit).toBe(0);
    const before = dump(path);
    expect(runShell(path, sql, ...bail).exit).toBe(1);
    expect(dump(path)).toBe(before);
  });

  const failing: readonly (readonly [string, string, (op: Operations) => void])[] = [
    ["a row that does not fit its new table", "", (op) => op.alterColumn("a", "note", { nullable: false })],
    [
      "a constraint that would drop a row",
      "INSERT INTO a (id, note) VALUES (3, 'x')",
      (op) => op.createUniqueConstraint("a", { columns: ["note"], onConflict: "ignore" }),
    ],
    ["a statement that fails", "", (op) => op.execute("CREATE UNIQUE INDEX ix_a ON a (coalesce(ref, 0))")],
    ["a table that is there already", "CREATE TABLE b (x)", (op) => op.execute("CREATE TABLE b (y)")],
    ["rows that are there already", "", (op) => op.bulkInsert("a", [{ id: 9 }, { id: 1 }])],
    ["a requirement that is not met", "", (op) => op.require("SELECT count(*) = 0 FROM a", "no rows")],
    [
      "a column that is another",
      "ALTER TABLE a ADD COLUMN extra",
      (op) => op.alterColumn("a", "ref", { nullable: true, default: 1 }),
    ],
    [
      "a trigger that nobody knows",
      "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; END",
      (op) => op.alterColumn("a", "ref", { default: 1 }),
    ],
    [
      "a view of another text",
      "DROP VIEW v; CREATE VIEW v AS SELECT note FROM a",
      (op) => op.alterColumn("a", "ref", { default: 1 }),
    ],
    [
      "a row without its parent",
      "",
      (op) => {
        op.alterColumn("a", "ref", { default: 1 });
        op.execute("UPDATE a SET ref = 77 WHERE id = 1");
      },
    ],
    ["a row without its parent, enforced", "", (op) => op.execute("UPDATE a SET ref = 77 WHERE id = 1")],
    [
      "a table whose rows others need",
      "CREATE TABLE child (a_id REFERENCES a (id) ON DELETE CASCADE); INSERT INTO child VALUES (1)",
      (op) => {
        op.dropView("v");
        op.dropTable("a");
      },
    ],
  ];
  // An UPDATE is the one kind of statement whose failure goes unnoticed by a shell that does not stop.
  const noticed = failing.filter(([title]) => bail.length > 0 || !title.endsWith("enforced"));
  test.each(noticed)("changes nothing at %s", async (title, drift, upgrade) => {
    const revisions = [
      revision("a", null, {
        upgrade: (op) => {
          op.executeScript(
            `CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT, ref INTEGER REFERENCES a (id)); CREATE VIEW v AS SELECT id FROM a;
             ${title.includes("whose rows") ? "CREATE TABLE child (a_id REFERENCES a (id) ON DELETE CASCADE);" : ""}`,
          );
        },
      }),
      revision("b", "a", { upgrade }),
    ];
    const path = temporaryPath();
    execute(
      path,
      `PRAGMA foreign_keys = OFF; CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY); INSERT INTO alembic_version VALUES ('a');
       CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT, ref INTEGER REFERENCES a (id)); CREATE VIEW v AS SELECT id FROM a; ${drift};
       INSERT INTO a (id, note) VALUES (1, NULL), (2, 'x')`,
    );
    const before = dump(path);
    expect(runShell(path, await script(revisions, "a:b"), ...bail).exit).toBe(1);
    expect(dump(path)).toBe(before);
  });
});

describe("what a script cannot be", () => {
  test.each<[string, Partial<Revision>]>([
    ["a question", { upgrade: async (op) => void (await op.query("SELECT 1")) }],
    [
      "a function of rows",
      { upgrade: async (op) => void (await op.updateRows("a", { map: () => ({ id: 1 }) })) },
    ],
  ])("%s", async (_title, parts) => {
    const revisions = [revision("a", null), revision("b", "a", parts), revision("c", "b")];
    const error = await failureOf(script(revisions, "head"));
    expect([error.code, error.details["revision"]]).toEqual(["SKM_OFFLINE_QUERY", "b"]);
    // Before its range it may ask: it runs on the scratch database.
    expect(await script(revisions, "b:c")).toContain("CREATE TABLE c");
  });

  test.each([
    ["a:b:c", undefined, "SKM_USAGE"],
    ["b", "downgrade", "SKM_USAGE"],
    ["b:", "downgrade", "SKM_USAGE"],
    ["a:zzz", undefined, "SKM_GRAPH_UNKNOWN"],
    ["zzz:a", undefined, "SKM_GRAPH_UNKNOWN"],
    ["a:b", "downgrade", "SKM_GRAPH_DIRECTION"],
    ["b:a", "upgrade", "SKM_GRAPH_DIRECTION"],
  ] as const)("the range %s of %s", async (range, command, code) => {
    const options = command === undefined ? {} : { command };
    expect((await failureOf(script(chain(), range, options))).code).toBe(code);
  });

  test("what SQLite refuses", async () => {
    const revisions = [revision("a", null, { upgrade: (op) => op.execute("INSERT INTO absent VALUES (1)") })];
    const error = await failureOf(script(revisions, "head"));
    expect(error.code).toBe("SKM_MIGRATION_FAILED");
    expect(error.message).toContain('upgrade of revision "a" failed: no such table: absent');
  });
});

describe("a database that was taken back over a rebuild", () => {
  const columns = "id INTEGER PRIMARY KEY, -- the key\n  size TEXT DEFAULT 'CREATE TABLE t'";
  const rebuilding = (table: string): readonly Revision[] => [
    revision("a", null, {
      upgrade: (op) => {
        op.execute(`CREATE TABLE ${table} (${columns}, u REFERENCES ${table})`);
        op.execute(`CREATE INDEX i ON ${table} (size)`);
      },
      downgrade: () => undefined,
    }),
    revision("b", "a", {
      upgrade: (op) => {
        op.batchAlterTable("the t", (batch) => {
          batch.alterColumn("size", { type: "REAL" });
        });
      },
      downgrade: (op) => {
        op.batchAlterTable("the t", (batch) => {
          batch.alterColumn("size", { type: "TEXT" });
        });
      },
    }),
  ];

  test.each(["[the t]", "`the t`", '"the t"'])("takes the script for where it is (%s)", async (table) => {
    const revisions = rebuilding(table);
    const [offline, online] = [temporaryPath(), temporaryPath()];
    for (const path of [offline, online]) {
      const migrator = migratorFor(path, revisions);
      await migrator.upgrade();
      execute(path, 'INSERT INTO "the t" VALUES (1, 2.5, 1), (2, NULL, 1)');
      await migrator.downgrade("a");
      await migrator.close();
    }
    await migratorFor(online, revisions).upgrade();
    const result = runShell(offline, await script(revisions, "a:b"), "-bail");
    expect(result).toEqual({ exit: 0, stdout: "", stderr: "" });
    expect(contents(offline)).toEqual(contents(online));
  });

  test.each([
    ["another comment", "the key", "a key"],
    ["a name in a text", "CREATE TABLE t", 'CREATE TABLE "t"'],
    ["another case of the name", '"the t" (', '"The t" ('],
  ])("but not with %s", async (_title, from, to) => {
    const path = temporaryPath();
    await migratorFor(path, rebuilding('"the t"')).upgrade("a");
    const edit = `UPDATE sqlite_schema SET sql = replace(sql, '${from}', '${to}') WHERE type = 'table';`;
    expect(runShell(path, `PRAGMA writable_schema = ON; ${edit} SELECT changes() > 0;`).stdout).toBe("1\n");
    const before = dump(path);
    expect(runShell(path, await script(rebuilding('"the t"'), "a:b"), "-bail")).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("as the revisions made them") as string,
    });
    expect(dump(path)).toBe(before);
  });
});

test("a range that begins at current is for the schema that the database has", async () => {
  const path = temporaryPath();
  execute(
    path,
    `CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY); INSERT INTO alembic_version VALUES ('a');
     CREATE TABLE a (id INTEGER PRIMARY KEY, mine TEXT CHECK (mine <> '')); INSERT INTO a VALUES (1, 'x')`,
  );
  const revisions = [
    revision("a", null),
    revision("b", "a", { upgrade: (op) => op.addColumn("a", { name: "u", type: "TEXT", unique: true }) }),
  ];
  expect(runShell(path, await script(revisions, "a:b")).exit).toBe(1);
  const live = await migratorFor(path, revisions).sql("current:head");
  expect(runShell(path, live, "-bail").stderr).toBe("");
  expect(readRows(path, "SELECT id, mine, u FROM a")).toEqual([[1, "x", null]]);
  expect(
    readRows(path, "SELECT sql LIKE '%CHECK (mine <> '''')%' FROM sqlite_schema WHERE name = 'a'"),
  ).toEqual([[1]]);
});

test("where nothing is to do, the script is a comment", async () => {
  for (const command of ["upgrade", "downgrade", "stamp"] as const) {
    expect(await script(chain(), "b:b", { command })).toBe(`-- ${command} from b to b: nothing to do\n`);
  }
});

test("a script is written without touching the database", async () => {
  const path = temporaryPath();
  await migratorFor(path, chain()).sql("head");
  expect(() => readRows(path, "SELECT 1")).toThrow();
});
