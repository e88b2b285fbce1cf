import type { DatabaseFile } from "./database-file.ts";
import { DriverError } from "./driver-error.ts";
import type { ConnectOptions } from "./driver.ts";
import { fromEngineError } from "./engine-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { notWritable } from "./file-error.ts";
import { applySettings, applySynchronous, readPragma } from "./migrating-settings.ts";
import { readOnce } from "./read-once.ts";
import type { SyncEngine } from "./sync-engine.ts";
import type { SyncLibrary } from "./sync-library.ts";
import { defaultWaitMs, retryWhileBusy, type LockWait } from "./wait-for-lock.ts";

export interface OpenSyncOptions {
  readonly connect: ConnectOptions;
  readonly journalMode: "wal" | undefined;
}

/** Opens a database in memory. */
export function openSyncMemory(library: SyncLibrary, options: ConnectOptions): SyncEngine {
  const engine = library.open(":memory:", "write");
  applySettings(engine);
  if (options.readOnly === true) engine.exec("PRAGMA query_only = ON");
  return engine;
}

/**
 * Opens a file that {@link prepareDatabaseFile} has looked at, and reads its schema, so that a file that is no
 * database or is damaged fails here.
 *
 * Reading only, without leaving a trace: a connection that may not write builds the `-shm` of a write-ahead log
 * and cannot remove it, while one that may write removes it on closing, but would then also write an existing
 * log or journal into the database. So where such a file exists SQLite opens for reading, else for writing with
 * `query_only`.
 *
 * @throws {DriverError} kind `notadb`, `corrupt`, `cantopen`, `readonly`, `io`, `busy` after `waitMs`.
 */
export async function openSyncFile(
  library: SyncLibrary,
  file: DatabaseFile,
  options: OpenSyncOptions,
): Promise<SyncEngine> {
  const { readOnly = false, waitMs = defaultWaitMs, signal } = options.connect;
  const onlyReading = readOnly && (file.hasJournal || !file.isWritable);
  const wait: LockWait = { waitMs, signal };
  const engine = library.open(file.path, onlyReading ? "read" : "write");
  try {
    applySettings(engine);
    if (readOnly) engine.exec("PRAGMA query_only = ON");
    await attempt(engine, file, wait, () => readOnce(engine, "SELECT count(*) FROM sqlite_schema"));
    if (readOnly) return engine;
    if (options.journalMode === "wal") await attempt(engine, file, wait, () => switchToWal(engine));
    await attempt(engine, file, wait, () => applySynchronous(engine));
    return engine;
  } catch (error) {
    engine.close();
    throw describeFailure(file, readOnly, error);
  }
}

// oxlint-disable-next-line max-params -- one engine, its file, how long to wait, what to do
async function attempt(
  engine: SyncEngine,
  file: DatabaseFile,
  wait: LockWait,
  work: () => unknown,
): Promise<void> {
  await retryWhileBusy(() => {
    try {
      work();
    } catch (error) {
      throw fromEngineError(engine, error, file.path);
    }
  }, wait);
}

function switchToWal(engine: SyncEngine): void {
  // exec frees the statement where the switch meets a lock, in every library.
  engine.exec("PRAGMA journal_mode = wal");
  const mode = readPragma(engine, "journal_mode");
  if (mode === "wal") return;
  throw new DriverError("unsupported", `the journal mode stays "${String(mode)}" instead of "wal"`);
}

function describeFailure(file: DatabaseFile, readOnly: boolean, error: unknown): unknown {
  if (!(error instanceof DriverError)) return error;
  const { kind, engineCode, cause, hint, reason } = error;
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
      ...(reason === undefined ? {} : { reason }),
    },
  );
}
