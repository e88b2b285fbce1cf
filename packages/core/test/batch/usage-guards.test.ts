import { describe, expect, test } from "vitest";
import { failureOf } from "../support/failure-of.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

/** `x` is what is dropped; `log` has a column of this name too. */
const schema = `CREATE TABLE log (x);
CREATE TABLE t (g AS (k + 1), k INTEGER PRIMARY KEY, "a""b" TEXT, x TEXT);
CREATE VIEW v AS SELECT "a""b" FROM t;
INSERT INTO t (k, "a""b", x) VALUES (1, 'a', 'x');`;

const logs = "BEGIN INSERT INTO log (x) VALUES (1); END";

/** Triggers that have the name of the dropped column and work without it. */
const harmless: readonly string[] = [
  `CREATE TRIGGER tr AFTER INSERT ON t ${logs}`,
  `CREATE TRIGGER tr BEFORE DELETE ON t ${logs}`,
  `CREATE TRIGGER tr AFTER UPDATE ON t ${logs}`,
  `CREATE TRIGGER tr AFTER UPDATE OF "a""b", k ON t ${logs}`,
  `CREATE TRIGGER tr AFTER UPDATE OF [k] ON t ${logs}`,
  `CREATE TRIGGER tr INSTEAD OF INSERT ON v ${logs}`,
  `CREATE TRIGGER tr INSTEAD OF UPDATE ON v ${logs}`,
  `CREATE TRIGGER tr INSTEAD OF UPDATE OF "a""b" ON v ${logs}`,
  `CREATE TRIGGER tr INSTEAD OF DELETE ON v ${logs}`,
  `CREATE TRIGGER tr AFTER INSERT ON log BEGIN UPDATE t SET "a""b" = NEW.x; END`,
  `CREATE TRIGGER tr AFTER UPDATE OF x ON log BEGIN DELETE FROM t WHERE k = NEW.x; END`,
  `CREATE TRIGGER "update" AFTER INSERT ON t ${logs}`,
  `CREATE VIEW w AS SELECT v."a""b" AS x FROM v`,
];

/** What cannot work without the column. */
const users: readonly string[] = [
  "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.x); END",
  "CREATE TRIGGER tr AFTER DELETE ON t BEGIN INSERT INTO log VALUES (OLD.x); END",
  "CREATE TRIGGER tr AFTER UPDATE ON t WHEN NEW.x IS NULL BEGIN SELECT 1; END",
  "CREATE TRIGGER tr AFTER UPDATE OF k ON t BEGIN UPDATE t SET x = 1; END",
  "CREATE TRIGGER tr AFTER UPDATE OF k, x ON t BEGIN SELECT 1; END",
  "CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN INSERT INTO t (x) VALUES (1); END",
  "CREATE TRIGGER tr INSTEAD OF UPDATE ON v BEGIN UPDATE t SET x = 1; END",
  "CREATE TRIGGER tr INSTEAD OF DELETE ON v BEGIN DELETE FROM t WHERE x = 1; END",
  "CREATE TRIGGER tr AFTER INSERT ON log BEGIN SELECT x FROM t; END",
  "CREATE VIEW w AS SELECT upper(x) AS y FROM t",
];

const ways = [
  ["with one statement", "auto"],
  ["with a rebuild", "always"],
] as const;

function dropColumn(path: string, recreate: "auto" | "always"): Promise<unknown> {
  return migratorFor(path, [
    {
      revision: "one",
      downRevision: null,
      upgrade: (op) => op.batchAlterTable("t", { recreate }, (batch) => batch.dropColumn("x")),
    },
  ]).upgrade();
}

const objects = (path: string): unknown =>
  readRows(path, "SELECT name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY name");

describe.each(ways)("dropping a column %s", (_way, recreate) => {
  test.each(harmless)("leaves what only has a column of the same name: %s", async (sql) => {
    const path = temporaryPath();
    execute(path, `${schema}${sql}`);
    const before = objects(path);
    await dropColumn(path, recreate);
    expect(objects(path)).toEqual(before);
    expect(readRows(path, "SELECT * FROM t")).toEqual([[2, 1, "a"]]);
  });

  test.each(users)("is refused while it is used: %s", async (sql) => {
    const path = temporaryPath();
    execute(path, `${schema}${sql}`);
    const before = objects(path);
    const error = await failureOf(dropColumn(path, recreate));
    expect(error.code).toBe("SKM_OBJECT_IN_USE");
    expect(error.message).toMatch(/"t\.x"/u);
    expect(objects(path)).toEqual(before);
    expect(readRows(path, "SELECT x FROM t")).toEqual([["x"]]);
  });
});
