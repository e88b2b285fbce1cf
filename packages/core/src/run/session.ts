import { amendDriverError, DriverError } from "../driver/driver-error.ts";
import type { Connection, Driver, UnitOptions } from "../driver/driver.ts";
import type { QueryResult, Statement } from "../driver/statement.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import {
  readHeads,
  readRemoteVersionState,
  readSupposed,
  readVersionState,
  suppose,
} from "../version/read-heads.ts";
import type { Journal } from "../version/journal.ts";
import type { VersionTable } from "../version/version-table.ts";

export interface SessionOptions {
  readonly driver: Driver;
  /** Makes a database in memory with each connection, to ask SQLite what tables will be; without, that of the driver. */
  readonly scratch?: Driver | undefined;
  readonly versionTable: VersionTable;
  /** Where steps are noted, if anywhere. */
  readonly journal?: Journal | undefined;
  /** Milliseconds to wait for locks. */
  readonly waitMs: number;
  /** Refuses a database whose `application_id` is neither 0 nor this; `undefined` accepts every database. */
  readonly applicationId?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** On a server: waits in line from the beginning, not only after another run got in the way. */
  readonly queue?: boolean | undefined;
}

/**
 * One database, opened when it is first needed and only as far as it is needed: for reading, then for
 * writing, and created only when a transaction is about to begin.
 */
export interface Session {
  readonly options: SessionOptions;
  /** Reads the current heads without a lock. A missing database has none and stays missing. */
  readHeads(access: "read" | "write"): Promise<readonly string[]>;
  /**
   * Whether `sendSupposed` can be used: nothing was asked yet, and asking would cost a round trip. If so,
   * `seesReaders` is what is supposed until there is an answer.
   */
  canSuppose(supposed: { readonly hasReaders: boolean }): Promise<boolean>;
  /** Sends a unit for a database that is supposed to have these heads, and finds out in the same round trip. */
  sendSupposed(
    heads: readonly string[],
    steps: readonly Statement[],
    options: UnitOptions,
  ): Promise<SupposedResult>;
  /** The connection for writing, creating the database when it is missing. */
  openForWriting(): Promise<Connection>;
  /** Whether the last `readHeads` found a version table. */
  knowsVersionTable(): boolean;
  /** Whether `readHeads` found the table of the courtesy lock; only a server has one. */
  seesLock(): boolean;
  /** Whether it found the table of the readers, which is asked of a server along with the heads. */
  seesReaders(): boolean;
  /** A run has made the table of the readers. */
  noteReaders(): void;
  /** The connection that is open, if one is. */
  connection(): Connection | undefined;
  /** Drops the connection and opens a fresh one for writing; the database must be there still. */
  reconnect(): Promise<Connection>;
  close(): Promise<void>;
}

/** What became of a unit for heads that were supposed. */
export type SupposedResult =
  | { readonly kind: "done"; readonly results: readonly QueryResult[] }
  /** Nothing was begun; `heads` are those that were found, `undefined` where the answer does not tell. */
  | { readonly kind: "elsewhere"; readonly heads: readonly string[] | undefined };

interface State {
  connection: Connection | undefined;
  access: "read" | "write";
  /** The version table exists and has the form we need: its rows can be read with one SELECT. */
  tableKnown: boolean;
  lockSeen: boolean;
  readersSeen: boolean;
}

export function createSession(options: SessionOptions): Session {
  const state: State = {
    connection: undefined,
    access: "read",
    tableKnown: false,
    lockSeen: false,
    readersSeen: false,
  };
  const close = async (): Promise<void> => {
    state.tableKnown = false;
    try {
      await closeConnection(state);
    } catch (error) {
      throw toMigrationError(error);
    }
  };
  const openForWriting = async (): Promise<Connection> =>
    await open(state, options, { access: "write", create: true });
  return {
    options,
    readHeads: async (access) => await peek(state, options, access),
    canSuppose: async ({ hasReaders }) => {
      if (state.connection !== undefined) return false;
      const connection = await openExisting(state, options, "write");
      if (connection?.unitIf === undefined) return false;
      state.readersSeen = hasReaders;
      return true;
    },
    sendSupposed: async (heads, steps, unitOptions) =>
      await sendSupposed(state, options.versionTable, { heads, steps, unitOptions }),
    openForWriting,
    knowsVersionTable: () => state.tableKnown,
    seesLock: () => state.lockSeen,
    seesReaders: () => state.readersSeen,
    noteReaders: () => {
      state.readersSeen = true;
    },
    connection: () => state.connection,
    reconnect: async () => {
      state.tableKnown = false;
      await closeConnection(state);
      return await open(state, options, { access: "write", create: false });
    },
    close,
  };
}

/** Forgets the connection also when closing it fails: it can only be opened anew. */
async function closeConnection(state: State): Promise<void> {
  const { connection } = state;
  state.connection = undefined;
  await connection?.close();
}

interface OpenRequest {
  readonly access: "read" | "write";
  readonly create: boolean;
}

async function open(state: State, options: SessionOptions, request: OpenRequest): Promise<Connection> {
  const { connection: known } = state;
  if (known !== undefined && (request.access === "read" || state.access === "write")) return known;
  try {
    await closeConnection(state);
    const connection = await options.driver.connect({
      readOnly: request.access === "read",
      create: request.create,
      waitMs: options.waitMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    state.connection = connection;
    state.access = request.access;
    await assertApplication(connection, options.applicationId);
    return connection;
  } catch (error) {
    throw toMigrationError(await discard(state, error));
  }
}

/** Closes what was opened in vain. What goes wrong with that is attached, the first error stays. */
async function discard(state: State, error: unknown): Promise<unknown> {
  try {
    await closeConnection(state);
    return error;
  } catch (closeError) {
    return error instanceof DriverError
      ? amendDriverError(error, { cleanupErrors: [...error.cleanupErrors, closeError] })
      : error;
  }
}

async function assertApplication(connection: Connection, expected: number | undefined): Promise<void> {
  if (expected === undefined) return;
  const found =
    (await connection.query({ sql: "SELECT application_id FROM pragma_application_id" })).rows[0]?.[0] ?? 0;
  if (found === 0 || found === expected) return;
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
    const connection = await openExisting(state, options, access);
    return connection === undefined ? [] : await read(state, connection, options.versionTable);
  } catch (error) {
    if (isMissing(error)) return [];
    throw toMigrationError(error);
  }
}

/** `undefined` for a database that is missing. */
async function openExisting(
  state: State,
  options: SessionOptions,
  access: "read" | "write",
): Promise<Connection | undefined> {
  try {
    return await open(state, options, { access, create: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

interface SupposedUnit {
  readonly heads: readonly string[];
  readonly steps: readonly Statement[];
  readonly unitOptions: UnitOptions;
}

async function sendSupposed(
  state: State,
  table: VersionTable,
  { heads, steps, unitOptions }: SupposedUnit,
): Promise<SupposedResult> {
  const condition = suppose(table, heads, state.readersSeen);
  const sent = await state.connection?.unitIf?.(condition, steps, unitOptions);
  if (sent === undefined) return { kind: "elsewhere", heads: undefined };
  if (sent.kind === "done") return sent;
  const found = readSupposed(table, sent.answers);
  state.tableKnown = found?.tableExists ?? false;
  state.lockSeen = found?.lockExists ?? false;
  state.readersSeen = found?.readersExist ?? false;
  return { kind: "elsewhere", heads: found?.heads };
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
  if (connection.capabilities.lock === "server") {
    const found = await readRemoteVersionState(connection, table);
    state.tableKnown = found.tableExists;
    state.lockSeen = found.lockExists;
    state.readersSeen = found.readersExist;
    return found.heads;
  }
  const found = await readVersionState(connection, table);
  state.tableKnown = found.tableExists;
  return found.heads;
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof MigrationError ? error.cause : error;
  return cause instanceof DriverError && cause.reason === "missing";
}
