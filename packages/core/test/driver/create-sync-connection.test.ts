import type Database from "better-sqlite3";
import { expect, test } from "vitest";
import {
  createSyncConnection,
  DriverError,
  type Capabilities,
  type Connection,
  type SyncConnectionOptions,
  type SyncEngine,
} from "@skillmeat/migrate-core/driver";
import { faultyEngine, sqliteError, whenExecuted, whenPrepared } from "./faulty-engine.ts";

const capabilities: Capabilities = {
  interactive: true,
  foreignKeysOff: true,
  lock: "file",
  concurrentReads: true,
  alterConstraints: true,
  preservesSql: true,
  settablePragmas: [],
  maxUnitMs: null,
  limits: { parameters: 10, sqlBytes: 1000 },
  engineVersion: "0",
};

function connectTo(
  replace?: (real: SyncEngine, database: Database.Database) => Partial<SyncEngine>,
  options: Partial<SyncConnectionOptions> = {},
): { readonly connection: Connection; readonly database: Database.Database } {
  const { engine, database } = faultyEngine(replace);
  return { connection: createSyncConnection(engine, { capabilities, ...options }), database };
}

const insert = { sql: "INSERT INTO t VALUES (1)" };
const count = (database: Database.Database): unknown =>
  database.prepare("SELECT count(*) FROM t").pluck().get();

async function failure(promise: Promise<unknown>): Promise<DriverError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DriverError)) throw new Error("expected a DriverError", { cause: error });
  return error;
}

test.each([
  ["SQLITE_IOERR_WRITE", "io", "unknown"],
  ["SQLITE_IOERR_FSYNC", "io", "unknown"],
  ["SQLITE_CORRUPT", "corrupt", "unknown"],
  ["SQLITE_READONLY", "readonly", "unknown"],
  ["SQLITE_FULL", "full", "rolled-back"],
  ["SQLITE_CONSTRAINT_FOREIGNKEY", "constraint", "rolled-back"],
] as const)("a COMMIT that fails with %s is of kind %s and its outcome %s", async (code, kind, outcome) => {
  const fail = whenExecuted("COMMIT", () => {
    throw sqliteError(code);
  });
  const { connection, database } = connectTo(fail);
  const error = await failure(connection.unit([insert]));
  expect(error).toMatchObject({ kind, outcome, engineCode: code, step: undefined });
  expect({ open: database.inTransaction, rows: count(database) }).toEqual({ open: false, rows: 0 });
  expect((await connection.query({ sql: "SELECT 1" })).rows).toEqual([[1]]);
});

test("a COMMIT that worked and then reports an error has an unknown outcome", async () => {
  const fail = whenExecuted("COMMIT", (real) => {
    real.exec("COMMIT");
    throw sqliteError("SQLITE_IOERR_FSYNC");
  });
  const { connection, database } = connectTo(fail);
  expect(await failure(connection.unit([insert]))).toMatchObject({ kind: "io", outcome: "unknown" });
  expect(count(database)).toBe(1);
});

test("a busy COMMIT is tried again until it works", async () => {
  let busy = 3;
  const waits: number[] = [];
  const fail = whenExecuted("COMMIT", (real) => {
    if (busy-- > 0) throw sqliteError("SQLITE_BUSY");
    real.exec("COMMIT");
  });
  const { connection, database } = connectTo(fail);
  await connection.unit([insert], { onWait: (ms) => waits.push(ms) });
  expect({ rows: count(database), waits: waits.length }).toEqual({ rows: 1, waits: 3 });
});

test("a COMMIT that stays busy is rolled back at the limit", async () => {
  const fail = whenExecuted("COMMIT", () => {
    throw sqliteError("SQLITE_BUSY");
  });
  const { connection, database } = connectTo(fail);
  const error = await failure(connection.unit([insert], { waitMs: 20 }));
  expect(error).toMatchObject({ kind: "busy", outcome: "rolled-back", step: undefined });
  expect({ open: database.inTransaction, rows: count(database) }).toEqual({ open: false, rows: 0 });
});

test("a signal while COMMIT is busy rolls back", async () => {
  const controller = new AbortController();
  const fail = whenExecuted("COMMIT", () => {
    throw sqliteError("SQLITE_BUSY");
  });
  const { connection, database } = connectTo(fail);
  const unit = connection.unit([insert], { signal: controller.signal, onWait: () => controller.abort() });
  expect(await failure(unit)).toMatchObject({ reason: "aborted", outcome: "rolled-back" });
  expect(count(database)).toBe(0);
});

test("a ROLLBACK that fails is attached, closes the connection and leaves the outcome unknown", async () => {
  const fail = whenExecuted("ROLLBACK", () => {
    throw sqliteError("SQLITE_IOERR_READ");
  });
  const { connection, database } = connectTo(fail);
  const error = await failure(connection.unit([insert, { sql: "SELECT * FROM missing" }]));
  expect(error).toMatchObject({ kind: "sql", step: 1, outcome: "unknown", engineCode: "SQLITE_ERROR" });
  expect(error.cleanupErrors).toMatchObject([{ code: "SQLITE_IOERR_READ" }]);
  expect(database.open).toBe(false);
  expect(await failure(connection.query({ sql: "SELECT 1" }))).toMatchObject({ kind: "closed" });
});

test("a connection that closed itself after a failed ROLLBACK gives back its claim when it is closed", async () => {
  const fail = whenExecuted("ROLLBACK", () => {
    throw sqliteError("SQLITE_IOERR");
  });
  const { engine } = faultyEngine(fail);
  let closed = 0;
  const connection = createSyncConnection(engine, {
    capabilities,
    onClosed: () => {
      closed += 1;
    },
  });
  await failure(connection.unit([{ sql: "SELECT nothing" }]));
  await connection.close();
  await connection.close();
  expect(closed).toBe(1);
});

test("a failed ROLLBACK does not hide the error of the work", async () => {
  const fail = whenExecuted("ROLLBACK", () => {
    throw sqliteError("SQLITE_IOERR_READ");
  });
  const enough = new Error("enough");
  const error = await failure(
    connectTo(fail).connection.transaction?.(async () => await Promise.reject(enough)) ?? Promise.resolve(),
  );
  expect(error).toMatchObject({ kind: "io", outcome: "unknown", cause: enough });
  expect(error.message).toContain("enough");
});

test("ROLLBACK is not sent where SQLite has rolled back already", async () => {
  const sent: string[] = [];
  const { connection } = connectTo((real) => ({
    exec: (sql) => {
      sent.push(sql);
      real.exec(sql);
    },
  }));
  await failure(connection.unit([insert, { sql: "INSERT OR ROLLBACK INTO t VALUES (1)" }]));
  expect(sent.filter((sql) => !sql.startsWith("PRAGMA"))).toEqual(["BEGIN IMMEDIATE"]);
});

test("a transaction that a statement committed behind our back has an unknown outcome", async () => {
  const escape = (real: SyncEngine): Partial<SyncEngine> =>
    whenPrepared("SELECT 'escape'", (statement) => ({
      all: (params) => {
        real.exec("COMMIT");
        return statement.all(params);
      },
    }))(real);
  const { connection, database } = connectTo(escape);
  const error = await failure(connection.unit([insert, { sql: "SELECT 'escape'" }, { sql: "SELECT 1" }]));
  expect(error).toMatchObject({ reason: "transaction-lost", step: 1, outcome: "unknown" });
  expect(count(database)).toBe(1);
});

test.each([
  ["suspended", 1],
  ["enforced", 0],
] as const)(
  "foreign keys that cannot be %s are noticed before the first statement",
  async (foreignKeys, value) => {
    const ignore = whenPrepared("SELECT foreign_keys FROM pragma_foreign_keys", () => ({
      all: () => [[BigInt(value)]],
    }));
    const { connection, database } = connectTo(ignore);
    const error = await failure(connection.unit([insert], { foreignKeys }));
    expect(error).toMatchObject({ kind: "unsupported", outcome: "rolled-back", step: undefined });
    expect(count(database)).toBe(0);
  },
);

test("foreign keys are set back while a transaction waits for its lock", async () => {
  const seen: unknown[] = [];
  let busy = 2;
  const { connection, database } = connectTo((real) => ({
    exec: (sql) => {
      if (sql === "BEGIN IMMEDIATE" && busy-- > 0) throw sqliteError("SQLITE_BUSY");
      real.exec(sql);
    },
  }));
  const onWait = () => seen.push(database.pragma("foreign_keys", { simple: true }));
  const [inside] = await connection.unit([{ sql: "PRAGMA foreign_keys" }], {
    foreignKeys: "suspended",
    onWait,
  });
  expect({ seen, inside: inside?.rows }).toEqual({ seen: [1, 1], inside: [[0]] });
});

test.each([
  [
    "by a statement of the connection",
    async ({ connection }: ReturnType<typeof connectTo>) => {
      await connection.query({ sql: "PRAGMA foreign_keys = OFF" });
    },
    {},
  ],
  [
    "by the owner of a borrowed database",
    async ({ database }: ReturnType<typeof connectTo>) => {
      database.exec("PRAGMA foreign_keys = OFF");
    },
    { release: () => undefined },
  ],
] as const)(
  "a setting that changed since the last transaction, %s, is set back",
  async (_, change, options) => {
    const target = connectTo(undefined, options);
    const { connection, database } = target;
    const read = { sql: "PRAGMA foreign_keys" };
    await connection.unit([read]);
    await change(target);
    const [inside] = await connection.unit([read]);
    const after = database.pragma("foreign_keys", { simple: true });
    expect({ inside: inside?.rows, after }).toEqual({ inside: [[1]], after: 0 });
  },
);

test("a definition leaves no statement that the library would keep", async () => {
  const prepared: string[] = [];
  const { connection, database } = connectTo((real) => ({
    prepare: (sql) => {
      prepared.push(sql);
      return real.prepare(sql);
    },
  }));
  const definitions = [
    "CREATE TABLE u (a)",
    "ALTER TABLE u ADD COLUMN b",
    "create index i ON u (b)",
    "DROP INDEX i",
  ];
  const results = await connection.unit(definitions.map((sql) => ({ sql })));
  expect(prepared.filter((sql) => !sql.includes("foreign_keys"))).toEqual([]);
  expect(results).toEqual(definitions.map(() => ({ columns: [], rows: [], changes: 0 })));
  expect(database.prepare("SELECT a, b FROM u").all()).toEqual([]);
});

test("a definition with a value that it does not take is refused", async () => {
  const { connection } = connectTo();
  const error = await failure(connection.query({ sql: "CREATE TABLE u (a)", params: [1] }));
  expect(error).toMatchObject({ kind: "value", reason: "parameters" });
});

test("what throws before COMMIT rolls back", async () => {
  const replaced = new DriverError("io", "the file is another", { reason: "replaced" });
  const { connection, database } = connectTo(undefined, {
    beforeCommit: () => {
      throw replaced;
    },
  });
  const error = await failure(connection.unit([insert]));
  expect(error).toMatchObject({ reason: "replaced", outcome: "rolled-back", step: undefined });
  expect({ open: database.inTransaction, rows: count(database) }).toEqual({ open: false, rows: 0 });
});

test("changes are counted by SQLite where the library repeats an old number", async () => {
  const stale = (real: SyncEngine): Partial<SyncEngine> => ({
    reportsChanges: false,
    prepare: (sql) => {
      const statement = real.prepare(sql);
      return { ...statement, run: (params) => (statement.run(params), 99) };
    },
  });
  const { connection } = connectTo(stale);
  const results = await connection.unit([
    insert,
    { sql: "INSERT INTO t VALUES (2), (3)" },
    { sql: "CREATE TABLE u (a)" },
    { sql: "UPDATE t SET a = a + 10" },
    { sql: "DELETE FROM t WHERE a = 0" },
  ]);
  expect(results.map(({ changes }) => changes)).toEqual([1, 2, 0, 3, 0]);
});

test("counting changes does not free the statement that is counted", async () => {
  const freed = new Set<string>();
  const strict = (real: SyncEngine): Partial<SyncEngine> => ({
    reportsChanges: false,
    prepare: (sql) => {
      freed.delete(sql);
      const statement = real.prepare(sql);
      const alive = <T>(act: () => T): T => {
        if (freed.has(sql)) throw new Error(`${sql} was freed`);
        return act();
      };
      return {
        ...statement,
        all: (params) => alive(() => statement.all(params)),
        run: (params) => alive(() => statement.run(params)),
        finalize: () => freed.add(sql),
      };
    },
  });
  const { connection } = connectTo(strict);
  const [first, second] = await connection.unit([
    { sql: "INSERT INTO t VALUES (1), (2) RETURNING a" },
    { sql: "CREATE TABLE u (a)" },
  ]);
  expect([first?.changes, second?.changes]).toEqual([2, 0]);
  await connection.close();
  expect([...freed]).toContain("SELECT total_changes(), changes()");
});

test("a unit with a signal lets the event loop run and can be cancelled", async () => {
  const { connection, database } = connectTo();
  const slow = {
    sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT max(i) FROM n",
  };
  const steps = [insert, ...Array.from({ length: 5000 }, () => slow)];
  const error = await failure(connection.unit(steps, { signal: AbortSignal.timeout(20) }));
  expect(error).toMatchObject({ kind: "timeout", reason: "aborted", outcome: "rolled-back" });
  expect(error.step).toBeLessThan(5000);
  expect(count(database)).toBe(0);
});

test("an error that is not the library's passes through unchanged", async () => {
  const bug = new TypeError("a bug");
  const broken = whenPrepared("SELECT 'bug'", () => ({
    all: () => {
      throw bug;
    },
  }));
  const { connection, database } = connectTo(broken);
  await expect(connection.unit([insert, { sql: "SELECT 'bug'" }])).rejects.toBe(bug);
  expect({ open: database.inTransaction, rows: count(database) }).toEqual({ open: false, rows: 0 });
});

test("what the owner of the engine closes is closed", async () => {
  const { connection, database } = connectTo();
  database.close();
  expect(await failure(connection.query({ sql: "SELECT 1" }))).toMatchObject({ kind: "closed" });
  await connection.close();
});

test("a borrowed engine is released instead of closed, once", async () => {
  let released = 0;
  const { connection, database } = connectTo(undefined, { release: () => (released += 1) });
  await connection.close();
  await connection.close();
  expect({ released, open: database.open }).toEqual({ released: 1, open: true });
});

test("errors name the database they happened in", async () => {
  const { connection } = connectTo(undefined, { target: "/data/x.db" });
  for (const sql of ["SELEC", "", "BEGIN", "SELECT ?"]) {
    expect(await failure(connection.query({ sql }))).toMatchObject({ target: "/data/x.db" });
  }
});
