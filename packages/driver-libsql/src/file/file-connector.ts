import { constants } from "node:buffer";
import {
  assertSameFile,
  createSyncConnection,
  defaultWaitMs,
  prepareDatabaseFile,
  probeCapabilities,
  throwIfAborted,
  writeBackupFile,
  type Capabilities,
  type ConnectOptions,
  type Connection,
  type DatabasePath,
  type SyncConnectionOptions,
  type SyncEngine,
} from "@skillmeat/migrate-core/driver";
import { loadLibrary, type LibsqlLibrary } from "./engine.ts";
import { readPragma } from "./migration-settings.ts";
import { openFile, openMemory } from "./open-file.ts";

export interface FileConnectorOptions {
  readonly journalMode?: "wal";
  readonly createParent?: boolean;
}

/** Opens a local database. */
export type FileConnector = (path: DatabasePath, connect: ConnectOptions) => Promise<Connection>;

interface Loaded {
  readonly library: LibsqlLibrary;
  readonly capabilities: Capabilities;
}

/** Makes the part of a driver that opens files; the library is loaded by the first call. */
export function createFileConnector(options: FileConnectorOptions): FileConnector {
  let loaded: Loaded | undefined;
  return async (path, connect) => {
    throwIfAborted(connect.signal);
    loaded ??= load();
    const { library, capabilities } = loaded;
    const { readOnly = false, waitMs = defaultWaitMs } = connect;
    const known: SyncConnectionOptions = { capabilities, readOnly, waitMs };
    if (path.kind === "memory") return connectionOf(openMemory(library, connect), known);
    const { createParent = false, journalMode } = options;
    const file = prepareDatabaseFile(path.path, { ...connect, createParent });
    const engine = await openFile(library, file, { connect, journalMode });
    return connectionOf(engine, {
      ...known,
      target: file.path,
      beforeCommit: () => assertSameFile(path.path, file.identity),
    });
  };
}

function load(): Loaded {
  const library = loadLibrary();
  const capabilities = probeCapabilities({
    openScratch: () => openMemory(library, {}),
    lock: "file",
    sqlBytes: constants.MAX_STRING_LENGTH,
  });
  return { library, capabilities };
}

function connectionOf(engine: SyncEngine, known: SyncConnectionOptions): Connection {
  return createSyncConnection(engine, { ...known, backup: (path) => writeBackup(engine, path) });
}

/** Lets a connection that was opened for reading write another file than its database. */
function writeBackup(engine: SyncEngine, path: string): void {
  const queryOnly = Number(readPragma(engine, "query_only"));
  if (queryOnly === 1) engine.exec("PRAGMA query_only = OFF");
  try {
    writeBackupFile(engine, path);
  } finally {
    if (queryOnly === 1) engine.exec("PRAGMA query_only = ON");
  }
}
