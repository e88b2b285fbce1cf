import { expect, onTestFinished, test, vi } from "vitest";
import {
  createMigrator,
  DriverError,
  type Driver,
  type Migrator,
  type MigratorOptions,
  type Revision,
  type RunEvent,
} from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { libsql, type LibsqlOptions } from "../src/index.ts";
import { describeWithServer, readValues } from "./support/databases.ts";

const table = (name: string, down: string | null): Revision => ({
  revision: name,
  downRevision: down,
  upgrade: (op) => {
    op.execute(`CREATE TABLE ${name} (x)`);
  },
  downgrade: (op) => {
    op.dropTable(name);
  },
});
const revisions = [table("a", null), table("b", "a"), table("c", "b")];

const lockTable = `CREATE TABLE skm_courtesy_lock (id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, holder TEXT NOT NULL, token INTEGER NOT NULL, acquired_at REAL NOT NULL, expires_at REAL NOT NULL)`;
const now = "unixepoch('now', 'subsec')";

async function execute(options: LibsqlOptions, ...statements: readonly string[]): Promise<void> {
  const connection = await libsql(options).connect();
  try {
    await connection.unit(statements.map((sql) => ({ sql })));
  } finally {
    await connection.close();
  }
}

/** Somebody else holds the lock for so many seconds. */
async function hold(options: LibsqlOptions, seconds: number): Promise<void> {
  await execute(
    options,
    "DROP TABLE IF EXISTS skm_courtesy_lock",
    lockTable,
    `INSERT INTO skm_courtesy_lock VALUES (1, 'other', 'process 1 on elsewhere', 7, ${now} - 3, ${now} + ${seconds})`,
  );
}

const free = async (options: LibsqlOptions): Promise<void> =>
  await execute(options, "DROP TABLE skm_courtesy_lock");

/** The tables of a database, without that of the versions. */
const tables = async (options: LibsqlOptions): Promise<readonly unknown[]> =>
  await readValues(
    options,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'alembic_version' ORDER BY name",
  );

interface Run {
  readonly migrator: Migrator;
  readonly events: RunEvent[];
  readonly holders: () => readonly unknown[];
}

function runOn(driver: Driver, more: Partial<MigratorOptions> = {}): Run {
  const events: RunEvent[] = [];
  const migrator = createMigrator({
    driver,
    revisions,
    ...more,
    onEvent: (event) => {
      events.push(event);
      more.onEvent?.(event);
    },
  });
  onTestFinished(async () => {
    await migrator.close();
  });
  const holders = (): readonly unknown[] => [
    ...new Set(events.flatMap((event) => (event.kind === "wait" ? [event.holder] : []))),
  ];
  return { migrator, events, holders };
}

describeWithServer("a run on a server", (server) => {
  const fresh = async (): Promise<LibsqlOptions> => ({
    url: `http://${server().host}`,
    namespace: await server().createNamespace(),
  });

  test.each([
    ["that is told to queue", true],
    ["that sees somebody in the queue", false],
  ])("%s waits for its turn, and leaves nothing behind", async (_what, queue) => {
    const options = await fresh();
    await hold(options, 40);
    let freed: Promise<void> | undefined;
    const { migrator, holders } = runOn(libsql(options), {
      queue,
      onEvent: ({ kind }) => {
        if (kind === "wait") freed ??= free(options);
      },
    });
    expect((await migrator.upgrade()).headsAfter).toEqual(["c"]);
    await freed;
    expect(holders()).toEqual(["process 1 on elsewhere"]);
    expect(await tables(options)).toEqual(["a", "b", "c"]);
  });

  test("takes over from a holder whose time is up", async () => {
    const options = await fresh();
    await hold(options, -1);
    const { migrator, holders } = runOn(libsql(options));
    expect((await migrator.upgrade()).headsAfter).toEqual(["c"]);
    expect(holders()).toEqual([]);
    expect(await tables(options)).toEqual(["a", "b", "c"]);
  });

  test("waits no longer than told, and says for whom", async () => {
    const options = await fresh();
    await hold(options, 40);
    const { migrator } = runOn(libsql(options), { waitMs: 250 });
    await expect(migrator.upgrade()).rejects.toMatchObject({
      code: "SKM_BUSY",
      exitCode: 6,
      message: expect.stringContaining('"process 1 on elsewhere" is at work on the database; waited '),
      details: { holder: "process 1 on elsewhere", token: 7 },
    });
    expect(await tables(options)).toEqual(["skm_courtesy_lock"]);
  });

  test("does not wait when there is nothing to do", async () => {
    const options = await fresh();
    await runOn(libsql(options)).migrator.upgrade();
    await hold(options, 40);
    const { migrator } = runOn(libsql(options), { queue: true, waitMs: 0 });
    expect((await migrator.upgrade()).outcome).toBe("nothing-to-do");
    expect(await migrator.current()).toEqual(["c"]);
  });

  test("gets in line when its transaction was taken away, and applies each revision once", async () => {
    const options = await fresh();
    let units = 0;
    const { migrator, events } = runOn(
      failing(libsql(options), (statements) => {
        const isRevision = statements.some(({ sql }) => sql.startsWith("CREATE TABLE b"));
        return isRevision && (units += 1) === 1
          ? new DriverError("timeout", "taken", { reason: "transaction-expired", outcome: "rolled-back" })
          : undefined;
      }),
    );
    expect(await migrator.upgrade()).toMatchObject({ headsAfter: ["c"], steps: [{}, {}, {}] });
    expect(units).toBe(2);
    expect(events.filter(({ kind }) => kind === "commit")).toHaveLength(3);
    expect(await tables(options)).toEqual(["a", "b", "c"]);
  });

  test("gives up when its transaction is taken away during its turn", async () => {
    const options = await fresh();
    const taken = new DriverError("timeout", "taken", {
      reason: "transaction-expired",
      outcome: "rolled-back",
    });
    const { migrator } = runOn(
      failing(libsql(options), (statements) =>
        statements.some(({ sql }) => sql.startsWith("CREATE TABLE b")) ? taken : undefined,
      ),
    );
    await expect(migrator.upgrade()).rejects.toMatchObject({ code: "SKM_REMOTE_TX_EXPIRED" });
    expect(await tables(options)).toEqual(["a"]);
    expect(await migrator.current()).toEqual(["a"]);
  });

  test.each([
    ["one batch", false],
    ["a transaction that asks the database", true],
  ])("that lost its turn applies nothing until it has it again, with %s", async (_what, asks) => {
    const options = await fresh();
    let turn: "mine" | "lost" | "back" = "mine";
    const { migrator, holders } = runOn(libsql(options), {
      queue: true,
      onEvent: ({ kind }) => {
        if (kind !== "wait" || turn !== "lost") return;
        turn = "back";
        seen = tables(options).then(async (found) => {
          await free(options);
          return found;
        });
      },
      revisions: [
        table("a", null),
        {
          ...table("b", "a"),
          upgrade: async (op) => {
            if (turn === "mine") {
              turn = "lost";
              await hold(options, 40);
            }
            if (asks) await op.query("SELECT 1");
            op.execute("CREATE TABLE b (x)");
          },
        },
      ],
    });
    let seen: Promise<readonly unknown[]> | undefined;
    expect(await migrator.upgrade()).toMatchObject({ headsAfter: ["b"], steps: [{}, {}] });
    expect(holders()).toEqual(["process 1 on elsewhere"]);
    expect(await seen).toEqual(["a", "skm_courtesy_lock"]);
    expect(await tables(options)).toEqual(["a", "b"]);
  });

  test("makes its turn last longer between two revisions, and not sooner than needed", async () => {
    const options = await fresh();
    let aheadMs = 0;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + aheadMs);
    onTestFinished(() => void vi.restoreAllMocks());
    const left: number[] = [];
    const shortTurn = async (): Promise<void> => {
      const sql = "SELECT expires_at - unixepoch('now', 'subsec') FROM skm_courtesy_lock";
      left.push(Number((await readValues(options, sql))[0]));
      await execute(options, "UPDATE skm_courtesy_lock SET expires_at = expires_at - 20");
    };
    const { migrator } = runOn(libsql(options), {
      queue: true,
      revisions: [
        {
          ...table("a", null),
          upgrade: async () => {
            await shortTurn();
          },
        },
        {
          ...table("b", "a"),
          upgrade: async () => {
            await shortTurn();
            aheadMs += 12_000;
          },
        },
        {
          ...table("c", "b"),
          upgrade: async () => {
            await shortTurn();
          },
        },
      ],
    });
    await migrator.upgrade();
    // Taken for 45 seconds, 20 of which are over; then made to last as long again.
    expect(left.map((seconds) => Math.round(seconds / 5) * 5)).toEqual([45, 25, 45]);
  });

  test("keeps its turn when somebody who does not queue moves the database on", async () => {
    const options = await fresh();
    const { migrator, events, holders } = runOn(libsql(options), {
      queue: true,
      waitMs: 2000,
      revisions: [
        table("a", null),
        {
          ...table("b", "a"),
          upgrade: async (op) => {
            await execute(options, "CREATE TABLE b (x)", "UPDATE alembic_version SET version_num = 'b'");
            op.execute("CREATE TABLE b (x)");
          },
        },
        table("c", "b"),
      ],
    });
    const { steps, headsAfter } = await migrator.upgrade();
    expect([steps.map(({ revision }) => revision), headsAfter]).toEqual([["a", "c"], ["c"]]);
    expect(events.filter(({ kind }) => kind === "replan")).toHaveLength(1);
    expect(holders()).toEqual([]);
    expect(await tables(options)).toEqual(["a", "b", "c"]);
  });

  test("says what it has applied when its turn does not come back", async () => {
    const options = await fresh();
    const { migrator } = runOn(libsql(options), {
      queue: true,
      waitMs: 300,
      revisions: [
        table("a", null),
        {
          ...table("b", "a"),
          upgrade: async (op) => {
            await hold(options, 40);
            op.execute("CREATE TABLE b (x)");
          },
        },
      ],
    });
    await expect(migrator.upgrade()).rejects.toMatchObject({
      code: "SKM_BUSY",
      message: expect.stringContaining('1 revision was committed, the database is at "a"'),
      details: { applied: ["a"], pending: ["b"], holder: "process 1 on elsewhere" },
    });
    expect(await tables(options)).toEqual(["a", "skm_courtesy_lock"]);
  });

  test.each([true, false])(
    "among many, queue %s: all succeed, each revision is applied once",
    async (queue) => {
      const options = await fresh();
      const runs = Array.from({ length: 6 }, () => runOn(libsql(options), { queue }));
      const results = await Promise.all(runs.map(async ({ migrator }) => await migrator.upgrade()));
      expect(results.map(({ headsAfter }) => headsAfter)).toEqual(runs.map(() => ["c"]));
      expect(results.flatMap(({ steps }) => steps.map(({ revision }) => revision)).toSorted()).toEqual([
        "a",
        "b",
        "c",
      ]);
      expect(await tables(options)).toEqual(["a", "b", "c"]);
    },
  );

  test("warns when it cannot give its turn back, and succeeds all the same", async () => {
    const options = await fresh();
    const { migrator, events } = runOn(
      failing(libsql(options), (statements) =>
        statements.some(({ sql }) => sql === "DROP TABLE skm_courtesy_lock")
          ? new DriverError("network", "the connection was lost", { outcome: "unknown" })
          : undefined,
      ),
      { queue: true },
    );
    expect((await migrator.upgrade()).headsAfter).toEqual(["c"]);
    expect(events).toContainEqual(expect.objectContaining({ kind: "warning", code: "SKM_LOCK_LEFT" }));
    expect(await migrator.lockStatus()).toMatchObject({ holder: expect.stringMatching(/^process \d+ on /) });
  });

  test("tells who is at work, and ends the turn of a dead one", async () => {
    const options = await fresh();
    const { migrator } = runOn(libsql(options));
    expect(await migrator.lockStatus()).toBeNull();
    await hold(options, 40);
    const status = await migrator.lockStatus();
    expect(status).toMatchObject({ holder: "process 1 on elsewhere", token: 7 });
    expect(status?.heldMs).toBeGreaterThanOrEqual(3000);
    expect(status?.lapsesInMs).toBeLessThanOrEqual(40_000);
    expect(await migrator.breakLock()).toMatchObject({ holder: "process 1 on elsewhere" });
    expect(await migrator.breakLock()).toBeNull();
    expect(await tables(options)).toEqual([]);
  });
});

test("a file has no courtesy lock", async () => {
  const { migrator } = runOn(betterSqlite3(":memory:"), { queue: true });
  expect(await migrator.lockStatus()).toBeNull();
  await expect(migrator.breakLock()).rejects.toMatchObject({ code: "SKM_UNSUPPORTED" });
  expect((await migrator.upgrade()).headsAfter).toEqual(["c"]);
});

/** A driver whose units fail where the judge says so, before anything is sent. */
function failing(
  real: Driver,
  judge: (statements: readonly { readonly sql: string }[]) => Error | undefined,
): Driver {
  return {
    name: real.name,
    connect: async (options) => {
      const connection = await real.connect(options);
      return {
        ...connection,
        unit: async (statements, unitOptions) => {
          const error = judge(statements);
          if (error !== undefined) throw error;
          return await connection.unit(statements, unitOptions);
        },
      };
    },
  };
}
