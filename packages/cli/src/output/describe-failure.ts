import {
  DriverError,
  errorCodes,
  type ErrorDetails,
  MigrationError,
  quoteForMessage,
  toMigrationError,
} from "@skillmeat/migrate-core";

/** What is told about an error. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly hint: string | undefined;
  readonly exitCode: number;
  /** The stack with those of all causes, for `--debug`. */
  readonly trace: string;
}

/**
 * Describes whatever was thrown. What is no error of ours is a bug of ours: SKM_INTERNAL, exit code 1.
 */
export function describeFailure(error: unknown): Failure {
  const known = error instanceof DriverError ? toMigrationError(error) : error;
  const trace = renderTrace(error);
  if (known instanceof MigrationError) {
    const { code, message, details, hint, exitCode } = known;
    return { code, message, details, hint, exitCode, trace };
  }
  const message =
    error instanceof Error
      ? `${error.name}: ${error.message}`
      : `something else than an error was thrown: ${quoteForMessage(error)}`;
  return {
    code: "SKM_INTERNAL",
    message,
    details: {},
    hint: "this is a bug; please report it with the output of the same command with --debug",
    exitCode: errorCodes.SKM_INTERNAL.exitCode,
    trace,
  };
}

function renderTrace(error: unknown): string {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && !seen.has(at); at = causeOf(at)) {
    seen.add(at);
    parts.push(at instanceof Error ? (at.stack ?? `${at.name}: ${at.message}`) : quoteForMessage(at));
  }
  return parts.join("\ncaused by ");
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
