import type { EngineErrorFacts } from "./error-kinds.ts";
import type { SqlValue } from "./statement.ts";

/** A statement that a synchronous library has prepared. It is reset after each use. */
export interface SyncStatement {
  /** Whether SQLite gives rows for it (`sqlite3_column_count`); never guessed from the text. */
  readonly returnsRows: boolean;
  /** Whether SQLite says that it cannot change the database (`sqlite3_stmt_readonly`). */
  readonly isReadOnly: boolean;
  /**
   * The column names as of the last execution. SQLite prepares a statement again when the schema has
   * changed, so names asked for before it ran may be those of an older schema (sqlite.org/c3ref/prepare.html).
   */
  columns(): readonly string[];
  /** Runs it to the end. The rows are new arrays that the caller may change; an integer that is not safe is a `bigint`. */
  all(params: readonly SqlValue[]): SqlValue[][];
  /** Runs a statement that gives no rows to the end and returns the rows changed; see `reportsChanges`. */
  run(params: readonly SqlValue[]): number;
  /** Frees it at once, where the library can. */
  finalize?(): void;
}

/**
 * The few synchronous members a library must offer. It is opened with a busy timeout of 0, because SQLite's
 * own waiting blocks the event loop; {@link createSyncConnection} does the waiting.
 */
export interface SyncEngine {
  /**
   * Whether `run` returns 0 for what is not INSERT, UPDATE or DELETE. Libraries that pass on `changes()`
   * repeat the number of an earlier statement; SQLite's `total_changes()` is asked for them instead.
   */
  readonly reportsChanges: boolean;
  /** Throws on a syntax error, on no statement and on a second one. */
  prepare(sql: string): SyncStatement;
  /** Runs trusted constant statements, such as BEGIN and PRAGMA, and drops what they return. */
  exec(sql: string): void;
  /** Whether a transaction is open: SQLite may have ended it by itself. */
  inTransaction(): boolean;
  isOpen(): boolean;
  /** Rolls back what is open. Not called twice. */
  close(): void;
  /** Says what an error of the library means, `undefined` when it is not one of the library's. */
  classifyError(error: unknown): EngineErrorFacts | undefined;
}
