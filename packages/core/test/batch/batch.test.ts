import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { Connection, Driver, MigratorOptions, Operations, RunEvent } from "@skillmeat/migrate-core";
import { execute, migratorFor, openDriver, readRows, temporaryPath } from "../support/temporary-database.ts";

type Body = (op: Operations) => void | Promise<void>;

async function migrate(path: string, upgrade: Body, options: Partial<MigratorOptions> = {}): Promise<void> {
  await migratorFor(path, [{ revision: "one", downRevision: null, upgrade }], options).upgrade();
}

const textOf = (path: string, name: string): unknown =>
  readRows(path, `SELECT sql FROM sqlite_schema WHERE name = '${name}'`)[0]?.[0];

function database(sql: string): string {
  const path = temporaryPath();
  execute(path, sql);
  return path;
}

const retype: Body = (op) => {
  op.alterColumn("t", "c", { type: "TEXT" });
};

describe("a rebuild", () => {
  test("changes the text of the table only where it was asked to", async () => {
    const path = database(`CREATE TABLE t (
  id INTEGER PRIMARY KEY, -- the key
  c  INT  DEFAULT ( 1 ),  /* counts */
  CHECK ( c > 0 ) -- always
)`);
    await migrate(path, retype);
    expect(textOf(path, "t")).toBe(`CREATE TABLE "t" (
  id INTEGER PRIMARY KEY, -- the key
  c TEXT  DEFAULT ( 1 ),  /* counts */
  CHECK ( c > 0 ) -- always
)`);
  });

  test("keeps checks that call columns by the name of the table, and a reference to itself", async () => {
    const path = database(
      "CREATE TABLE t (a UNIQUE CHECK (t.a > 0) REFERENCES t (a), c INT, CHECK ([T] . c > t.a)); INSERT INTO t VALUES (1, 2)",
    );
    await migrate(path, retype);
    expect(textOf(path, "t")).toBe(
      'CREATE TABLE "t" (a UNIQUE CHECK ("t".a > 0) REFERENCES t (a), c TEXT, CHECK ("t" . c > "t".a))',
    );
    expect(() => execute(path, "INSERT INTO t VALUES (0, 0)")).toThrow(/CHECK/u);
  });

  test("keeps rowids that no column holds", async () => {
    const path = database("CREATE TABLE t (a, c INT); INSERT INTO t (rowid, a) VALUES (10, 'x'), (20, 'y')");
    await migrate(path, retype);
    expect(readRows(path, "SELECT rowid, a FROM t")).toEqual([
      [10, "x"],
      [20, "y"],
    ]);
  });

  test("keeps rowids under the name that no column has taken", async () => {
    const path = database(
      "CREATE TABLE t (rowid TEXT, _rowid_ TEXT, c INT); INSERT INTO t (oid, rowid) VALUES (10, 'x')",
    );
    await migrate(path, retype);
    expect(readRows(path, "SELECT oid, rowid FROM t")).toEqual([[10, "x"]]);
  });

  test("keeps the AUTOINCREMENT counter of deleted rows", async () => {
    const path = database(
      "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, c INT); INSERT INTO t VALUES (50, 1), (7, 1); DELETE FROM t WHERE id = 50",
    );
    await migrate(path, retype);
    expect(readRows(path, "SELECT name, seq FROM sqlite_sequence")).toEqual([["t", 50]]);
  });

  test("keeps the statistics", async () => {
    const path = database(
      "CREATE TABLE t (a, c INT); CREATE INDEX ix ON t (a); INSERT INTO t VALUES (1, 1), (1, 2); ANALYZE",
    );
    const statistics = "SELECT * FROM sqlite_stat1 ORDER BY 1, 2";
    const before = readRows(path, statistics);
    await migrate(path, retype);
    expect(before).toHaveLength(1);
    expect(readRows(path, statistics)).toEqual(before);
  });

  test("keeps views on views, their triggers, and the order in which triggers fire", async () => {
    const path = database(`CREATE TABLE t (a, c INT); CREATE TABLE log (line); CREATE TABLE o (x);
      CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
      CREATE TRIGGER w_i INSTEAD OF INSERT ON w BEGIN INSERT INTO t (a) VALUES (NEW.a); END;
      CREATE TRIGGER o_1 AFTER INSERT ON o BEGIN INSERT INTO log VALUES ('1'); END;
      CREATE TRIGGER o_2 AFTER INSERT ON o BEGIN INSERT INTO log SELECT '2' || count(*) FROM t; END;
      CREATE TRIGGER o_3 AFTER INSERT ON o BEGIN INSERT INTO log VALUES ('3'); END;`);
    const fire = "INSERT INTO o VALUES (1); INSERT INTO w VALUES ('a')";
    const copy = new Database(path).serialize();
    const untouched = new Database(copy);
    untouched.exec(fire);
    await migrate(path, retype);
    execute(path, fire);
    const lines = untouched.prepare("SELECT line FROM log").pluck().all();
    expect(readRows(path, "SELECT line FROM log").flat()).toEqual(lines);
    expect(readRows(path, "SELECT a FROM w")).toEqual([["a"]]);
    untouched.close();
  });

  test("takes a name that nobody has for the new table", async () => {
    const path = database(
      "CREATE TABLE t (c INT); CREATE TABLE _new_t (kept); CREATE VIEW _NEW_T_2 AS SELECT 1",
    );
    await migrate(path, retype);
    expect(readRows(path, "SELECT name FROM sqlite_schema ORDER BY name").flat()).toEqual(
      expect.arrayContaining(["_NEW_T_2", "_new_t", "t"]),
    );
  });

  test("copies values as they are", async () => {
    const path = database("CREATE TABLE t (c TEXT); INSERT INTO t VALUES ('12abc'), ('7'), (x'00'), (NULL)");
    await migrate(path, (op) => op.alterColumn("t", "c", { type: "INTEGER" }));
    expect(readRows(path, "SELECT quote(c) FROM t").flat()).toEqual(["'12abc'", "7", "X'00'", "NULL"]);
  });

  test("makes an ordinary column of a generated one with its values", async () => {
    const path = database(
      "CREATE TABLE t (a INT, g INT AS (a * 2) STORED); INSERT INTO t (a) VALUES (1), (2)",
    );
    await migrate(path, (op) => op.alterColumn("t", "g", { generated: null }));
    expect(readRows(path, "SELECT a, g FROM t")).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect(textOf(path, "t")).toBe('CREATE TABLE "t" (a INT, g INT)');
  });

  test("rolls back when a constraint that ignores rows would lose some", async () => {
    const path = database("CREATE TABLE t (a); INSERT INTO t VALUES (1), (1)");
    const lossy: Body = (op) => op.createUniqueConstraint("t", { columns: ["a"], onConflict: "ignore" });
    await expect(migrate(path, lossy)).rejects.toMatchObject({
      code: "SKM_ROWCOUNT",
      details: { table: "t" },
    });
    expect(readRows(path, "SELECT a FROM t")).toEqual([[1], [1]]);
    expect(textOf(path, "t")).toBe("CREATE TABLE t (a)");
  });

  test("says which table has a row that does not fit", async () => {
    const path = database("CREATE TABLE t (a); INSERT INTO t VALUES (1), (1)");
    const unique: Body = (op) => op.createUniqueConstraint("t", ["a"]);
    await expect(migrate(path, unique)).rejects.toMatchObject({
      code: "SKM_MIGRATION_FAILED",
      message: expect.stringContaining(
        'cannot rebuild table "t": a row does not fit into its copy "_new_t": UNIQUE constraint failed: _new_t.a',
      ),
    });
  });

  test("says what a new column needs in a table with rows", async () => {
    const path = database("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    const failure = migrate(path, (op) => {
      op.batchAlterTable("t", { recreate: "always" }, (batch) => {
        batch.addColumn({ name: "filled", type: "TEXT", nullable: false, default: "" });
        batch.addColumn({ name: "empty", type: "TEXT", nullable: false });
      });
    });
    await expect(failure).rejects.toMatchObject({
      code: "SKM_MIGRATION_FAILED",
      hint: expect.stringContaining('give the new column "empty" a default'),
    });
  });

  test("leaves renames to SQLite, so that everything follows", async () => {
    const path = database(`CREATE TABLE t (id INTEGER PRIMARY KEY, b INT CHECK (b > 0), c INT);
      CREATE TABLE k (x REFERENCES t (id)); CREATE INDEX ix ON t (b) WHERE b > 1;
      CREATE VIEW v AS SELECT t.b FROM t; CREATE TRIGGER tr AFTER UPDATE OF b ON t BEGIN SELECT NEW.b; END;`);
    await migrate(path, (op) => {
      op.batchAlterTable("t", (batch) => {
        batch.alterColumn("c", { type: "TEXT" });
        batch.renameColumn("b", "amount");
        batch.createCheckConstraint({ name: "ck", expression: "amount < 100 AND c <> 'b'" });
        batch.createUniqueConstraint({ name: "uq", columns: ["amount", "c"] });
        batch.createIndex({ name: "ix2", columns: ["amount"] });
        batch.renameColumn("id", "key");
      });
    });
    expect(textOf(path, "t")).toBe(
      `CREATE TABLE "t" ("key" INTEGER PRIMARY KEY, amount INT CHECK (amount > 0), c TEXT, CONSTRAINT ck CHECK (amount < 100 AND c <> 'b'), CONSTRAINT uq UNIQUE (amount, c))`,
    );
    expect(textOf(path, "ix")).toBe("CREATE INDEX ix ON t (amount) WHERE amount > 1");
    expect(textOf(path, "ix2")).toBe("CREATE INDEX ix2 ON t (amount)");
    expect(textOf(path, "v")).toBe("CREATE VIEW v AS SELECT t.amount FROM t");
    expect(textOf(path, "tr")).toBe(
      "CREATE TRIGGER tr AFTER UPDATE OF amount ON t BEGIN SELECT NEW.amount; END",
    );
    expect(textOf(path, "k")).toBe('CREATE TABLE k (x REFERENCES t ("key"))');
  });
});

const family = `CREATE TABLE parent (id INTEGER PRIMARY KEY, c INT);
  CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INT NOT NULL REFERENCES parent (id) ON DELETE CASCADE);
  INSERT INTO parent VALUES (1, 1), (2, 2); INSERT INTO child VALUES (1, 1), (2, 2), (3, 2);`;

/** A driver whose engine always enforces foreign keys. */
const alwaysEnforcing = (path: string): Driver => {
  const driver = openDriver(path);
  return {
    ...driver,
    connect: async (options) => {
      const connection = await driver.connect(options);
      return {
        ...connection,
        capabilities: { ...connection.capabilities, foreignKeysOff: false },
      };
    },
  };
};

describe("foreign keys", () => {
  test("do not fire while a parent is rebuilt", async () => {
    const path = database(family);
    await migrate(path, (op) => op.alterColumn("parent", "c", { type: "TEXT" }));
    expect(readRows(path, "SELECT id FROM child")).toHaveLength(3);
  });

  test("are suspended by beginning again when only the database shows that a rebuild is needed", async () => {
    const path = database(family);
    const [bodies, restarts]: [string[], RunEvent[]] = [[], []];
    const onEvent = (event: RunEvent): void => {
      if (event.kind === "restart") restarts.push(event);
    };
    await migrate(
      path,
      async (op) => {
        bodies.push("run");
        op.execute("UPDATE parent SET c = c + 1");
        await op.query("SELECT 1");
        op.alterColumn("parent", "c", { type: "TEXT" });
      },
      { onEvent },
    );
    expect(restarts).toEqual([{ kind: "restart", reason: "foreign-keys" }]);
    expect(bodies).toHaveLength(2);
    expect(readRows(path, "SELECT c FROM parent")).toEqual([["2"], ["3"]]);
    expect(readRows(path, "SELECT id FROM child")).toHaveLength(3);
  });

  test("stay enforced where no rebuild is needed", async () => {
    const path = database(family);
    await migrate(path, (op) => {
      op.addColumn("parent", { name: "d", type: "TEXT" });
      op.execute("DELETE FROM parent WHERE id = 2");
    });
    expect(readRows(path, "SELECT id FROM child")).toEqual([[1]]);
  });

  test("that the rebuilt table breaks fail the run", async () => {
    const path = database(
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a); INSERT INTO t VALUES (7)",
    );
    const link: Body = (op) =>
      op.createForeignKey("t", { columns: ["a"], references: { table: "p", columns: ["id"] } });
    await expect(migrate(path, link)).rejects.toMatchObject({ code: "SKM_FOREIGN_KEY" });
    expect(textOf(path, "t")).toBe("CREATE TABLE t (a)");
  });

  test("that cannot be suspended refuse a rebuild that would fire them, and name the rows", async () => {
    const path = database(family);
    const rebuild = (table: string): Promise<void> =>
      migrate(path, (op) => op.batchAlterTable(table, { recreate: "always" }, () => undefined), {
        driver: alwaysEnforcing(path),
      });
    await expect(rebuild("parent")).rejects.toMatchObject({
      code: "SKM_UNSUPPORTED",
      details: { table: "parent", endangered: ["child"] },
    });
    execute(path, "DELETE FROM child");
    await rebuild("parent");
    expect(readRows(path, "SELECT id FROM parent")).toHaveLength(2);
  });
});

/** A driver whose engine takes a unit as a whole and cannot be asked inside of it. */
const oneShot = (path: string): Driver => {
  const driver = openDriver(path);
  return {
    ...driver,
    connect: async (options) => {
      const members = Object.entries(await driver.connect(options));
      return Object.fromEntries(members.filter(([name]) => name !== "transaction")) as unknown as Connection;
    },
  };
};

describe("an engine without interactive transactions", () => {
  test("rebuilds a table against what it was before the revision, in one unit", async () => {
    const path = database(family);
    await migrate(
      path,
      (op) => {
        op.execute("INSERT INTO child VALUES (4, 1)");
        op.execute("DELETE FROM child WHERE id = 1");
        op.alterColumn("parent", "c", { type: "TEXT" });
      },
      { driver: oneShot(path) },
    );
    expect(readRows(path, "SELECT c FROM parent")).toEqual([["1"], ["2"]]);
    expect(readRows(path, "SELECT id FROM child")).toEqual([[2], [3], [4]]);
  });

  test("says what a failing guard means", async () => {
    const path = database("CREATE TABLE t (a); INSERT INTO t VALUES (1), (1)");
    const lossy: Body = (op) => op.createUniqueConstraint("t", { columns: ["a"], onConflict: "ignore" });
    await expect(migrate(path, lossy, { driver: oneShot(path) })).rejects.toMatchObject({
      code: "SKM_ROWCOUNT",
    });
    expect(readRows(path, "SELECT a FROM t")).toHaveLength(2);
  });
});

const refusals: readonly (readonly [what: string, sql: string, body: Body, code: string, part: RegExp])[] = [
  ["a table that does not exist", "CREATE TABLE other (a)", retype, "SKM_OBJECT_MISSING", /no such table/u],
  ["a view", "CREATE VIEW t AS SELECT 1 AS c", retype, "SKM_OBJECT_MISSING", /it is a view/u],
  [
    "a virtual table",
    "CREATE VIRTUAL TABLE t USING fts5(c)",
    retype,
    "SKM_TABLE_DEFINITION",
    /virtual table/u,
  ],
  [
    "dropping a column that a trigger of the table writes",
    "CREATE TABLE t (a, c); CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET c = 1; END",
    (op) => op.dropColumn("t", "c"),
    "SKM_OBJECT_IN_USE",
    /trigger "tr"/u,
  ],
  [
    "dropping a column that another table's trigger reads",
    "CREATE TABLE t (a, c); CREATE TABLE o (x); CREATE TRIGGER tr AFTER UPDATE ON o BEGIN INSERT INTO o SELECT c FROM t; END",
    (op) => op.dropColumn("t", "c"),
    "SKM_OBJECT_IN_USE",
    /cannot drop column "t.c": error in trigger tr after drop column/u,
  ],
  [
    "dropping a column that a trigger watches",
    "CREATE TABLE t (a, c); CREATE TRIGGER tr AFTER UPDATE OF a, c ON t BEGIN SELECT 1; END",
    (op) => op.dropColumn("t", "c"),
    "SKM_OBJECT_IN_USE",
    /trigger "tr"/u,
  ],
  [
    "dropping a column that a view on a view selects",
    "CREATE TABLE t (a, c UNIQUE); CREATE VIEW v AS SELECT * FROM t; CREATE VIEW w AS SELECT c FROM v",
    (op) => op.dropColumn("t", "c"),
    "SKM_OBJECT_IN_USE",
    /view "w"/u,
  ],
  [
    "dropping a column whose quoted name would become a string",
    'CREATE TABLE t (a, c UNIQUE); CREATE VIEW v AS SELECT "c" FROM t',
    (op) => op.dropColumn("t", "c"),
    "SKM_OBJECT_IN_USE",
    /view "v"/u,
  ],
  [
    "dropping a column that a check, an index and a foreign key use",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, c UNIQUE, CONSTRAINT ck CHECK (c > id)); CREATE INDEX ix ON t (abs(c)); CREATE TABLE k (x REFERENCES t (c))",
    (op) => op.dropColumn("t", "c"),
    "SKM_OBJECT_IN_USE",
    /check "ck", index "ix", a foreign key of table "k"/u,
  ],
  [
    "a column that an earlier change renamed",
    "CREATE TABLE t (b, c)",
    (op) =>
      op.batchAlterTable("t", (batch) => {
        batch.renameColumn("c", "d");
        batch.alterColumn("c", { type: "TEXT" });
      }),
    "SKM_OBJECT_MISSING",
    /"c" is called "d"/u,
  ],
  [
    "a constraint of another kind",
    "CREATE TABLE t (c, CONSTRAINT uq UNIQUE (c))",
    (op) => op.dropConstraint("t", { name: "uq", kind: "check" }),
    "SKM_OBJECT_MISSING",
    /"uq" is a unique/u,
  ],
  [
    "an index of another table",
    "CREATE TABLE t (c); CREATE TABLE o (x); CREATE INDEX ix ON o (x)",
    (op) => op.batchAlterTable("t", (batch) => batch.dropIndex("ix")),
    "SKM_OBJECT_MISSING",
    /no such index/u,
  ],
  [
    "a rebuild that is forbidden",
    "CREATE TABLE t (c)",
    (op) =>
      op.batchAlterTable("t", { recreate: "never" }, (batch) => batch.alterColumn("c", { type: "TEXT" })),
    "SKM_NEEDS_REBUILD",
    /change the type of "c"/u,
  ],
];

describe("refused beforehand, and nothing changes:", () => {
  test.each(refusals)("%s", async (_what, sql, body, code, part) => {
    const path = database(sql);
    const schema = "SELECT name, sql FROM sqlite_schema WHERE name <> 'alembic_version' ORDER BY name";
    const before = readRows(path, schema);
    await expect(migrate(path, body)).rejects.toMatchObject({ code, message: expect.stringMatching(part) });
    expect(readRows(path, schema).filter(([name]) => name !== "sqlite_autoindex_alembic_version_1")).toEqual(
      before,
    );
  });
});

describe("without a rebuild", () => {
  const statements = async (sql: string, body: Body): Promise<readonly string[]> => {
    const events: RunEvent[] = [];
    await migrate(database(sql), body, { onEvent: (event) => events.push(event) });
    return events.flatMap((event) => (event.kind === "statement" ? [event.sql] : []));
  };

  test.each<readonly [string, string, Body, readonly string[]]>([
    [
      "a check is exchanged",
      "CREATE TABLE t (a, CONSTRAINT ck CHECK (a > 0))",
      (op) =>
        op.batchAlterTable("t", (batch) => {
          batch.dropConstraint("ck");
          batch.createCheckConstraint({ name: "ck", expression: "a > 1" });
        }),
      ["ALTER TABLE t DROP CONSTRAINT ck", "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 1)"],
    ],
    [
      "NOT NULL is set and dropped",
      "CREATE TABLE t (a, c NOT NULL)",
      (op) =>
        op.batchAlterTable("t", (batch) => {
          batch.alterColumn("a", { nullable: false });
          batch.alterColumn("c", { nullable: true });
        }),
      ["ALTER TABLE t ALTER COLUMN a SET NOT NULL", "ALTER TABLE t ALTER COLUMN c DROP NOT NULL"],
    ],
    [
      "NOT NULL of a key is set and dropped",
      "CREATE TABLE t (a INT, b INT NOT NULL, PRIMARY KEY (a, b))",
      (op) => {
        op.alterColumn("t", "a", { nullable: false });
        op.alterColumn("t", "b", { nullable: true });
      },
      ["ALTER TABLE t ALTER COLUMN a SET NOT NULL", "ALTER TABLE t ALTER COLUMN b DROP NOT NULL"],
    ],
    [
      "a column that nothing uses is dropped, with its view asked",
      "CREATE TABLE t (a, c); CREATE VIEW v AS SELECT a, 1 AS c FROM t",
      (op) => op.dropColumn("t", "c"),
      ["ALTER TABLE t DROP COLUMN c", "EXPLAIN SELECT * FROM v"],
    ],
    [
      "an empty table takes a computed default",
      "CREATE TABLE t (a)",
      (op) => op.addColumn("t", { name: "c", default: { kind: "sql", text: "CURRENT_TIMESTAMP" } }),
      ["ALTER TABLE t ADD COLUMN c DEFAULT CURRENT_TIMESTAMP"],
    ],
    [
      "nothing is done for what is already so",
      "CREATE TABLE t (a TEXT)",
      (op) => op.alterColumn("t", "a", { type: "TEXT", nullable: true, collate: null }),
      [],
    ],
  ])("%s", async (_title, sql, body, expected) => {
    expect(await statements(sql, body)).toEqual(expected);
  });
});

describe("a plan", () => {
  const plan = async (path: string, ...bodies: readonly Body[]) => {
    const revisions = bodies.map((upgrade, index) => ({
      revision: `r${index}`,
      downRevision: index === 0 ? null : `r${index - 1}`,
      upgrade,
    }));
    return (await migratorFor(path, revisions).plan()).steps;
  };

  test("shows the statements of a batch, also on tables that change before", async () => {
    const path = database("CREATE TABLE t (a, c INT)");
    const [first, second] = await plan(path, (op) => op.dropColumn("t", "a"), retype);
    expect(first?.statements[0]).toEqual({
      sql: "ALTER TABLE t DROP COLUMN a",
      comment: 'drop column "t.a"',
    });
    expect(first?.dependsOnSchema).toEqual([]);
    expect(second?.dependsOnSchema).toEqual([]);
    expect(second?.statements[0]?.sql).toBe("CREATE TABLE _new_t (c TEXT)");
  });

  test("of a rebuild is the statements that run", async () => {
    const path = database("CREATE TABLE t (a, c INT); CREATE INDEX ix ON t (a)");
    const [step] = await plan(path, retype);
    expect(step?.statements.map(({ sql }) => sql).slice(0, -1)).toEqual([
      "CREATE TABLE _new_t (a, c TEXT)",
      "INSERT INTO _new_t (rowid, a, c) SELECT rowid, a, c FROM t",
      "DROP TABLE t",
      "ALTER TABLE _new_t RENAME TO t",
      "CREATE INDEX ix ON t (a)",
      "SELECT CASE WHEN (SELECT count(*) FROM t) <> 0 THEN json('rows were lost') END",
    ]);
  });
});
