import { DriverError } from "../driver/driver-error.ts";
import type { Connection, Driver } from "../driver/driver.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { SchemaReader } from "../inspect/schema-reader.ts";
import { createSession, type Session } from "../run/session.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import type { VersionTable } from "../version/version-table.ts";
import type { CommandContext } from "./context.ts";
import { noLastUpgrade } from "./last-upgrade.ts";
import type { RevisionLibrary } from "./revision-library.ts";
import { upgrade } from "./upgrade.ts";

/** A database in memory, to ask SQLite what a schema is. */
export interface Scratch {
  readonly connection: Connection;
  /** The same database, for whoever runs revisions himself. */
  readonly session: Session;
  /** Runs statements in one transaction; an error is the driver's. */
  run(statements: readonly string[]): Promise<void>;
  /** Applies revisions. */
  upgrade(library: RevisionLibrary, target: string | readonly string[]): Promise<void>;
  readSchema(): Promise<DatabaseSchema>;
}

export interface ScratchOptions {
  /** Makes an empty database with each connection. */
  readonly driver: Driver | undefined;
  readonly versionTable: VersionTable;
  readonly signal: AbortSignal | undefined;
  /** Reads what a scratch database holds; one that remembers saves what the databases have in common. */
  readonly read?: SchemaReader;
}

/**
 * Opens an empty database for a task, and closes it afterwards.
 *
 * @throws {TypeError} the migrator has no driver for scratch databases.
 */
export async function withScratch<T>(
  options: ScratchOptions,
  task: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  if (options.driver === undefined) {
    throw new TypeError("the driver makes no scratch databases: pass createMigrator({ scratch })");
  }
  const connection = await connect(options.driver);
  try {
    await assertEmpty(connection);
    return await task(createScratch(connection, options));
  } finally {
    await connection.close();
  }
}

async function connect(driver: Driver): Promise<Connection> {
  try {
    return await driver.connect();
  } catch (error) {
    throw toMigrationError(error, { action: "cannot open a scratch database" });
  }
}

/** What is written to a scratch database must not reach one that somebody uses. */
async function assertEmpty(connection: Connection): Promise<void> {
  const { rows } = await connection.query({ sql: "SELECT count(*) FROM sqlite_schema" });
  if (Number(rows[0]?.[0]) === 0) return;
  throw new TypeError(
    "the scratch driver opened a database that is not empty; pass one for databases in memory",
  );
}

function createScratch(
  connection: Connection,
  { versionTable, signal, read = readSchema }: ScratchOptions,
): Scratch {
  const session = createSession({ driver: borrowing(connection), versionTable, waitMs: 0, signal });
  return {
    connection,
    session,
    run: async (statements) => {
      if (statements.length > 0) await connection.unit(statements.map((sql) => ({ sql })));
    },
    upgrade: async (library, target) => {
      const context: CommandContext = {
        session,
        library: async () => await Promise.resolve(library),
        knownHeads: () => null,
        forgetLibrary: () => undefined,
        locations: { directories: [], recursive: false },
        // What is replayed here is what a snapshot is compared with.
        snapshot: null,
        lastUpgrade: noLastUpgrade,
        emit: () => undefined,
        transactionPer: "run",
        foreignKeys: "enforced",
        signal,
      };
      await upgrade(context, target);
    },
    readSchema: async () => await read(connection),
  };
}

/** A driver whose connections are all this one: a database in memory is gone when it is closed. */
function borrowing(connection: Connection): Driver {
  const borrowed: Connection = {
    capabilities: connection.capabilities,
    query: async (statement) => await connection.query(statement),
    unit: async (steps, options) => await connection.unit(steps, options),
    ...(connection.transaction === undefined ? {} : { transaction: connection.transaction.bind(connection) }),
    close: async () => {
      await Promise.resolve();
    },
  };
  return { name: "scratch", connect: async () => await Promise.resolve(borrowed) };
}

/** Says which statement of a schema SQLite refused. */
export function explainStatement(
  error: unknown,
  statements: readonly string[],
  { what, hint }: { readonly what: string; readonly hint: string },
): MigrationError {
  if (!(error instanceof DriverError) || (error.kind !== "sql" && error.kind !== "unsupported")) {
    return toMigrationError(error);
  }
  const sql = statements[error.step ?? 0] ?? "";
  return new MigrationError(
    "SKM_SCHEMA_INVALID",
    `SQLite refuses a statement of ${what}: ${error.message}, in ${quoteForMessage(sql.trim(), 200)}`,
    { cause: error, details: { sql, statement: (error.step ?? 0) + 1 }, hint },
  );
}
