import {
  DriverError,
  borrowSettings,
  createSyncConnection,
  createSyncFileDriver,
  defaultWaitMs,
  fromEngineError,
  quoteForMessage,
  probeCapabilities,
  retryWhileBusy,
  withWriting,
  writeBackupFile,
  type Capabilities,
  type ConnectOptions,
  type Connection,
  type Driver,
  type SyncEngine,
  type SyncLibrary,
} from "@skillmeat/migrate-core/driver";
import { createEngine, type BetterSqlite3Database } from "./engine.ts";
import { betterSqlite3Engine, loadSyncLibrary } from "./load-sync-library.ts";

/** Makes a driver whose connections use a database that an application has open, and never close it. */
export function createDatabaseDriver(database: BetterSqlite3Database): Driver {
  let capabilities: Capabilities | undefined;
  return {
    name: "better-sqlite3",
    connect: async (options = {}) => {
      capabilities ??= describe(await loadSyncLibrary());
      return await borrow(database, capabilities, options);
    },
    scratch: createSyncFileDriver(betterSqlite3Engine, ":memory:"),
    forFile: (path) => createSyncFileDriver(betterSqlite3Engine, path),
  };
}

function describe(library: SyncLibrary): Capabilities {
  const { lock, sqlBytes } = library;
  return probeCapabilities({ openScratch: () => library.open(":memory:", "write"), lock, sqlBytes });
}

async function borrow(
  database: BetterSqlite3Database,
  capabilities: Capabilities,
  options: ConnectOptions,
): Promise<Connection> {
  const engine = createEngine(database);
  const { readOnly = false, waitMs = defaultWaitMs, signal } = options;
  const target = database.memory ? undefined : database.name;
  const restore = await retryWhileBusy(
    () => {
      assertFree(engine, database.name);
      return borrowOnce(engine, readOnly, target);
    },
    { waitMs, signal },
  );
  return createSyncConnection(engine, {
    capabilities,
    readOnly,
    waitMs,
    ...(target === undefined ? {} : { target }),
    backup: (path) => withWriting(engine, () => writeBackupFile(engine, path)),
    release: () => {
      if (engine.isOpen()) restore();
    },
  });
}

function borrowOnce(engine: SyncEngine, readOnly: boolean, target: string | undefined): () => void {
  try {
    return borrowSettings(engine, readOnly ? { query_only: 1 } : {});
  } catch (error) {
    throw fromEngineError(engine, error, target);
  }
}

function assertFree(engine: SyncEngine, name: string): void {
  if (!engine.isOpen()) throw new DriverError("closed", "the database given to the driver is closed");
  if (!engine.inTransaction()) return;
  throw new DriverError("busy", `the database ${quoteForMessage(name)} is inside a transaction`, {
    reason: "in-use",
    target: name,
    hint: "migrate before or after the transaction",
  });
}
