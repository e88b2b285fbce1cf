import {
  applyPragmas,
  assertSameFile,
  createSyncConnection,
  defaultWaitMs,
  prepareDatabaseFile,
  resolveDatabasePath,
  throwIfAborted,
  writeBackupFile,
  type Capabilities,
  type ConnectOptions,
  type Connection,
  type Driver,
  type SyncConnectionOptions,
  type SyncEngine,
} from "@skillmeat/migrate-core/driver";
import { assertRuntime } from "./assert-runtime.ts";
import type { BetterSqlite3FileOptions } from "./better-sqlite3.ts";
import { describeCapabilities } from "./describe-capabilities.ts";
import { loadLibrary, type BetterSqlite3Library } from "./engine.ts";
import { withWriting } from "./migration-settings.ts";
import { openFile, openMemory } from "./open-database.ts";

export interface FileDriverOptions extends Omit<BetterSqlite3FileOptions, "path" | "url"> {
  /** As the user wrote it. */
  readonly input: string;
}

/** Makes a driver for one database file, or for databases in memory, each connection its own. */
export function createFileDriver(options: FileDriverOptions): Driver {
  // Kept, so that a later change of the working directory does not lead to another file.
  const cwd = process.cwd();
  let loaded: { readonly library: BetterSqlite3Library; readonly capabilities: Capabilities } | undefined;
  return {
    name: "better-sqlite3",
    connect: async (connect = {}) => {
      throwIfAborted(connect.signal);
      assertRuntime(process.versions.node);
      const location = resolveDatabasePath(options.input, { cwd });
      loaded ??= await load();
      const { library, capabilities } = loaded;
      const { readOnly = false, waitMs = defaultWaitMs } = connect;
      const known = { capabilities, readOnly, waitMs };
      const connection =
        location.kind === "memory"
          ? connectionOf(openMemory(library, connect), known)
          : await connectFile(library, location.path, { ...options, connect, known });
      await setPragmas(connection, options);
      return connection;
    },
  };
}

async function load(): Promise<{ library: BetterSqlite3Library; capabilities: Capabilities }> {
  const library = await loadLibrary();
  return { library, capabilities: describeCapabilities(library) };
}

interface FileConnection extends FileDriverOptions {
  readonly connect: ConnectOptions;
  readonly known: SyncConnectionOptions;
}

async function connectFile(
  library: BetterSqlite3Library,
  path: string,
  options: FileConnection,
): Promise<Connection> {
  const { connect, known, journalMode, createParent = false } = options;
  const file = prepareDatabaseFile(path, { ...connect, createParent });
  const engine = await openFile(library, file, { connect, journalMode });
  return connectionOf(engine, {
    ...known,
    target: file.path,
    beforeCommit: () => assertSameFile(path, file.identity),
  });
}

function connectionOf(engine: SyncEngine, known: SyncConnectionOptions): Connection {
  return createSyncConnection(engine, {
    ...known,
    backup: (path) => withWriting(engine, () => writeBackupFile(engine, path)),
  });
}

async function setPragmas(connection: Connection, options: FileDriverOptions): Promise<void> {
  if (options.pragmas === undefined) return;
  try {
    const report = await applyPragmas(connection, options.pragmas);
    options.onPragmas?.(report);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
