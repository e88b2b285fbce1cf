import { errorCodes, type ErrorCode } from "./codes.ts";
import { brandInstances, isBranded } from "./error-brand.ts";

const brand = "MigrationError";

/** Plain facts about an error, safe to print and to serialise as JSON. Secrets never stand in them. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface MigrationErrorOptions {
  readonly details?: ErrorDetails;
  /** What the reader can do about it, as an imperative sentence without a full stop. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Replaces the exit code of the table where the same code has another outcome in this place. */
  readonly exitCode?: number;
}

/**
 * The one error type that leaves the library, apart from `TypeError` for a wrong call.
 *
 * `code` is stable and documented; `message` is for people and may change between releases.
 */
export class MigrationError extends Error {
  static {
    brandInstances(this.prototype, brand);
  }

  /** Also true for an error of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, brand);
  }

  override readonly name = "MigrationError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options: MigrationErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = Object.freeze({ ...options.details });
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? errorCodes[code].exitCode;
  }
}

/** Tells whether a caught value is a {@link MigrationError}, optionally one with this code. */
export function isMigrationError(value: unknown, code?: ErrorCode): value is MigrationError {
  return value instanceof MigrationError && (code === undefined || value.code === code);
}
