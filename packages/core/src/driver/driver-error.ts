export type DriverErrorKind =
  | "busy"
  | "constraint"
  | "sql"
  | "readonly"
  | "cantopen"
  | "notadb"
  | "corrupt"
  | "full"
  | "io"
  | "auth"
  | "network"
  | "timeout"
  | "unsupported"
  | "closed"
  | "value";

/** Finer than the kind, where the difference matters to people. */
export type DriverErrorReason =
  | "missing"
  | "directory"
  | "parent-missing"
  | "permission"
  | "not-regular"
  | "hard-link"
  | "stale-lock"
  | "replaced"
  | "not-installed"
  | "runtime"
  | "url"
  | "aborted"
  | "transaction-lost"
  | "several-statements"
  | "parameters";

export interface DriverErrorOptions {
  readonly cause?: unknown;
  readonly reason?: DriverErrorReason;
  /** Index of the failing statement in a unit. */
  readonly step?: number;
  /**
   * `"rolled-back"`: the database is as it was before the unit. `"unknown"`: it may be before or after,
   * never between; whoever needs to know must read it again.
   */
  readonly outcome?: "rolled-back" | "unknown";
  /** The engine's own code, such as `"SQLITE_BUSY"`. */
  readonly engineCode?: string;
  /** Where it happened: a path or a host, never a secret. */
  readonly target?: string;
  readonly hint?: string;
}

/** What a driver throws. Core turns it into a `MigrationError` and keeps it as the cause. */
export class DriverError extends Error {
  override readonly name = "DriverError";
  readonly kind: DriverErrorKind;
  readonly reason: DriverErrorReason | undefined;
  readonly step: number | undefined;
  readonly outcome: "rolled-back" | "unknown" | undefined;
  readonly engineCode: string | undefined;
  readonly target: string | undefined;
  readonly hint: string | undefined;

  constructor(kind: DriverErrorKind, message: string, options: DriverErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.reason = options.reason;
    this.step = options.step;
    this.outcome = options.outcome;
    this.engineCode = options.engineCode;
    this.target = options.target;
    this.hint = options.hint;
  }
}
