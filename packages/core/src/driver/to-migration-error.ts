import type { ErrorCode } from "../errors/codes.ts";
import { MigrationError, type ErrorDetails } from "../errors/migration-error.ts";
import { escapeControls, quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError, type DriverErrorKind, type DriverErrorReason } from "./driver-error.ts";

export interface DriverErrorContext {
  /** What could not be done, as the start of the message: `cannot apply revision "a1"`. */
  readonly action?: string;
  /** The SQL text of the statement that failed. */
  readonly sql?: string;
  /** The code for what the statement itself did wrong (kinds `sql` and `constraint`); SKM_DB_SQL unless told. */
  readonly statementCode?: ErrorCode;
  readonly details?: ErrorDetails;
}

const codeOfReason: Readonly<Record<DriverErrorReason, ErrorCode>> = {
  missing: "SKM_DB_MISSING",
  directory: "SKM_DB_IS_DIRECTORY",
  "parent-missing": "SKM_DB_PARENT",
  permission: "SKM_DB_PERMISSION",
  "not-regular": "SKM_DB_OPEN",
  "hard-link": "SKM_DB_HARDLINK",
  "stale-lock": "SKM_LOCK_STALE",
  replaced: "SKM_DB_REPLACED",
  "not-installed": "SKM_DRIVER_MISSING",
  runtime: "SKM_NODE_VERSION",
  url: "SKM_URL",
  aborted: "SKM_MIGRATION_ABORTED",
  "in-use": "SKM_BUSY",
  "crashed-writer": "SKM_DB_READONLY",
  "transaction-lost": "SKM_TX_ESCAPED",
  "transaction-control": "SKM_TX_ESCAPED",
  forbidden: "SKM_SQL_FORBIDDEN",
  "several-statements": "SKM_SQL_MULTI",
  parameters: "SKM_VALUE",
  tls: "SKM_REMOTE_TLS",
  redirect: "SKM_REMOTE_NETWORK",
  protocol: "SKM_REMOTE_PROTOCOL",
  "transaction-expired": "SKM_REMOTE_TX_EXPIRED",
  blocked: "SKM_REMOTE_BLOCKED",
  "too-big": "SKM_REMOTE_TOO_BIG",
  "read-only-token": "SKM_REMOTE_READONLY",
  "no-such-database": "SKM_REMOTE_DATABASE",
  "replica-behind": "SKM_REMOTE_REPLICA",
};

const codeOfKind: Readonly<Record<DriverErrorKind, ErrorCode>> = {
  busy: "SKM_BUSY",
  constraint: "SKM_DB_SQL",
  sql: "SKM_DB_SQL",
  readonly: "SKM_DB_READONLY",
  cantopen: "SKM_DB_OPEN",
  notadb: "SKM_DB_NOT_A_DB",
  corrupt: "SKM_DB_CORRUPT",
  full: "SKM_DISK_FULL",
  io: "SKM_DB_IO",
  auth: "SKM_REMOTE_AUTH",
  network: "SKM_REMOTE_NETWORK",
  timeout: "SKM_REMOTE_TIMEOUT",
  unsupported: "SKM_UNSUPPORTED",
  closed: "SKM_CLOSED",
  value: "SKM_VALUE",
};

/** What to do where the driver itself had nothing more precise to say. */
const hints: Partial<Readonly<Record<ErrorCode, string>>> = {
  SKM_BUSY: "let the other process finish its transaction, or wait longer",
  SKM_DB_CORRUPT: "restore a backup; nothing was changed or deleted",
  SKM_DB_NOT_A_DB: "check the path; nothing was changed or deleted",
  SKM_DB_READONLY: "make the database file and its directory writable for this user",
  SKM_DB_PERMISSION: "give this user the right to read the database file",
  SKM_DISK_FULL: "free some space and run the same command again",
  SKM_DB_IO: "check the disk and run the same command again",
  SKM_COMMIT_UNKNOWN: "read the current revision before anything else, then run the same command again",
  SKM_CLOSED: "open a new connection",
  SKM_REMOTE_AUTH: "check the token and what it allows",
  SKM_REMOTE_NETWORK: "check the host, the port and the network",
  SKM_REMOTE_TIMEOUT: "try again, or allow more time",
};

/**
 * Turns what a driver throws into the error that leaves the library. A `MigrationError` is returned as it
 * is; anything that is neither is a bug and becomes SKM_INTERNAL. An unknown outcome wins over every kind.
 */
export function toMigrationError(error: unknown, context: DriverErrorContext = {}): MigrationError {
  if (error instanceof MigrationError) return error;
  if (!(error instanceof DriverError)) return internal(error, context);
  const code = codeOf(error, context);
  const hint = error.hint ?? hints[code];
  return new MigrationError(code, messageOf(error, code, context), {
    cause: error,
    details: { ...detailsOf(error, context), ...context.details },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Errors at which SQLite itself rolls back: no statement asked for it (lang_transaction.html). */
const endsTransaction: ReadonlySet<DriverErrorKind> = new Set(["full", "io", "corrupt"]);

function codeOf(error: DriverError, context: DriverErrorContext): ErrorCode {
  if (error.outcome === "unknown") return "SKM_COMMIT_UNKNOWN";
  if (error.reason === "transaction-lost" && endsTransaction.has(error.kind)) return codeOfKind[error.kind];
  if (error.reason !== undefined) return codeOfReason[error.reason];
  const isStatement = error.kind === "sql" || error.kind === "constraint";
  return (isStatement ? context.statementCode : undefined) ?? codeOfKind[error.kind];
}

function messageOf(error: DriverError, code: ErrorCode, context: DriverErrorContext): string {
  const message = escapeControls(error.message);
  const action = context.action ?? (code === "SKM_DB_SQL" ? "the database refused a statement" : undefined);
  const where = context.sql === undefined ? "" : ` in ${quoteForMessage(context.sql)}`;
  return action === undefined ? `${message}${where}` : `${action}: ${message}${where}`;
}

function detailsOf(error: DriverError, context: DriverErrorContext): ErrorDetails {
  const { kind, reason, step, outcome, engineCode, target } = error;
  const facts = { kind, reason, step, outcome, engineCode, target, sql: context.sql };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function internal(error: unknown, context: DriverErrorContext): MigrationError {
  const message = error instanceof Error ? escapeControls(error.message) : quoteForMessage(error);
  return new MigrationError("SKM_INTERNAL", `${context.action ?? "unexpected error"}: ${message}`, {
    cause: error,
    ...(context.details === undefined ? {} : { details: context.details }),
  });
}
