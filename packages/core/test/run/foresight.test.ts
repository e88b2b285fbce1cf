import { describe, expect, test } from "vitest";
import type { MigratorOptions, Operations, Plan } from "@skillmeat/migrate-core";
import { DriverError, type Connection, type Driver } from "../../src/driver/index.ts";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { execute, migratorFor, openDriver, readRows, temporaryPath } from "../support/temporary-database.ts";

type Body = (op: Operations) => void;

const schema = `CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, c INT, n TEXT UNIQUE);
CREATE TABLE child (id INTEGER PRIMARY KEY, p INT REFERENCES parent ON DELETE CASCADE);
CREATE INDEX ix ON parent (c);
CREATE VIEW v AS SELECT c, n FROM parent;
CREATE TRIGGER tr AFTER INSERT ON child BEGIN UPDATE parent SET c = c + 1; END;
INSERT INTO parent VALUES (1, 10, 'a'), (2, 20, 'b'), (9, 90, 'c');
INSERT INTO child VALUES (1, 1), (2, 2);
DELETE FROM parent WHERE id = 9;
ANALYZE;`;

/** Units whose batches depend on what the unit itself does before. */
const bodies: readonly (readonly [string, Body])[] = [
  [
    "made before",
    (op) => {
      op.createTable({
        name: "t",
        columns: [
          { name: "id", type: "INTEGER", primaryKey: true },
          { name: "a", type: "INT" },
        ],
      });
      op.bulkInsert("t", [
        { id: -5, a: 1 },
        { id: 7, a: 2 },
      ]);
      op.createForeignKey("t", { columns: ["a"], references: { table: "parent", columns: ["id"] } });
    },
  ],
  [
    "changed before",
    (op) => {
      op.addColumn("parent", { name: "d", type: "TEXT", default: "d" });
      op.alterColumn("parent", "c", { type: "TEXT" });
      op.dropColumn("parent", "d");
    },
  ],
  [
    "rebuilt before",
    (op) => {
      op.alterColumn("parent", "c", { type: "TEXT", name: "e" });
      op.batchAlterTable("parent", (batch) =>
        batch.addColumn({ name: "u", unique: true }, { insertAfter: "id" }),
      );
    },
  ],
  [
    "renamed before, with its view and trigger",
    (op) => {
      op.renameTable("parent", "elder");
      op.renameColumn("elder", "n", "name");
      op.alterColumn("elder", "c", { default: 5 });
    },
  ],
  [
    "freed of what uses it",
    (op) => {
      op.dropView("v");
      op.execute("DROP INDEX ix");
      op.dropTrigger("tr");
      op.dropColumn("parent", "c");
      op.createView({ name: "v", as: "SELECT n FROM parent" });
    },
  ],
  [
    "made by SQL, whose rows do not fit an empty database",
    (op) => {
      op.execute("CREATE TABLE t AS SELECT * FROM parent");
      op.requireRows("t");
      op.dropColumn("t", "n");
    },
  ],
];

const database = (): string => {
  const path = temporaryPath();
  execute(path, schema);
  return path;
};

/** Takes a unit at once, and can make databases in memory. */
const foreseeing = (path: string): Driver => ({ ...oneBatchDriver(path), scratch: openDriver(":memory:") });

const migrate = async (path: string, upgrade: Body, options: Partial<MigratorOptions>): Promise<void> => {
  await migratorFor(path, [{ revision: "one", downRevision: null, upgrade }], options).upgrade();
};

function everything(path: string): unknown {
  const names = readRows(path, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").flat();
  const objects = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
  return [readRows(path, objects), ...names.map((name) => readRows(path, `SELECT * FROM "${String(name)}"`))];
}

describe("an engine that takes a unit at once changes a table", () => {
  test.each(bodies)("%s, as an interactive one does", async (_, body) => {
    const [path, other] = [database(), database()];
    await migrate(path, body, { driver: foreseeing(path) });
    await migrate(other, body, {});
    expect(everything(path)).toEqual(everything(other));
  });

  test.each(bodies)("%s, not without a database in memory", async (_, body) => {
    const path = database();
    const before = everything(path);
    const error = await failureOf(migrate(path, body, { driver: oneBatchDriver(path) }));
    expect(error).toMatchObject({ code: "SKM_UNSUPPORTED", hint: "put it into a revision of its own" });
    expect(everything(path)).toEqual(before);
  });

  test("unless it enforces foreign keys always, and rows are there that nobody can count yet", async () => {
    const path = database();
    const before = everything(path);
    const real = foreseeing(path);
    const driver: Driver = {
      ...real,
      connect: async (options) => {
        const connection = await real.connect(options);
        return { ...connection, capabilities: { ...connection.capabilities, foreignKeysOff: false } };
      },
    };
    const body: Body = (op) => {
      op.createTable({ name: "t", columns: [{ name: "p", references: { table: "parent" } }] });
      op.bulkInsert("t", [{ p: 1 }]);
      op.createUniqueConstraint("t", ["p"]);
    };
    const error = await failureOf(migrate(path, body, { driver }));
    expect(error).toMatchObject({ code: "SKM_UNSUPPORTED", details: { table: "t" } });
    expect(everything(path)).toEqual(before);
  });

  test("and is refused what it would refuse", async () => {
    const path = database();
    const body: Body = (op) => {
      op.renameColumn("parent", "n", "name");
      op.dropColumn("parent", "name");
    };
    const error = await failureOf(migrate(path, body, { driver: foreseeing(path) }));
    expect(error).toMatchObject({ code: "SKM_OBJECT_IN_USE" });
    expect(error.message).toContain('"v"');
  });
});

test("a unit is refused when another program changes a table after it was looked at", async () => {
  const path = database();
  const real = oneBatchDriver(path);
  const driver: Driver = {
    name: "slow",
    connect: async (options) => {
      const connection = await real.connect(options);
      return {
        ...connection,
        unit: async (steps, given) => {
          if (steps.some(({ sql }) => sql.startsWith("CREATE TABLE _new_"))) {
            execute(path, "ALTER TABLE parent ADD COLUMN late TEXT DEFAULT 'kept'");
          }
          return await connection.unit(steps, given);
        },
      };
    },
  };
  const error = await failureOf(
    migrate(path, (op) => op.alterColumn("parent", "c", { type: "TEXT" }), { driver }),
  );
  expect(error).toMatchObject({ code: "SKM_VERSION_MOVED" });
  expect(error.message).toContain("the tables were changed");
  expect(readRows(path, "SELECT DISTINCT late FROM parent")).toEqual([["kept"]]);
});

/** Like a server: takes a unit at once, or one statement after another. */
function server(path: string, scratch: Driver, sent: { units: number }): Driver {
  const real = openDriver(path);
  return {
    name: "server",
    scratch,
    connect: async (options) => {
      const connection = await real.connect(options);
      const capabilities = Object.create(connection.capabilities, {
        lock: { value: "server" },
      }) as Connection["capabilities"];
      return {
        ...connection,
        capabilities,
        unit: async (steps, given) => {
          if (steps.some(({ sql }) => sql.startsWith("CREATE TABLE _new_"))) sent.units += 1;
          return await connection.unit(steps, given);
        },
      };
    },
  };
}

const rebuildTwice = bodies[2]?.[1] ?? (() => undefined);

describe("a server", () => {
  test("is sent one unit", async () => {
    const path = database();
    const sent = { units: 0 };
    await migrate(path, rebuildTwice, { driver: server(path, openDriver(":memory:"), sent) });
    expect(sent.units).toBe(1);
  });

  const unable: readonly (readonly [string, Driver["connect"]])[] = [
    [
      "cannot do it",
      async () => ({
        ...(await openDriver(":memory:").connect()),
        unit: async () => await Promise.reject(new DriverError("sql", "no such module: special")),
      }),
    ],
    ["cannot be made", async () => await Promise.reject(new DriverError("unsupported", "no such library"))],
  ];

  test.each(unable)("is asked in between where a database in memory %s", async (_, connect) => {
    const path = database();
    const sent = { units: 0 };
    const scratch: Driver = { name: "weak", connect };
    await migrate(path, rebuildTwice, { driver: server(path, scratch, sent) });
    expect(sent.units).toBe(0);
    expect(readRows(path, "SELECT id, e FROM parent")).toEqual([
      [1, "12"],
      [2, "22"],
    ]);
  });
});

describe("a plan", () => {
  const plan = async (path: string, ...upgrades: MigratorOptions["revisions"][]): Promise<Plan> =>
    await migratorFor(path, upgrades.flat() as MigratorOptions["revisions"]).plan();

  test("shows changes of tables that it makes itself, also without a database", async () => {
    const [, make] = bodies[0] ?? [];
    const revisions = [{ revision: "one", downRevision: null, upgrade: make ?? (() => undefined) }];
    const { steps } = await plan(temporaryPath(), [
      ...revisions,
      { revision: "two", downRevision: "one", upgrade: (op: Operations) => op.dropColumn("t", "a") },
    ]);
    expect(steps.flatMap(({ dependsOnSchema }) => dependsOnSchema)).toEqual([]);
    const statements = steps.flatMap((step) => step.statements.map(({ sql }) => sql));
    expect(statements.filter((sql) => sql.startsWith("CREATE TABLE _new_t"))).toHaveLength(2);
  });

  test("says nothing of tables behind a question, after which anything may be done", async () => {
    const { steps } = await plan(temporaryPath(), [
      {
        revision: "one",
        downRevision: null,
        upgrade: async (op: Operations) => {
          await op.query("SELECT 1");
          op.createTable({ name: "t", columns: [{ name: "a" }] });
        },
      },
      {
        revision: "two",
        downRevision: "one",
        upgrade: (op: Operations) => op.alterColumn("t", "a", { type: "TEXT" }),
      },
    ]);
    expect(steps[1]).toMatchObject({
      dependsOnSchema: ['alter table "t": column "a": change type'],
      statements: [{}],
    });
  });
});
