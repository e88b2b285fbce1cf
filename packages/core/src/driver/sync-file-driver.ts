import type { Capabilities } from "./capabilities.ts";
import { writeBackupFile } from "./backup-file.ts";
import { createSyncConnection, type SyncConnectionOptions } from "./create-sync-connection.ts";
import { claimFile } from "./claim-file.ts";
import { assertSameFile, prepareDatabaseFile, type DatabaseFile } from "./database-file.ts";
import { resolveDatabasePath } from "./database-path.ts";
import type { ConnectOptions, Connection, Driver } from "./driver.ts";
import { withWriting } from "./migrating-settings.ts";
import { openSyncFile, openSyncMemory } from "./open-sync-file.ts";
import { applyPragmas, type PragmaProfile, type PragmaReport } from "./pragma-profile.ts";
import { probeCapabilities } from "./probe-capabilities.ts";
import type { SyncEngine } from "./sync-engine.ts";
import type { SyncLibrary } from "./sync-library.ts";
import { defaultWaitMs, throwIfAborted } from "./wait-for-lock.ts";

/** What a user may ask of a driver for SQLite files. */
export interface SyncFileOptions {
  /** A path, a `file:` or `sqlite:` URL, or `:memory:`; relative paths start from the working directory. */
  readonly path?: string;
  /** The same as `path`. */
  readonly url?: string;
  /** Switches the database to a write-ahead log when it is opened for writing; left as it is unless told. */
  readonly journalMode?: "wal";
  /** PRAGMAs to set after those of a migrating connection, in this order. */
  readonly pragmas?: PragmaProfile;
  /** Told what became of `pragmas`, some of which SQLite may ignore. */
  readonly onPragmas?: (report: readonly PragmaReport[]) => void;
  /** Creates a missing directory of the database with mode 0700; not unless told. */
  readonly createParent?: boolean;
  /**
   * Removes the lock directory of a killed process that used a build of SQLite without native locks; not unless
   * told, and never while the owner that it names is running.
   */
  readonly breakLock?: boolean;
}

export interface SyncFileDriver {
  readonly name: string;
  /** Loads the library; called by every `connect`, so that it can refuse early and answer from memory. */
  load(): Promise<SyncLibrary>;
  /** Refuses a path that the library would open as another file. */
  assertPath?(path: string): void;
  /**
   * Called before a file is opened, by libraries that lock by making a directory: waits for it, breaks it where
   * the user said so, and refuses what the library cannot open.
   */
  admitFile?(file: DatabaseFile, request: AdmitRequest): Promise<void>;
}

export interface AdmitRequest {
  readonly connect: ConnectOptions;
  readonly breakLock: boolean;
}

interface Loaded {
  readonly library: SyncLibrary;
  readonly capabilities: Capabilities;
}

/**
 * Makes a driver for one database file, or for databases in memory, each connection its own.
 *
 * @throws {TypeError} neither a path nor a url is given.
 */
export function createSyncFileDriver(engine: SyncFileDriver, options: SyncFileOptions | string): Driver {
  const settings = typeof options === "string" ? { path: options } : options;
  const input = settings.path ?? settings.url;
  if (typeof input !== "string") throw new TypeError(`the ${engine.name} driver needs a path or a url`);
  // Kept, so that a later change of the working directory does not lead to another file.
  const cwd = process.cwd();
  let loaded: Loaded | undefined;
  const load = async ({ signal }: ConnectOptions): Promise<Loaded> => {
    throwIfAborted(signal);
    loaded ??= describe(await engine.load());
    return loaded;
  };
  const forFile = (path: string): Driver => createSyncFileDriver(engine, { path });
  return {
    name: engine.name,
    connect: async (connect = {}) => {
      const location = resolveDatabasePath(input, { cwd });
      const library = await load(connect);
      const connection =
        location.kind === "memory"
          ? openMemory(library, connect)
          : await openFile(engine, library, { path: location.path, settings, connect });
      await setPragmas(connection, settings);
      return connection;
    },
    scratch: {
      name: engine.name,
      connect: async (connect = {}) => openMemory(await load(connect), connect),
      forFile,
    },
    forFile,
  };
}

function describe(library: SyncLibrary): Loaded {
  const { lock, sqlBytes, concurrentReads = true } = library;
  const capabilities = probeCapabilities({
    openScratch: () => library.open(":memory:", "write"),
    lock,
    sqlBytes,
    concurrentReads,
  });
  return { library, capabilities };
}

function openMemory({ library, capabilities }: Loaded, connect: ConnectOptions): Connection {
  return connectionOf(openSyncMemory(library, connect), known(capabilities, connect));
}

interface FileRequest {
  readonly path: string;
  readonly settings: SyncFileOptions;
  readonly connect: ConnectOptions;
}

async function openFile(
  driver: SyncFileDriver,
  { library, capabilities }: Loaded,
  { path, settings, connect }: FileRequest,
): Promise<Connection> {
  const { journalMode, createParent = false } = settings;
  // Whoever only reads removes nothing.
  const breakLock = settings.breakLock === true && connect.readOnly !== true;
  const refuseOrBreak = breakLock ? "break" : "refuse";
  const lockDirectory = driver.admitFile === undefined ? refuseOrBreak : "leave";
  const file = prepareDatabaseFile(path, { ...connect, createParent, lockDirectory });
  driver.assertPath?.(file.path);
  const leave = claimFile(file, driver.name);
  try {
    await driver.admitFile?.(file, { connect, breakLock });
    const engine = await openSyncFile(library, file, { connect, journalMode });
    return connectionOf(engine, {
      ...known(capabilities, connect),
      target: file.path,
      beforeCommit: () => assertSameFile(path, file.identity),
      onClosed: leave,
    });
  } catch (error) {
    leave();
    throw error;
  }
}

function known(capabilities: Capabilities, connect: ConnectOptions): SyncConnectionOptions {
  return { capabilities, readOnly: connect.readOnly ?? false, waitMs: connect.waitMs ?? defaultWaitMs };
}

function connectionOf(engine: SyncEngine, options: SyncConnectionOptions): Connection {
  return createSyncConnection(engine, {
    ...options,
    backup: (path) => withWriting(engine, () => writeBackupFile(engine, path)),
  });
}

async function setPragmas(connection: Connection, options: SyncFileOptions): Promise<void> {
  if (options.pragmas === undefined) return;
  try {
    const report = await applyPragmas(connection, options.pragmas);
    options.onPragmas?.(report);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
