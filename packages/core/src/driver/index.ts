export { prepareDatabaseFile, assertSameFile } from "./database-file.ts";
export type { DatabaseFile, FileIdentity, PrepareFileOptions } from "./database-file.ts";
export { resolveDatabasePath } from "./database-path.ts";
export type { DatabasePath, PathContext } from "./database-path.ts";
export { writeBackupFile } from "./backup-file.ts";
export { assertAllowed } from "./assert-allowed.ts";
export type { Capabilities } from "./capabilities.ts";
export { createSyncConnection } from "./create-sync-connection.ts";
export type { SyncConnectionOptions } from "./create-sync-connection.ts";
export type {
  ConditionalResult,
  ConnectOptions,
  Connection,
  Driver,
  Executor,
  UnitCondition,
  UnitOptions,
} from "./driver.ts";
export { amendDriverError, DriverError } from "./driver-error.ts";
export type { DriverErrorKind, DriverErrorOptions, DriverErrorReason } from "./driver-error.ts";
export { fromEngineError } from "./engine-error.ts";
export { normalizeRows, toEngineValues } from "./engine-values.ts";
export { factsOfResultCode, factsOfResultName } from "./error-kinds.ts";
export type { EngineErrorFacts } from "./error-kinds.ts";
export { quoteForMessage } from "../errors/quote-for-message.ts";
export { applyPragmas } from "./pragma-profile.ts";
export type { PragmaProfile, PragmaReport } from "./pragma-profile.ts";
export { probeCapabilities } from "./probe-capabilities.ts";
export type { ProbeOptions } from "./probe-capabilities.ts";
export { scanStatement } from "./scan-statement.ts";
export type { StatementShape } from "./scan-statement.ts";
export { checkedShape } from "./statement-cache.ts";
export type { QueryResult, SqlValue, Statement } from "./statement.ts";
export type { SyncEngine, SyncStatement } from "./sync-engine.ts";
export { toMigrationError } from "./to-migration-error.ts";
export type { DriverErrorContext } from "./to-migration-error.ts";
export { cannotOpen, fromSystemError, notWritable, systemErrorCode } from "./file-error.ts";
export { defaultWaitMs, retryWhileBusy, throwIfAborted } from "./wait-for-lock.ts";
export type { LockWait } from "./wait-for-lock.ts";
export { claimFile } from "./claim-file.ts";
export {
  assertBreakable,
  breakLockDirectory,
  forgetLockOwner,
  inspectLockDirectory,
  noteLockOwner,
  staleLock,
  withLockDirectory,
} from "./lock-directory.ts";
export type { LockDirectory, LockOwner } from "./lock-directory.ts";
export { readOnce } from "./read-once.ts";
export { borrowSettings, readPragma, withWriting } from "./migrating-settings.ts";
export { cannotWrite, explainsWriting } from "./statement-effect.ts";
export type { Explain } from "./statement-effect.ts";
export { createSyncFileDriver } from "./sync-file-driver.ts";
export type { AdmitRequest, SyncFileDriver, SyncFileOptions } from "./sync-file-driver.ts";
export type { SyncLibrary } from "./sync-library.ts";
