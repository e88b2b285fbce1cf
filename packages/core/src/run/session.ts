import { DriverError } from "../driver/driver-error.ts";
import type { Connection, Driver } from "../driver/driver.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { readHeads, readVersionState } from "../version/read-heads.ts";
import type { VersionTable } from "../version/version-table.ts";

export interface SessionOptions {
  readonly driver: Driver;
  readonly versionTable: VersionTable;
  /** Milliseconds to wait for locks. */
  readonly waitMs: number;
  /** Refuses a database whose `application_id` is neither 0 nor this; `undefined` accepts every database. */
  readonly applicationId?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One database, opened when it is first needed and only as far as it is needed: for reading, then for
 * writing, and created only when a transaction is about to begin.
 */
export interface Session {
  readonly options: SessionOptions;
  /** Reads the current heads without a lock. A missing database has none and stays missing. */
  readHeads(access: "read" | "write"): Promise<readonly string[]>;
  /** The connection for writing, creating the database when it is missing. */
  openForWriting(): Promise<Connection>;
  /** Whether the last `readHeads` found a version table. */
  knowsVersionTable(): boolean;
  /** The connection that is open, if one is. */
  connection(): Connection | undefined;
  /** Drops the connection and opens a fresh one for writing. */
  reconnect(): Promise<Connection>;
  close(): Promise<void>;
}

interface State {
  connection: Connection | undefined;
  access: "read" | "write";
  /** The version table exists and has the form we need: its rows can be read with one SELECT. */
  tableKnown: boolean;
}

export function createSession(options: SessionOptions): Session {
  const state: State = { connection: undefined, access: "read", tableKnown: false };
  const close = async (): Promise<void> => {
    const { connection } = state;
    state.connection = undefined;
    state.tableKnown = false;
    await connection?.close();
  };
  const openForWriting = async (): Promise<Connection> =>
    await open(state, options, { access: "write", create: true });
  return {
    options,
    readHeads: async (access) => await peek(state, options, access),
    openForWriting,
    knowsVersionTable: () => state.tableKnown,
    connection: () => state.connection,
    reconnect: async () => {
      await close();
      return await openForWriting();
    },
    close,
  };
}

interface OpenRequest {
  readonly access: "read" | "write";
  readonly create: boolean;
}

async function open(state: State, options: SessionOptions, request: OpenRequest): Promise<Connection> {
  if (state.connection !== undefined) {
    if (request.access === "read" || state.access === "write") return state.connection;
    await state.connection.close();
    state.connection = undefined;
  }
  try {
    const connection = await options.driver.connect({
      readOnly: request.access === "read",
      create: request.create,
      waitMs: options.waitMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    await assertApplication(connection, options.applicationId);
    state.connection = connection;
    state.access = request.access;
    return connection;
  } catch (error) {
    throw toMigrationError(error);
  }
}

async function assertApplication(connection: Connection, expected: number | undefined): Promise<void> {
  if (expected === undefined) return;
  const found = (await connection.query({ sql: "PRAGMA application_id" })).rows[0]?.[0] ?? 0;
  if (found === 0 || found === expected) return;
  await connection.close();
  throw new MigrationError(
    "SKM_DB_WRONG_APP",
    `the database belongs to another application: its application_id is ${showApplication(found)}`,
    { details: { found: Number(found), expected }, hint: "check the path, or allow it with --allow-foreign" },
  );
}

function showApplication(id: unknown): string {
  return typeof id === "number" ? `0x${id.toString(16)}` : String(id);
}

async function peek(
  state: State,
  options: SessionOptions,
  access: "read" | "write",
): Promise<readonly string[]> {
  try {
    const connection = await open(state, options, { access, create: false });
    return await read(state, connection, options.versionTable);
  } catch (error) {
    if (isMissing(error)) return [];
    throw toMigrationError(error);
  }
}

async function read(state: State, connection: Connection, table: VersionTable): Promise<readonly string[]> {
  if (state.tableKnown) {
    try {
      return await readHeads(connection, table);
    } catch (error) {
      // Somebody dropped or replaced the table under an open connection: look at it afresh.
      if (!(error instanceof DriverError) || error.kind !== "sql") throw error;
      state.tableKnown = false;
    }
  }
  const found = await readVersionState(connection, table);
  state.tableKnown = found.tableExists;
  return found.heads;
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof MigrationError ? error.cause : error;
  return cause instanceof DriverError && cause.reason === "missing";
}
