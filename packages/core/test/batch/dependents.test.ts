import { describe, expect, test } from "vitest";
import type { BatchOperations, Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

type Batch = (batch: BatchOperations) => void;

const schema = `CREATE TABLE other (x, y);
CREATE TABLE t (a TEXT, b TEXT, c TEXT, g AS (a || b), UNIQUE (b));
CREATE UNIQUE INDEX uq ON t (c);
CREATE VIEW v AS SELECT a, b, c FROM t;
INSERT INTO t (a, b, c) VALUES ('a', 'b', 'c');`;

function database(object: string): string {
  const path = temporaryPath();
  execute(path, `${schema}\n${object}`);
  return path;
}

async function change(path: string, upgrade: (op: Operations) => void): Promise<void> {
  await migratorFor(path, [{ revision: "one", downRevision: null, upgrade }]).upgrade();
}

const everything = (path: string): unknown => [
  readRows(path, "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE '%alembic%' ORDER BY name"),
  readRows(path, "SELECT * FROM t"),
];

const dropIndexed: Batch = (batch) => {
  batch.dropIndex("uq");
  batch.dropColumn("c");
};
const dropGenerated: Batch = (batch) => batch.dropColumn("g");
const replace: Batch = (batch) => {
  batch.dropConstraint({ kind: "unique", columns: ["b"] });
  batch.dropIndex("uq");
  batch.dropColumn("c");
  batch.addColumn({ name: "z", type: "TEXT" });
};
const move: Batch = (batch) => batch.alterColumn("c", {}, { insertBefore: "a" });
const insert: Batch = (batch) => batch.addColumn({ name: "z", type: "TEXT" }, { insertAfter: "a" });
const retype: Batch = (batch) => batch.alterColumn("a", { type: "VARCHAR (9)" });
const generate: Batch = (batch) => batch.alterColumn("a", { generated: { as: "'a'" } });
const dropUnique: Batch = (batch) => batch.dropConstraint({ kind: "unique", columns: ["b"] });
const exchangeUnique: Batch = (batch) => {
  dropUnique(batch);
  batch.createIndex({ name: "uq_b", columns: ["b"], unique: true });
};
const exchangeCollation: Batch = (batch) => {
  batch.dropConstraint({ kind: "unique", columns: ["e"] });
  batch.createUniqueConstraint(["e"]);
};
const dropIndex: Batch = (batch) => batch.dropIndex("uq");
const rename: Batch = (batch) => batch.renameColumn("b", "d");
const renameAndRebuild: Batch = (batch) => {
  rename(batch);
  retype(batch);
};

const insertsFour = "AFTER INSERT ON other BEGIN INSERT INTO t VALUES (NEW.x, NEW.x, NEW.x); END";
const upsert = (columns: string): string =>
  `CREATE TRIGGER tr AFTER INSERT ON other BEGIN INSERT INTO t (${columns}) VALUES (NEW.x) ON CONFLICT (${columns}) DO NOTHING; END`;

/** What a change would break, or fill with the values of other columns. */
const broken: readonly (readonly [what: string, object: string, change: Batch])[] = [
  ["an INSERT without names and a dropped column", `CREATE TRIGGER tr ${insertsFour}`, replace],
  ["an INSERT without names and a moved column", `CREATE TRIGGER tr ${insertsFour}`, move],
  ["an INSERT without names and a new column between", `CREATE TRIGGER tr ${insertsFour}`, insert],
  [
    "an INSERT without names and a column that becomes generated",
    `CREATE TRIGGER tr ${insertsFour}`,
    generate,
  ],
  [
    "REPLACE without names",
    "CREATE TRIGGER tr AFTER INSERT ON other BEGIN REPLACE INTO T SELECT 1, 2, 3; END",
    move,
  ],
  [
    "SELECT * into another table",
    "CREATE TABLE four (a, b, c, d); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO four SELECT * FROM t; END",
    dropGenerated,
  ],
  [
    "SELECT t.* through a view that gives all columns",
    "CREATE TABLE four (a, b, c, d); CREATE VIEW w AS SELECT * FROM t; CREATE TRIGGER tr AFTER INSERT ON other BEGIN INSERT INTO four SELECT w.* FROM w; END",
    move,
  ],
  ["a view with names of its own", "CREATE VIEW tr (p, q, r, s) AS SELECT * FROM t", move],
  ["a UNION of all columns", "CREATE VIEW tr AS SELECT * FROM t UNION ALL SELECT 1, 2, 3, 4", move],
  ["a CTE with names", "CREATE VIEW tr AS WITH n (p, q, r, s) AS (SELECT * FROM t) SELECT p FROM n", move],
  ["all columns behind another one", "CREATE VIEW tr (o, p, q, r, s) AS SELECT 1, * FROM t", move],
  ["a row among rows", "CREATE VIEW tr AS SELECT x FROM other WHERE (x, y, x, y) IN (SELECT * FROM t)", move],
  ["an upsert by a dropped constraint", upsert("b"), dropUnique],
  ["an upsert by a dropped index", upsert("c"), dropIndex],
  [
    "an update of a column of a view that is renamed",
    "CREATE TRIGGER tr INSTEAD OF UPDATE OF a, b ON v BEGIN SELECT 1; END",
    rename,
  ],
  [
    "an update of a column of a view that is renamed after a rebuild",
    "CREATE TRIGGER tr INSTEAD OF UPDATE OF a, b ON v BEGIN SELECT 1; END",
    renameAndRebuild,
  ],
  [
    "a view of a view of all columns",
    "CREATE VIEW w AS SELECT * FROM t; CREATE VIEW tr AS SELECT b FROM w",
    rename,
  ],
  [
    "a natural join by a dropped column",
    "CREATE TABLE n (c); CREATE VIEW tr AS SELECT a FROM t NATURAL JOIN n",
    dropIndexed,
  ],
  [
    "a natural join by the old name of a column",
    "CREATE TABLE n (b); CREATE TRIGGER tr AFTER INSERT ON n BEGIN DELETE FROM n WHERE b IN (SELECT a FROM t NATURAL JOIN n); END",
    rename,
  ],
  [
    "a natural join by the new name of a column",
    "CREATE TABLE n (d); CREATE VIEW tr AS SELECT a FROM t NATURAL JOIN n",
    rename,
  ],
  ["a full-text index that reads the table", "CREATE VIRTUAL TABLE tr USING fts5 (b, content='t')", rename],
  [
    "a full-text index in other quotes",
    'CREATE VIRTUAL TABLE tr USING fts5 (a, "c", content = [T])',
    dropIndexed,
  ],
];

describe("refused, with the name, is a change that would break", () => {
  test.each(broken)("%s", async (_, object, body) => {
    const path = database(object);
    const before = everything(path);
    const error = await failureOf(change(path, (op) => op.batchAlterTable("t", body)));
    expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
    expect(error.message).toMatch(/\btr\b/u);
    expect(error.hint).toMatch(/drop/u);
    expect(everything(path)).toEqual(before);
  });

  test("an upsert by the collation of a dropped constraint", async () => {
    const path = database(
      "CREATE TABLE d (e, UNIQUE (e COLLATE nocase)); CREATE TRIGGER tr AFTER INSERT ON other BEGIN INSERT INTO d (e) VALUES (NEW.x) ON CONFLICT (e COLLATE nocase) DO NOTHING; END",
    );
    const error = await failureOf(change(path, (op) => op.batchAlterTable("d", exchangeCollation)));
    expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
    expect(error.message).toContain('trigger "tr"');
  });

  test("a view that needs the rowid", async () => {
    const path = temporaryPath();
    execute(path, "CREATE TABLE t (a TEXT PRIMARY KEY); CREATE VIEW tr AS SELECT max(oid) FROM t");
    const error = await failureOf(
      change(path, (op) => op.batchAlterTable("t", { tableArgs: { withoutRowid: true } }, () => undefined)),
    );
    expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
    expect(error.message).toContain('view "tr"');
  });

  test("a view, by a definition that leaves a column out", async () => {
    const path = database("CREATE VIEW tr AS SELECT a || c FROM t");
    const columns = ["a", "b"].map((name) => ({ name, type: "TEXT" }));
    const error = await failureOf(
      change(path, (op) => {
        op.dropView("v");
        op.execute("DROP INDEX uq");
        op.batchAlterTable("t", { copyFrom: { name: "t", columns } }, () => undefined);
      }),
    );
    expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
    expect(error.message).toContain('view "tr"');
  });

  test("an index, by a definition that leaves its column out", async () => {
    const path = database("");
    const columns = ["a", "b"].map((name) => ({ name, type: "TEXT" }));
    const error = await failureOf(
      change(path, (op) => op.batchAlterTable("t", { copyFrom: { name: "t", columns } }, () => undefined)),
    );
    expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
    expect(error.message).toContain('index "uq"');
  });
});

/** What works after the change as it did before. */
const harmless: readonly (readonly [what: string, object: string, change: Batch])[] = [
  ["an INSERT without names and a type", `CREATE TRIGGER tr ${insertsFour}`, retype],
  ["an INSERT without names and a generated column", `CREATE TRIGGER tr ${insertsFour}`, dropGenerated],
  [
    "an INSERT with names",
    "CREATE TRIGGER tr AFTER INSERT ON other BEGIN INSERT INTO t (a, b) VALUES (1, 2); END",
    move,
  ],
  [
    "an INSERT into another table",
    "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO other VALUES (NEW.a, 1); END",
    move,
  ],
  [
    "EXISTS (SELECT *), count(*) and a product",
    "CREATE TRIGGER tr AFTER INSERT ON other WHEN EXISTS (SELECT * FROM t) BEGIN SELECT count(*), 2 * 3 FROM t; END",
    move,
  ],
  [
    "SELECT * of another table",
    "CREATE VIEW tr (p, q) AS SELECT * FROM other WHERE x IN (SELECT a FROM t)",
    move,
  ],
  ["a view of all columns", "CREATE VIEW tr AS SELECT *, count(*) AS n FROM t", move],
  ["an upsert whose key another index takes over", upsert("b"), exchangeUnique],
  ["an upsert by another key", upsert("c"), dropUnique],
  [
    "an update of a column of a view whose own name stays",
    "CREATE VIEW w AS SELECT b AS b FROM t; CREATE TRIGGER tr INSTEAD OF UPDATE OF b ON w BEGIN SELECT 1; END",
    rename,
  ],
  [
    "a natural join by another column",
    "CREATE TABLE n (a, e); CREATE VIEW tr AS SELECT e FROM t NATURAL JOIN n",
    rename,
  ],
  ["a full-text index of other columns", "CREATE VIRTUAL TABLE tr USING fts5 (a, content='t')", rename],
  ["a full-text index with content of its own", "CREATE VIRTUAL TABLE tr USING fts5 (b, t)", rename],
];

describe("not refused is a change that leaves as it was", () => {
  test.each(harmless)("%s", async (_, object, body) => {
    const path = database(object);
    await change(path, (op) => op.batchAlterTable("t", body));
    expect(readRows(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'tr'")).toEqual([[1]]);
    execute(path, "SELECT 1 FROM t; INSERT INTO other VALUES ('x', 'y')");
  });
});

describe("something that was broken before", () => {
  const views = [
    ["view", "CREATE VIEW lost AS SELECT * FROM nowhere"],
    ["trigger", "CREATE TRIGGER lost AFTER INSERT ON other BEGIN DELETE FROM nowhere; END"],
  ] as const;
  const changes: readonly (readonly [string, string, (op: Operations) => void])[] = [
    ["rebuild", "SKM_MIGRATION_FAILED", (op) => op.batchAlterTable("t", retype)],
    ["rename a column in a batch", "SKM_OBJECT_IN_USE", (op) => op.batchAlterTable("t", rename)],
    ["rename a column", "SKM_OBJECT_IN_USE", (op) => op.renameColumn("t", "b", "d")],
    ["rename the table", "SKM_OBJECT_IN_USE", (op) => op.renameTable("t", "u")],
  ];
  const cases = views.flatMap(([kind, object]) => changes.map((one) => [kind, object, ...one] as const));

  test.each(cases)(
    "is named where a %s keeps SQLite from the change: %s %s",
    async (kind, object, _, code, up) => {
      const path = database(object);
      const error = await failureOf(change(path, up));
      expect(error).toMatchObject({ code });
      expect(error.message).toContain(`error in ${kind} lost`);
      expect(error.hint).toMatch(/drop/u);
    },
  );

  test("is no reason for another failure", async () => {
    const missing = await failureOf(change(database(""), (op) => op.renameColumn("t", "none", "d")));
    expect(missing).toMatchObject({ code: "SKM_OBJECT_MISSING", details: { known: ["a", "b", "c", "g"] } });
    const unknown = await failureOf(change(database(""), (op) => op.renameTable("none", "u")));
    expect(unknown).toMatchObject({ code: "SKM_MIGRATION_FAILED" });
  });

  test("and what a rename outside of a batch would break is refused like in one", async () => {
    for (const object of [
      "CREATE TRIGGER tr INSTEAD OF UPDATE OF a, b ON v BEGIN SELECT 1; END",
      "CREATE VIRTUAL TABLE tr USING fts5 (b, content='t')",
    ]) {
      const error = await failureOf(change(database(object), (op) => op.renameColumn("t", "b", "d")));
      expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
      expect(error.message).toMatch(/"tr"/u);
    }
  });
});
