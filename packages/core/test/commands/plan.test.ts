import { describe, expect, test } from "vitest";
import type { MigratorOptions, Operations, PlanWarning, RunEvent } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { revision } from "../support/revisions.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  tables,
  temporaryPath,
} from "../support/temporary-database.ts";

const schema = `PRAGMA foreign_keys = OFF;
CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE users (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams ON DELETE CASCADE, code TEXT, age INT, note VARCHAR(20));
CREATE TABLE empty (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams ON DELETE SET NULL);
CREATE INDEX ix_code ON users (code);
INSERT INTO teams VALUES (1, 'core'), (2, 'web');
INSERT INTO users VALUES (1, 1, '007', 30, 'a long note, too long'), (2, 1, 'x1', NULL, NULL), (3, NULL, '12', 9007199254740993, 'short');`;

function migratorWith(
  upgrade: (op: Operations) => void | Promise<void>,
  options: (path: string) => Partial<MigratorOptions> = () => ({}),
) {
  const path = temporaryPath();
  execute(path, schema);
  return { path, migrator: migratorFor(path, [revision("a", null, { upgrade })], options(path)) };
}

async function planOf(...given: Parameters<typeof migratorWith>) {
  const { migrator } = migratorWith(...given);
  const [step] = (await migrator.plan()).steps;
  if (step === undefined) throw new Error("the plan is empty");
  return step;
}

describe("what a plan says an operation does", () => {
  test.each<readonly [string, (op: Operations) => void, object]>([
    [
      "a new table",
      (op) => op.createTable({ name: "n", columns: [{ name: "a" }] }),
      { method: "metadata", rows: null },
    ],
    [
      "a new column",
      (op) => op.addColumn("users", { name: "n" }),
      { method: "metadata", rows: null, bytes: null },
    ],
    [
      "a new column with a check",
      (op) => op.addColumn("users", { name: "n", check: "n > 0" }),
      { method: "scan", rows: 3, bytes: null },
    ],
    [
      "a renamed column",
      (op) => op.renameColumn("users", "code", "c"),
      { method: "metadata", table: "users" },
    ],
    ["a dropped column", (op) => op.dropColumn("users", "note"), { method: "rewrite", rows: 3 }],
    ["NOT NULL", (op) => op.alterColumn("teams", "name", { nullable: false }), { method: "scan", rows: 2 }],
    [
      "an index",
      (op) => op.createIndex({ name: "i", table: "users", columns: ["age"] }),
      { method: "index", rows: 3 },
    ],
    [
      "another type",
      (op) => op.alterColumn("teams", "name", { type: "CLOB" }),
      { method: "rebuild", rows: 2, bytes: 4096, estimatedMs: expect.any(Number) },
    ],
    ["a dropped table", (op) => op.dropTable("empty"), { method: "drop", rows: 0 }],
    ["rows", (op) => op.bulkInsert("teams", [{ id: 9 }]), { method: "insert", rows: 1 }],
    ["SQL", (op) => op.execute("DELETE FROM users"), { method: "sql", table: null, rows: null }],
    ["a batch with nothing in it", (op) => op.batchAlterTable("users", () => undefined), { method: "none" }],
  ])("%s", async (_, upgrade, effect) => {
    const { effects, operations } = await planOf(upgrade);
    expect(effects).toEqual([expect.objectContaining(effect)]);
    expect(effects.map(({ operation }) => operation)).toEqual(operations);
  });

  test("is known without its rows for a table that an operation before makes or changes", async () => {
    const { effects, warnings } = await planOf((op) => {
      op.renameTable("users", "people");
      op.createIndex({ name: "i", table: "people", columns: ["age"] });
      op.alterColumn("people", "age", { type: "TEXT" });
      op.createTable({ name: "users", columns: [{ name: "a" }] });
      op.dropTable("users");
    });
    expect(effects.map(({ method, rows }) => [method, rows])).toEqual([
      ["metadata", null],
      ["metadata", null],
      ["rebuild", null],
      ["metadata", null],
      ["metadata", null],
    ]);
    expect(warnings).toEqual([]);
  });

  test("is planned without a database too", async () => {
    const upgrade = (op: Operations) => op.dropTable("users");
    const { steps } = await migratorFor(temporaryPath(), [revision("a", null, { upgrade })]).plan();
    expect(steps[0]).toMatchObject({ effects: [{ method: "metadata" }], warnings: [] });
  });
});

describe("what a plan warns of", () => {
  test.each<readonly [string, (op: Operations) => void, readonly (readonly [string, number | null])[]]>([
    ["a column with values", (op) => op.dropColumn("users", "age"), [["SKM_LINT_DATA_LOSS", 2]]],
    ["a table with rows", (op) => op.dropTable("users"), [["SKM_LINT_DATA_LOSS", 3]]],
    ["a table without rows", (op) => op.dropTable("empty"), []],
    [
      "a parent, with op or by hand",
      (op) => op.execute("DROP TABLE teams"),
      [
        ["SKM_LINT_DATA_LOSS", 2],
        ["SKM_LINT_CASCADE", 2],
      ],
    ],
    [
      "a parent whose children may go",
      (op) => op.dropTable("teams", { allowDataLoss: ["users"] }),
      [["SKM_LINT_DATA_LOSS", 2]],
    ],
    [
      "a parent whose children went before",
      (op) => {
        op.dropTable("users");
        op.dropTable("teams");
      },
      [
        ["SKM_LINT_DATA_LOSS", 3],
        ["SKM_LINT_DATA_LOSS", 2],
      ],
    ],
    [
      "a column without a value for rows",
      (op) => op.addColumn("users", { name: "n", nullable: false }),
      [["SKM_LINT_NOT_NULL", 3]],
    ],
    [
      "the same with a default",
      (op) => op.addColumn("users", { name: "n", nullable: false, default: 0 }),
      [],
    ],
    [
      "the same where the column is there",
      (op) => op.addColumn("users", { name: "age", nullable: false }, { ifNotExists: true }),
      [],
    ],
    ["the same in an empty table", (op) => op.addColumn("empty", { name: "n", nullable: false }), []],
    [
      "NULL that has to go",
      (op) => op.alterColumn("users", "age", { nullable: false }),
      [["SKM_LINT_NOT_NULL", 1]],
    ],
    [
      "text that becomes a number, or cannot",
      (op) => op.alterColumn("users", "code", { type: "INTEGER" }),
      [
        ["SKM_LINT_TYPE", 1],
        ["SKM_LINT_TYPE", 1],
      ],
    ],
    [
      "integers beyond REAL",
      (op) => op.alterColumn("users", "age", { type: "REAL" }),
      [["SKM_LINT_TYPE", 1]],
    ],
    [
      "numbers that become text",
      (op) => op.alterColumn("users", "age", { type: "TEXT" }),
      [["SKM_LINT_TYPE", 2]],
    ],
    [
      "a shorter length",
      (op) => op.alterColumn("users", "note", { type: "VARCHAR(10)" }),
      [["SKM_LINT_TYPE", 1]],
    ],
    ["a longer length", (op) => op.alterColumn("users", "note", { type: "VARCHAR(30)" }), []],
    [
      "a rebuilt parent",
      (op) => op.createUniqueConstraint("teams", { name: "uq", columns: ["name"] }),
      [["SKM_LINT_PARENT_REBUILD", 2]],
    ],
    [
      "a swap by hand beside a rebuild, which suspends foreign keys",
      (op) => {
        op.createUniqueConstraint("users", { name: "uq", columns: ["code"] });
        op.execute("DROP TABLE teams");
      },
      [["SKM_LINT_DATA_LOSS", 2]],
    ],
  ])("%s", async (_, upgrade, expected) => {
    const { warnings } = await planOf(upgrade);
    expect(warnings.map(({ code, rows }) => [code, rows])).toEqual(expected);
  });

  test("reads well about one row", async () => {
    const nulls = await planOf((op) => op.alterColumn("users", "age", { nullable: false }));
    expect(nulls.warnings.map(({ message }) => message)).toEqual([
      '"users.age" is NULL in 1 row, so that NOT NULL will be refused',
    ]);
    const typed = await planOf((op) => op.alterColumn("users", "code", { type: "INTEGER" }));
    expect(typed.warnings.map(({ message }) => message)).toEqual([
      `in 1 row, "users.code" looks like a number and loses its form, as '007' becomes 7`,
      'in 1 row, "users.code" is text that is no number, and stays text in a column of type INTEGER',
    ]);
  });

  test("is what then happens", async () => {
    const refused: readonly [(op: Operations) => void, string][] = [
      [(op) => op.dropTable("teams"), "SKM_CASCADE"],
      [(op) => op.addColumn("users", { name: "n", nullable: false }), "SKM_MIGRATION_FAILED"],
      [(op) => op.alterColumn("users", "age", { nullable: false }), "SKM_MIGRATION_FAILED"],
    ];
    for (const [upgrade, code] of refused) {
      expect(await failureOf(migratorWith(upgrade).migrator.upgrade())).toMatchObject({ code });
    }
    const { path, migrator } = migratorWith((op) => op.alterColumn("users", "code", { type: "INTEGER" }));
    await migrator.upgrade();
    expect(readRows(path, "SELECT code FROM users ORDER BY id")).toEqual([[7], ["x1"], [12]]);
  });

  test("an engine that enforces foreign keys always, and one that ends long transactions", async () => {
    const rebuild = (op: Operations) => op.createUniqueConstraint("teams", { name: "uq", columns: ["name"] });
    const limited = (changes: object) => (path: string) => {
      const real = openDriver(path);
      return {
        driver: {
          name: "limited",
          connect: async (options: object | undefined) => {
            const connection = await real.connect(options);
            return { ...connection, capabilities: { ...connection.capabilities, ...changes } };
          },
        },
      };
    };
    const codes = (warnings: readonly PlanWarning[]) => warnings.map(({ code }) => code);
    expect(codes((await planOf(rebuild, limited({ foreignKeysOff: false }))).warnings)).toEqual([
      "SKM_LINT_UNSUPPORTED",
    ]);
    expect(codes((await planOf(rebuild, limited({ maxUnitMs: 0.001 }))).warnings)).toEqual([
      "SKM_LINT_PARENT_REBUILD",
      "SKM_LINT_REMOTE_REBUILD",
    ]);
  });

  test("what an engine without open transactions cannot do", async () => {
    const options = (path: string) => ({ driver: oneBatchDriver(path) });
    const asked = await planOf(async (op) => void (await op.query("SELECT 1")), options);
    const changed = await planOf((op) => {
      op.renameTable("users", "people");
      op.alterColumn("people", "age", { type: "REAL" });
    }, options);
    for (const { warnings } of [asked, changed]) {
      expect(warnings.map(({ code }) => code)).toEqual(["SKM_LINT_UNSUPPORTED"]);
    }
  });
});

describe("a run that looks first", () => {
  const destructive = (op: Operations) => op.dropTable("users");

  test("sends the warnings as events, and runs", async () => {
    const events: RunEvent[] = [];
    const { path, migrator } = migratorWith(destructive, () => ({ onEvent: (event) => events.push(event) }));
    await migrator.upgrade("head", { lint: "warn" });
    expect(tables(path)).not.toContain("users");
    expect(events[0]).toMatchObject({ kind: "warning", code: "SKM_LINT_DATA_LOSS" });
  });

  test("refuses when it was asked to, before anything runs", async () => {
    const { path, migrator } = migratorWith(destructive);
    const error = await failureOf(migrator.upgrade("head", { lint: "refuse" }));
    expect(error).toMatchObject({
      code: "SKM_LINT",
      exitCode: 3,
      details: { warnings: [{ revision: "a", code: "SKM_LINT_DATA_LOSS", table: "users", rows: 3 }] },
    });
    expect(tables(path)).toContain("users");
  });

  test("refuses a downgrade too, and lets harmless ones through", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(path, [revision("a", null)]);
    await migrator.upgrade("head", { lint: "refuse" });
    execute(path, "INSERT INTO a VALUES (1)");
    expect(await failureOf(migrator.downgrade("base", { lint: "refuse" }))).toMatchObject({
      code: "SKM_LINT",
    });
    execute(path, "DELETE FROM a");
    expect((await migrator.downgrade("base", { lint: "refuse" })).headsAfter).toEqual([]);
  });
});
