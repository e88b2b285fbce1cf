import { brandInstances, isBranded } from "../errors/error-brand.ts";

const brand = "DriverError";

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
  | "in-use"
  | "crashed-writer"
  | "transaction-lost"
  | "transaction-control"
  | "forbidden"
  | "several-statements"
  | "parameters"
  | "tls"
  | "redirect"
  | "protocol"
  | "transaction-expired"
  | "blocked"
  | "too-big"
  | "read-only-token"
  | "no-such-database"
  | "replica-behind";

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
  /**
   * Where the outcome is unknown because an answer was lost: seconds since 1970 by the engine's own clock
   * (`unixepoch('now', 'subsec')`) after which the request does nothing if it is still on its way. Who reads the
   * database under the write lock later than that knows for good.
   */
  readonly undecidedUntil?: number;
  /** The engine's own code, such as `"SQLITE_BUSY"`. */
  readonly engineCode?: string;
  /** Where it happened: a path or a host, never a secret. */
  readonly target?: string;
  readonly hint?: string;
  /** What failed while the driver cleaned up after the error, such as a ROLLBACK. */
  readonly cleanupErrors?: readonly unknown[];
}

/** What a driver throws. Core turns it into a `MigrationError` and keeps it as the cause. */
export class DriverError extends Error {
  static {
    brandInstances(this.prototype, brand);
  }

  /** Also true for an error of another copy of this package, which is what a driver may depend on. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, brand);
  }

  override readonly name = "DriverError";
  readonly kind: DriverErrorKind;
  readonly reason: DriverErrorReason | undefined;
  readonly step: number | undefined;
  readonly outcome: "rolled-back" | "unknown" | undefined;
  readonly undecidedUntil: number | undefined;
  readonly engineCode: string | undefined;
  readonly target: string | undefined;
  readonly hint: string | undefined;
  readonly cleanupErrors: readonly unknown[];

  constructor(kind: DriverErrorKind, message: string, options: DriverErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.reason = options.reason;
    this.step = options.step;
    this.outcome = options.outcome;
    this.undecidedUntil = options.undecidedUntil;
    this.engineCode = options.engineCode;
    this.target = options.target;
    this.hint = options.hint;
    this.cleanupErrors = options.cleanupErrors ?? [];
  }
}

/** Adds facts that were not known where the error was made. Kind, message, stack and cause stay. */
export function amendDriverError(error: DriverError, facts: DriverErrorOptions): DriverError {
  const amended = new DriverError(error.kind, error.message, { ...optionsOf(error), ...facts });
  if (error.stack !== undefined) amended.stack = error.stack;
  return amended;
}

function optionsOf(error: DriverError): DriverErrorOptions {
  const { cause, reason, step, outcome, undecidedUntil, engineCode, target, hint, cleanupErrors } = error;
  return {
    cleanupErrors,
    ...(cause === undefined ? {} : { cause }),
    ...(reason === undefined ? {} : { reason }),
    ...(step === undefined ? {} : { step }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(undecidedUntil === undefined ? {} : { undecidedUntil }),
    ...(engineCode === undefined ? {} : { engineCode }),
    ...(target === undefined ? {} : { target }),
    ...(hint === undefined ? {} : { hint }),
  };
}
