import { pathToFileURL } from "node:url";
import {
  defaultWaitMs,
  DriverError,
  fromEngineError,
  notWritable,
  quoteForMessage,
  retryWhileBusy,
  type ConnectOptions,
  type DatabaseFile,
  type LockWait,
  type SyncEngine,
} from "@skillmeat/migrate-core/driver";
import { createEngine } from "./create-engine.ts";
import { classifyError, type LibsqlLibrary } from "./engine.ts";
import { applySettings, applySynchronous, readPragma } from "./migration-settings.ts";

export interface OpenFileOptions {
  readonly connect: ConnectOptions;
  readonly journalMode: "wal" | undefined;
}

/** Opens a database in memory. */
export function openMemory(library: LibsqlLibrary, options: ConnectOptions): SyncEngine {
  const engine = construct(library, ":memory:", "write");
  applySettings(engine);
  if (options.readOnly === true) engine.exec("PRAGMA query_only = ON");
  return engine;
}

/**
 * Opens a file that `prepareDatabaseFile` has looked at, and reads its schema, so that a file that is no
 * database or is damaged fails here.
 *
 * For reading, SQLite opens read-only where there is a journal, which a connection that may write would carry
 * over into the database; elsewhere it opens for writing with `query_only`, which leaves no `-shm` behind.
 *
 * @throws {DriverError} kind `notadb`, `corrupt`, `cantopen`, `readonly`, `io`, `busy` after `waitMs`.
 */
export async function openFile(
  library: LibsqlLibrary,
  file: DatabaseFile,
  options: OpenFileOptions,
): Promise<SyncEngine> {
  const { readOnly = false, waitMs = defaultWaitMs, signal } = options.connect;
  const wait: LockWait = { waitMs, signal };
  const engine = construct(library, addressOf(file, readOnly), readOnly ? "read" : "write");
  try {
    applySettings(engine);
    if (readOnly) engine.exec("PRAGMA query_only = ON");
    for (const work of openingSteps(engine, readOnly, options.journalMode)) {
      await retryWhileBusy(() => translated(engine, file, work), wait);
    }
    return engine;
  } catch (error) {
    engine.close();
    throw describeFailure(file, readOnly, error);
  }
}

/** The engine creates no file: `prepareDatabaseFile` has, for this user only. */
function addressOf(file: DatabaseFile, readOnly: boolean): string {
  const onlyReading = readOnly && (file.hasJournal || !file.isWritable);
  return `${pathToFileURL(file.path).href}?mode=${onlyReading ? "ro" : "rw"}`;
}

function openingSteps(
  engine: SyncEngine,
  readOnly: boolean,
  journalMode: "wal" | undefined,
): readonly (() => void)[] {
  const readSchema = (): void => void engine.prepare("SELECT count(*) FROM sqlite_schema").all([]);
  if (readOnly) return [readSchema];
  const switching = journalMode === "wal" ? [() => switchToWal(engine)] : [];
  return [readSchema, ...switching, () => applySynchronous(engine)];
}

function construct(library: LibsqlLibrary, address: string, access: "read" | "write"): SyncEngine {
  try {
    return createEngine(new library(address, { timeout: 0 }), access);
  } catch (error) {
    throw fromEngineError({ classifyError }, error, address);
  }
}

function translated(engine: SyncEngine, file: DatabaseFile, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fromEngineError(engine, error, file.path);
  }
}

function switchToWal(engine: SyncEngine): void {
  // exec finalises the statement where the switch meets a lock.
  engine.exec("PRAGMA journal_mode = wal");
  const mode = readPragma(engine, "journal_mode");
  if (mode === "wal") return;
  throw new DriverError("unsupported", `the journal mode stays "${String(mode)}" instead of "wal"`);
}

function describeFailure(file: DatabaseFile, readOnly: boolean, error: unknown): unknown {
  if (!(error instanceof DriverError)) return error;
  const { kind, engineCode, cause, hint } = error;
  if (readOnly && !file.isWritable && (kind === "cantopen" || kind === "readonly")) {
    return notWritable(file.path, "its journal cannot be read without a writable directory", error);
  }
  if (kind === "busy" || kind === "timeout" || kind === "unsupported") return error;
  const isForeign = kind === "notadb" || kind === "sql";
  const detail = isForeign
    ? `it is not an SQLite database, or it is encrypted (${error.message})`
    : error.message;
  return new DriverError(
    isForeign ? "notadb" : kind,
    `cannot open the database ${quoteForMessage(file.path)}: ${detail}`,
    {
      cause,
      target: file.path,
      ...(engineCode === undefined ? {} : { engineCode }),
      ...(hint === undefined ? {} : { hint }),
    },
  );
}
