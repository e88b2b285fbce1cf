import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  DriverError,
  type Connection,
  type Driver,
  type QueryResult,
  type Statement,
} from "@skillmeat/migrate-core/driver";
import { checks, testDriver, type DatabaseUnderTest } from "@skillmeat/migrate-core/testkit";
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";

type Breakage = (connection: Connection) => Partial<Connection>;

/** A real driver whose connections have one fault. */
function broken(driver: Driver, breakage: Breakage, keepOptions = true): Driver {
  return {
    name: "broken",
    ...(driver.scratch === undefined ? {} : { scratch: driver.scratch }),
    connect: async (options) => {
      const connection = await driver.connect(keepOptions ? options : {});
      return { ...connection, ...breakage(connection) };
    },
  };
}

function database(breakage: Breakage, keepOptions: boolean): DatabaseUnderTest {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-testkit-"));
  const path = join(directory, "test.db");
  const driverFor = (other: string): Driver => broken(betterSqlite3(other), breakage, keepOptions);
  return {
    driver: driverFor(path),
    files: { directory, path, driverFor },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Runs these checks against a driver, and tells which of them fail. */
async function failuresOf(
  names: readonly string[],
  breakage: Breakage,
  keepOptions = true,
): Promise<string[]> {
  const bodies = new Map<string, () => Promise<void>>();
  const register = (title: string, body: () => Promise<void>): void => void bodies.set(title, body);
  await testDriver({
    describe: (_, body) => body(),
    test: Object.assign(register, { skip: () => undefined }),
    create: () => database(breakage, keepOptions),
  });
  const failed: string[] = [];
  for (const name of names) {
    const body = bodies.get(name);
    if (body === undefined) throw new Error(`there is no check ${name}`);
    await body().catch(() => failed.push(name));
  }
  return failed;
}

const mapped =
  (change: (result: QueryResult, statement: Statement) => QueryResult): Breakage =>
  (connection) => ({
    query: async (statement) => change(await connection.query(statement), statement),
    unit: async (steps, options) =>
      (await connection.unit(steps, options)).map((result, index) =>
        change(result, steps[index] ?? { sql: "" }),
      ),
  });

const rounded = (value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);

/** Faults that real libraries have, and checks that must notice them. */
const faults: readonly (readonly [fault: string, breakage: Breakage, noticed: readonly string[]])[] = [
  [
    "runs a unit statement by statement",
    (connection) => ({
      unit: async (steps) => {
        const results: QueryResult[] = [];
        for (const statement of steps) results.push(await connection.query(statement));
        return results;
      },
    }),
    [
      "unit.rolls-back-ddl-and-dml-and-names-step",
      "unit.user-version-is-part-of-the-transaction",
      "unit.a-guard-in-sql-aborts",
    ],
  ],
  [
    "does not suspend foreign keys",
    (connection) => ({ unit: async (steps) => await connection.unit(steps) }),
    [
      "foreign-keys.are-suspended-inside-and-restored-after",
      "foreign-keys.a-parent-rebuild-keeps-its-children",
      "schema.a-full-rebuild-keeps-everything",
    ],
  ],
  [
    "does not suspend foreign keys in a transaction",
    (connection) => ({ transaction: async (work) => (await connection.transaction?.(work)) as never }),
    ["transaction.suspends-foreign-keys", "migration.a-rebuild-keeps-children-triggers-and-views"],
  ],
  [
    "never enforces foreign keys",
    (connection) => ({
      unit: async (steps) => await connection.unit(steps, { foreignKeys: "suspended" }),
      query: async (statement) => {
        const [result] = await connection.unit([statement], { foreignKeys: "suspended" });
        return result ?? { columns: [], rows: [], changes: 0 };
      },
    }),
    [
      "foreign-keys.are-enforced-unless-told",
      "foreign-keys.a-violation-at-commit-rolls-back-and-leaves-the-connection-usable",
    ],
  ],
  [
    "rounds large integers",
    mapped((result) => ({
      ...result,
      rows: result.rows.map((row) => row.map(rounded)) as QueryResult["rows"],
    })),
    ["values.the-largest-integer-stays-exact", "values.the-first-unsafe-integer-stays-exact"],
  ],
  [
    "remembers columns by the text of the statement",
    (connection) => {
      const columns = new Map<string, readonly string[]>();
      return mapped((result, { sql }) => {
        if (!columns.has(sql)) columns.set(sql, result.columns);
        return { ...result, columns: columns.get(sql) ?? [] };
      })(connection);
    },
    ["query.sees-new-columns-after-ddl", "query.sees-new-columns-after-ddl-of-another-connection"],
  ],
  [
    "repeats the last number of changes",
    (connection) => {
      let last = 0;
      return mapped((result) => ({
        ...result,
        changes: (last = result.changes === 0 ? last : result.changes),
      }))(connection);
    },
    ["query.counts-changes-of-insert-update-and-delete-only"],
  ],
  [
    "drops a second statement",
    (connection) => ({
      query: async (statement) =>
        await connection.query({ ...statement, sql: statement.sql.split(";")[0] ?? "" }),
    }),
    ["query.a-second-statement-is-refused-and-the-first-does-not-run", "query.a-trigger-is-one-statement"],
  ],
  [
    "fills missing parameters with NULL",
    (connection) => ({
      query: async ({ sql, params = [] }) => {
        const count = sql.split("?").length - 1;
        return await connection.query({
          sql,
          params: Array.from({ length: count }, (_, index) => params[index] ?? null),
        });
      },
    }),
    ["query.wrong-parameter-count-fails", "values.undefined-is-refused"],
  ],
  [
    "tries once instead of waiting",
    (connection) => ({
      unit: async (steps, options) => await connection.unit(steps, { ...options, waitMs: 0 }),
    }),
    ["lock.a-second-writer-is-told-busy-in-time", "lock.waits-without-blocking-the-event-loop"],
  ],
  [
    "waits without hearing the signal",
    (connection) => ({
      unit: async (steps, options = {}) => {
        const deaf = { ...options, waitMs: 50 };
        delete deaf.signal;
        return await connection.unit(steps, deaf);
      },
    }),
    ["lock.waiting-ends-with-the-signal", "unit.a-cancelled-signal-changes-nothing"],
  ],
  [
    "tells neither step nor outcome",
    (connection) => ({
      unit: async (steps, options) =>
        await connection.unit(steps, options).catch((error: DriverError) => {
          throw new DriverError(error.kind, error.message, { cause: error.cause });
        }),
    }),
    [
      "unit.rolls-back-ddl-and-dml-and-names-step",
      "unit.on-conflict-rollback-is-a-failure",
      "lock.a-second-writer-is-told-busy-in-time",
    ],
  ],
  [
    "commits what the work threw away",
    (connection) => ({
      transaction: async (work, options) => {
        let failure: unknown;
        const result = await connection.transaction?.(
          async (tx) => await work(tx).catch((error: unknown) => (failure = error)),
          options,
        );
        if (failure !== undefined) throw failure;
        return result as never;
      },
    }),
    [
      "transaction.rolls-back-and-rejects-with-the-error-of-the-work",
      "migration.that-fails-leaves-nothing-of-its-revision",
    ],
  ],
  [
    "loses the kind of an error",
    (connection) => ({
      query: async (statement) =>
        await connection.query(statement).catch((error: DriverError) => {
          throw new DriverError("io", error.message, { cause: error.cause });
        }),
      unit: async (steps, options) =>
        await connection.unit(steps, options).catch(({ message, step, outcome }: DriverError) => {
          throw new DriverError("io", message, {
            ...(step === undefined ? {} : { step }),
            ...(outcome === undefined ? {} : { outcome }),
          });
        }),
    }),
    [
      "damage.a-damaged-page-is-of-kind-corrupt",
      "damage.a-full-database-rolls-back-and-leaves-the-connection-usable",
      "errors.malformed-json-is-of-kind-sql",
      "offline.a-script-for-another-revision-changes-nothing",
    ],
  ],
  [
    "begins its transactions without taking the lock",
    (connection) => ({
      transaction: async (work) => await work({ query: async (one) => await connection.query(one) }),
    }),
    ["lock.a-transaction-that-has-read-can-write-at-its-end"],
  ],
  [
    "enforces foreign keys in every unit and commits it in two",
    (connection) => ({
      unit: async (steps) => {
        const half = Math.ceil(steps.length / 2);
        const first = await connection.unit(steps.slice(0, half));
        return [...first, ...(await connection.unit(steps.slice(half)))];
      },
    }),
    ["offline.a-script-of-a-rebuild-keeps-children", "offline.scripts-down-and-up-end-like-the-runs"],
  ],
  [
    "throws when it is closed again",
    (connection) => {
      let closed = false;
      return {
        close: async () => {
          if (closed) throw new Error("closed already");
          closed = true;
          await connection.close();
        },
      };
    },
    ["close.may-be-called-again"],
  ],
  [
    "says nothing about a backup that exists",
    () => ({ backup: async () => await Promise.resolve() }),
    ["backup.is-a-database-with-the-same-content", "backup.never-overwrites"],
  ],
];

test.each(faults)("a driver that %s fails", async (_, breakage, noticed) => {
  expect(await failuresOf(noticed, breakage)).toEqual(noticed);
});

test("a driver that ignores the options of connect fails", async () => {
  const noticed = ["open.readonly-rejects-writes", "open.create-false-refuses-a-missing-database"];
  expect(await failuresOf(noticed, () => ({}), false)).toEqual(noticed);
});

test("the same checks pass with a driver that has no fault", async () => {
  const noticed = [...new Set(faults.flatMap(([, , names]) => names))];
  expect(await failuresOf(noticed, () => ({}))).toEqual([]);
});

test("a check that does not apply is skipped by name and not left out", async () => {
  const run: string[] = [];
  const skipped: string[] = [];
  await testDriver({
    describe: (_, body) => body(),
    test: Object.assign((title: string) => run.push(title), { skip: (title: string) => skipped.push(title) }),
    create: () => ({ driver: betterSqlite3(":memory:"), dispose: () => undefined }),
  });
  expect([...run, ...skipped].toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
  expect(skipped).toContain("open.not-a-database-fails-at-open");
  expect(run).toContain("unit.commits-all-and-returns-each-result");
});

test("every check has a name of its own", () => {
  const names = checks.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
