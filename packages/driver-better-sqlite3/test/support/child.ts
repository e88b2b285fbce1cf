import { readdirSync } from "node:fs";
import { betterSqlite3 } from "../../src/index.ts";
import {
  DriverError,
  type Connection,
  type ConnectOptions,
  type Statement,
} from "@skillmeat/migrate-core/driver";
import type { BetterSqlite3FileOptions } from "../../src/index.ts";

export interface ChildTask {
  readonly options: BetterSqlite3FileOptions;
  readonly connect?: ConnectOptions;
  /** Committed first. */
  readonly before?: readonly Statement[];
  /** What to do with the connection: a unit, or keep a transaction open until the input ends. */
  readonly unit?: readonly Statement[];
  readonly hold?: readonly Statement[];
  /** Where to write a copy instead. */
  readonly backup?: string;
  /** A directory to list in the end. */
  readonly list?: string;
  /** Asked of a fresh connection in the end. */
  readonly after?: Statement;
}

/** What became of a task, as data. */
export interface ChildReport {
  readonly rows?: unknown;
  readonly after?: unknown;
  readonly list?: readonly string[];
  readonly error?: {
    readonly kind: string;
    readonly reason?: string;
    readonly step?: number;
    readonly outcome?: string;
    readonly engineCode?: string;
    readonly message: string;
  };
}

const task = JSON.parse(process.argv[2] ?? "") as ChildTask;
const driver = betterSqlite3(task.options);
const report: ChildReport = {
  ...(await run()),
  ...(await readAfter()),
  ...(task.list === undefined ? {} : { list: readdirSync(task.list) }),
};
process.stdout.write(`${JSON.stringify(report)}\n`);

async function run(): Promise<ChildReport> {
  try {
    const connection = await driver.connect(task.connect);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    const { kind, reason, step, outcome, engineCode, message } = error;
    return JSON.parse(
      JSON.stringify({ error: { kind, reason, step, outcome, engineCode, message } }),
    ) as ChildReport;
  }
}

async function work(connection: Connection): Promise<ChildReport> {
  const { before, unit, hold } = task;
  if (before !== undefined) await connection.unit(before);
  if (hold !== undefined) {
    await connection.transaction?.(async (tx) => {
      for (const statement of hold) await tx.query(statement);
      process.stdout.write("ready\n");
      for await (const _ of process.stdin);
    });
    return {};
  }
  if (task.backup !== undefined) {
    await connection.backup?.(task.backup);
    return {};
  }
  const results = await connection.unit(unit ?? [{ sql: "SELECT count(*) FROM sqlite_schema" }]);
  return { rows: results.at(-1)?.rows };
}

async function readAfter(): Promise<ChildReport> {
  if (task.after === undefined) return {};
  const connection = await driver.connect();
  try {
    return { after: (await connection.query(task.after)).rows };
  } finally {
    await connection.close();
  }
}
