import type { ConnectOptions, Connection } from "../driver/driver.ts";
import type { Check, CheckContext, DatabaseUnderTest, Traits } from "./check.ts";
import { backupChecks } from "./backup-checks.ts";
import { damageChecks } from "./damage-checks.ts";
import { errorChecks } from "./error-checks.ts";
import { foreignKeyChecks } from "./foreign-key-checks.ts";
import { lockChecks } from "./lock-checks.ts";
import { migrationChecks } from "./migration-checks.ts";
import { newerChecks } from "./newer-checks.ts";
import { offlineChecks } from "./offline-checks.ts";
import { openChecks } from "./open-checks.ts";
import { pragmaChecks } from "./pragma-checks.ts";
import { queryChecks } from "./query-checks.ts";
import { schemaChecks } from "./schema-checks.ts";
import { transactionChecks } from "./transaction-checks.ts";
import { conditionChecks } from "./condition-checks.ts";
import { unitChecks } from "./unit-checks.ts";
import { valueChecks } from "./value-checks.ts";

type Body = () => Promise<void>;

/** What vitest, node:test, mocha and jest have in common. */
export interface TestFunction {
  (title: string, body: Body): unknown;
  skip(title: string, body: Body): unknown;
}

export interface TestDriverOptions {
  describe(title: string, body: () => void): unknown;
  readonly test: TestFunction;
  /** Makes an empty database; called for every check and once more to ask what the engine can do. */
  create(): Promise<DatabaseUnderTest> | DatabaseUnderTest;
}

/** All checks, in the order in which they are registered. */
export const checks: readonly Check[] = [
  ...openChecks,
  ...valueChecks,
  ...queryChecks,
  ...unitChecks,
  ...conditionChecks,
  ...foreignKeyChecks,
  ...transactionChecks,
  ...lockChecks,
  ...errorChecks,
  ...damageChecks,
  ...schemaChecks,
  ...pragmaChecks,
  ...backupChecks,
  ...migrationChecks,
  ...newerChecks,
  ...offlineChecks,
];

/**
 * Registers the checks that every driver must pass with the test runner of the caller. A check is skipped only
 * where the capabilities of the engine say that it cannot apply.
 *
 * @example
 * import { describe, test } from "vitest";
 * import { testDriver } from "@skillmeat/migrate-core/testkit";
 *
 * await testDriver({ describe, test, create: () => temporaryDatabase() });
 */
export async function testDriver(options: TestDriverOptions): Promise<void> {
  const traits = await readTraits(options);
  options.describe("driver conformance", () => {
    for (const check of checks) {
      const body = async (): Promise<void> => await runCheck(check, options);
      if (check.applies?.(traits) ?? true) options.test(check.name, body);
      else options.test.skip(check.name, body);
    }
  });
}

/** What the checks know of an engine before they run. */
export async function readTraits({ create }: Pick<TestDriverOptions, "create">): Promise<Traits> {
  const database = await create();
  try {
    const connection = await database.driver.connect();
    try {
      const { capabilities } = connection;
      return {
        capabilities: { ...capabilities },
        hasFiles: database.files !== undefined,
        hasBackup: connection.backup !== undefined,
        hasConditions: connection.unitIf !== undefined,
        hasScratch: database.driver.scratch !== undefined,
      };
    } finally {
      await connection.close();
    }
  } finally {
    await database.dispose();
  }
}

async function runCheck(check: Check, options: TestDriverOptions): Promise<void> {
  const database = await options.create();
  const connections: Connection[] = [];
  const context: CheckContext = {
    database,
    connect: async (connectOptions?: ConnectOptions) => {
      const connection = await database.driver.connect(connectOptions);
      connections.push(connection);
      return connection;
    },
  };
  try {
    await check.run(context);
  } catch (error) {
    throw failed(check.name, error);
  } finally {
    for (const connection of connections) await connection.close();
    await database.dispose();
  }
}

/** Says what the check is about, where a runner shows the message alone, and where to read on. */
function failed(name: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  const page = `docs/writing-a-driver.md#${name.split(".")[0]}`;
  return new Error(`the driver does not pass "${name}", see ${page}: ${message}`, { cause });
}
