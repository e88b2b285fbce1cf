export { errorCodes } from "./errors/codes.ts";
export type { ErrorCode, ErrorCodeInfo } from "./errors/codes.ts";
export { isMigrationError, MigrationError } from "./errors/migration-error.ts";
export type { ErrorDetails, MigrationErrorOptions } from "./errors/migration-error.ts";
export type { Capabilities } from "./driver/capabilities.ts";
export type {
  ConditionalResult,
  ConnectOptions,
  Connection,
  Driver,
  Executor,
  UnitCondition,
  UnitOptions,
} from "./driver/driver.ts";
export { DriverError } from "./driver/driver-error.ts";
export type { DriverErrorKind, DriverErrorOptions, DriverErrorReason } from "./driver/driver-error.ts";
export { applyPragmas } from "./driver/pragma-profile.ts";
export type { PragmaProfile, PragmaReport } from "./driver/pragma-profile.ts";
export type { QueryResult, SqlValue, Statement } from "./driver/statement.ts";
export { toMigrationError } from "./driver/to-migration-error.ts";
export type { DriverErrorContext } from "./driver/to-migration-error.ts";
export * from "./revision/index.ts";
export { copyDatabase } from "./commands/copy-database.ts";
export type { CopiedTable, CopyEvent, CopyOptions, CopyResult, CopyTarget } from "./copy/copy-options.ts";
export { createMigrator } from "./commands/create-migrator.ts";
export type { Migrator, MigratorOptions } from "./commands/create-migrator.ts";
export type { AutogenerateOptions, GeneratedOperations } from "./commands/autogenerate.ts";
export type { Adoption, AdoptOptions } from "./commands/adopt.ts";
export type { FoundTool } from "./inspect/migration-tables.ts";
export type { BranchComparison } from "./commands/compare-branches.ts";
export type { Overlap, OverlapSide } from "./plan/find-overlaps.ts";
export type { CheckName, CheckRequest, CheckResult } from "./commands/check.ts";
export type { DiffRequest, SchemaDifference } from "./commands/diff.ts";
export type { SchemaSide } from "./commands/schema-side.ts";
export type { RenameAnswers } from "./commands/settle-renames.ts";
export type {
  CreatedRevision,
  CreateRevisionOptions,
  RevisionFileStyle,
  RevisionFormat,
} from "./commands/create-revision.ts";
export type { DowngradeOptions } from "./commands/downgrade.ts";
export { assertNoWarnings } from "./commands/lint-run.ts";
export type { LintOptions } from "./commands/lint-run.ts";
export type { HeadsOptions, HistoryOptions } from "./commands/list-revisions.ts";
export type { Plan, PlannedStep, PlanOptions } from "./commands/plan.ts";
export { renderEntryBlock, renderEntryLine } from "./commands/render-entry.ts";
export type { EntryLineOptions } from "./commands/render-entry.ts";
export type { EffectMethod, OperationEffect } from "./plan/operation-effect.ts";
export { lintCodes } from "./plan/plan-warning.ts";
export type { LintCode, PlanWarning } from "./plan/plan-warning.ts";
export type { RevisionEntry } from "./commands/revision-entry.ts";
export type { SnapshotOption } from "./commands/snapshot/snapshot-place.ts";
export type { SnapshotRequest, SnapshotResult } from "./commands/snapshot/write-snapshot.ts";
export type { SqlOptions } from "./commands/sql.ts";
export type { StaleSnapshot } from "./commands/squash/find-stale-snapshot.ts";
export type { SquashedRevision, SquashOptions } from "./commands/squash/squash.ts";
export type { DataOperation } from "./commands/squash/record-stretch.ts";
export type { StampOptions } from "./commands/stamp.ts";
export type { SqlBodies } from "./commands/sql-bodies.ts";
export type { RestoreOptions, RestoreResult } from "./commands/backup/restore-backup.ts";
export type { BackupOptions, BackupRequest, BackupResult } from "./commands/backup/write-backup.ts";
export type { RehearseOptions, Rehearsal } from "./commands/rehearse/rehearse.ts";
export type { RehearsedStep, RowChange } from "./commands/rehearse/rehearse-steps.ts";
export type { VerifyOptions, VerifyResult } from "./commands/verify/verify.ts";
export type { VerifyFinding, VerifyFindingKind } from "./commands/verify/verify-finding.ts";
export type { UpgradeOptions } from "./commands/upgrade.ts";
export { readSchema } from "./inspect/read-schema.ts";
export { createSchemaReader } from "./inspect/schema-reader.ts";
export type { DataLoss } from "./run/data-loss.ts";
export type { RunEvent, RunListener, WarningCode } from "./run/events.ts";
export type { RunResult, StepResult } from "./run/result.ts";
export type { LockState } from "./version/courtesy-lock.ts";
export type { EditedRevision } from "./commands/read-journal.ts";
export type { DatabaseStanding } from "./commands/newer-database.ts";
export { defaultJournal } from "./version/journal.ts";
export type { JournalEntry } from "./version/journal.ts";
export { defaultVersionTable } from "./version/version-table.ts";
export { escapeControls, quoteForMessage } from "./errors/quote-for-message.ts";
export * from "./schema/index.ts";
export * from "./sql/index.ts";
export * from "./ops/index.ts";
export * from "./autogenerate/index.ts";
export { findFileNameFlaw } from "./script/file-name.ts";
export { defineRevision } from "./script/define-revision.ts";
export type { HeaderCacheOptions, HeaderOptions } from "./script/header-cache-options.ts";
export type { KnownHeads } from "./script/header-cache.ts";
export type { ImportModule } from "./script/load-revision.ts";
export { readKnownHeads } from "./script/read-known-heads.ts";
export { readRevisionDirectory } from "./script/read-revision-directory.ts";
export type { ReadDirectoryOptions, RevisionDirectory } from "./script/read-revision-directory.ts";
export type { RevisionFileProblem } from "./script/revision-file-problem.ts";
export type { RevisionSource } from "./script/revision-source.ts";
export type { Revision, RevisionBody } from "./script/revision.ts";
export { writeNewFile } from "./script/write-revision-file.ts";
export { combineProblems } from "./commands/revision-library.ts";
export { explainLoadError } from "./script/load-error.ts";
