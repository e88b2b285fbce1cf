import { describe, expect, test } from "vitest";
import {
  DriverError,
  type Connection,
  type Driver,
  type Operations,
  type RunEvent,
} from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

describe("a run that may not lose data", () => {
  const dropping = (downgrade: (op: Operations) => void) => [
    revision("a", null),
    revision("b", "a", { downgrade }),
  ];

  test.each([
    ["a dropped table", (op: Operations) => op.dropTable("kept"), [{ table: "kept", column: null, rows: 2 }]],
    [
      "deleted rows",
      (op: Operations) => op.execute("DELETE FROM kept WHERE id = 1"),
      [{ table: "kept", column: null, rows: 1 }],
    ],
    [
      "a dropped column",
      (op: Operations) => op.dropColumn("kept", "name"),
      [{ table: "kept", column: "name", rows: 2 }],
    ],
    [
      "a table dropped in SQL",
      (op: Operations) => op.execute("DROP TABLE kept"),
      [{ table: "kept", column: null, rows: 2 }],
    ],
  ])("refuses %s and changes nothing", async (_, downgrade, losses) => {
    const path = temporaryPath();
    const migrator = migratorFor(path, dropping(downgrade));
    await migrator.upgrade();
    execute(path, "CREATE TABLE kept (id INTEGER, name TEXT); INSERT INTO kept VALUES (1, 'x'), (2, 'y')");
    const error = await failureOf(migrator.downgrade("a", { dataLoss: "refuse" }));
    expect(error).toMatchObject({ code: "SKM_DESTRUCTIVE", exitCode: 9, details: { losses } });
    expect([versions(path), readRows(path, "SELECT * FROM kept")]).toEqual([
      ["b"],
      [
        [1, "x"],
        [2, "y"],
      ],
    ]);
    expect((await migrator.downgrade("a")).headsAfter).toEqual(["a"]);
  });

  test("lets through empty tables and renames", async () => {
    const path = temporaryPath();
    const migrator = migratorFor(
      path,
      dropping((op) => {
        op.dropTable("b");
        op.renameColumn("kept", "name", "title");
        op.renameTable("kept", "moved");
      }),
    );
    await migrator.upgrade();
    execute(path, "CREATE TABLE kept (id INTEGER, name TEXT); INSERT INTO kept VALUES (1, 'x')");
    expect((await migrator.downgrade("a", { dataLoss: "refuse" })).headsAfter).toEqual(["a"]);
    expect(readRows(path, "SELECT title FROM moved")).toEqual([["x"]]);
  });
});

describe("foreign keys", () => {
  const schema =
    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1), (2)";
  const deleting = [
    revision("a", null, { upgrade: (op: Operations) => op.execute("DELETE FROM p WHERE id = 1") }),
  ];

  test("are enforced unless told otherwise: actions fire", async () => {
    const path = temporaryPath();
    execute(path, schema);
    await migratorFor(path, deleting).upgrade();
    expect(readRows(path, "SELECT * FROM c")).toEqual([[2]]);
  });

  test("when suspended do not fire, and new violations fail the run", async () => {
    const path = temporaryPath();
    execute(path, schema);
    const error = await failureOf(migratorFor(path, deleting, { foreignKeys: "suspended" }).upgrade());
    expect(error).toMatchObject({ code: "SKM_FOREIGN_KEY", exitCode: 7, details: { count: 1 } });
    expect(readRows(path, "SELECT * FROM p")).toEqual([[1], [2]]);
  });

  describe("of a revision that shares its run with a rebuild", () => {
    const both = [
      ...deleting,
      revision("b", "a", {
        upgrade: (op: Operations) => op.createUniqueConstraint("q", { name: "uq_q", columns: ["id"] }),
      }),
    ];
    const withTable = `${schema}; CREATE TABLE q (id INTEGER)`;

    test("are suspended too: what a cascade would have deleted fails the run, and nothing is changed", async () => {
      const path = temporaryPath();
      execute(path, withTable);
      const error = await failureOf(migratorFor(path, both).upgrade());
      expect(error).toMatchObject({ code: "SKM_FOREIGN_KEY", details: { count: 1, heads: [] } });
      expect(error.hint).toContain("transactionPer");
      expect([readRows(path, "SELECT * FROM p"), readRows(path, "SELECT * FROM c")]).toEqual([
        [[1], [2]],
        [[1], [2]],
      ]);
    });

    test("are enforced when each revision has its own transaction", async () => {
      const path = temporaryPath();
      execute(path, withTable);
      const result = await migratorFor(path, both, { transactionPer: "revision" }).upgrade();
      expect(result.headsAfter).toEqual(["b"]);
      expect(readRows(path, "SELECT * FROM c")).toEqual([[2]]);
    });
  });

  test("that were broken before do not block a run", async () => {
    const path = temporaryPath();
    execute(path, `PRAGMA foreign_keys = OFF; ${schema}; INSERT INTO c VALUES (99)`);
    const harmless = [revision("a", null)];
    expect((await migratorFor(path, harmless, { foreignKeys: "suspended" }).upgrade()).outcome).toBe(
      "applied",
    );
  });
});

/** The real driver, whose COMMIT fails with an unknown outcome once, before or after it has taken effect. */
function failingCommit(path: string, when: "before" | "after"): Driver {
  const real = openDriver(path);
  let armed = true;
  const fail = (): never => {
    armed = false;
    throw new DriverError("io", "disk I/O error", { outcome: "unknown", engineCode: "SQLITE_IOERR_FSYNC" });
  };
  const wrap = (connection: Connection): Connection => ({
    ...connection,
    capabilities: connection.capabilities,
    transaction: async (work, options) => {
      if (armed && when === "before") {
        await connection
          .transaction?.(async (tx) => {
            await work(tx);
            throw new Error("roll back");
          }, options)
          .catch(() => undefined);
        return fail();
      }
      const result = await connection.transaction?.(work, options);
      return armed ? fail() : (result as never);
    },
  });
  return { name: "failing", connect: async (options) => wrap(await real.connect(options)) };
}

describe("a COMMIT that fails with an unknown outcome", () => {
  test("is read back: when it took effect the run succeeds with a warning", async () => {
    const path = temporaryPath();
    const events: RunEvent[] = [];
    const driver = failingCommit(path, "after");
    const result = await migratorFor(path, chain(), {
      driver,
      onEvent: (event) => events.push(event),
    }).upgrade();
    expect(result).toMatchObject({ outcome: "applied", headsAfter: ["c"] });
    expect(events).toContainEqual(expect.objectContaining({ kind: "warning", code: "SKM_COMMIT_RECOVERED" }));
  });

  test("is read back: when it did not, the run fails and a plain re-run converges", async () => {
    const path = temporaryPath();
    const driver = failingCommit(path, "before");
    const error = await failureOf(migratorFor(path, chain(), { driver }).upgrade());
    expect(error).toMatchObject({ code: "SKM_DB_IO", exitCode: 7, details: { heads: [] } });
    expect(tables(path)).toEqual([]);
    expect((await migratorFor(path, chain()).upgrade()).headsAfter).toEqual(["c"]);
  });

  test("stays unknown when the database cannot be read again", async () => {
    const path = temporaryPath();
    const driver = failingCommit(path, "after");
    let connections = 0;
    const once: Driver = {
      name: "once",
      connect: async (options) => {
        connections += 1;
        // The first look finds no file, the second connection runs; there is no third.
        if (connections > 2) throw new DriverError("io", "the disk is gone");
        return await driver.connect(options);
      },
    };
    const error = await failureOf(migratorFor(path, chain(), { driver: once }).upgrade());
    expect(error).toMatchObject({ code: "SKM_COMMIT_UNKNOWN", exitCode: 8 });
    expect(error.details).toMatchObject({ headsBefore: [], headsAfter: ["c"] });
  });
});

describe("an abort", () => {
  test("rolls back", async () => {
    const path = temporaryPath();
    const controller = new AbortController();
    const revisions = chain({
      upgrade: async (op: Operations) => {
        op.createTable({ name: "c", columns: [{ name: "id" }] });
        await op.query("SELECT 1");
        controller.abort();
        op.execute("SELECT 2");
      },
    });
    const error = await failureOf(migratorFor(path, revisions, { signal: controller.signal }).upgrade());
    expect(error).toMatchObject({ code: "SKM_MIGRATION_ABORTED", exitCode: 7 });
    expect(tables(path)).toEqual([]);
  });
});
