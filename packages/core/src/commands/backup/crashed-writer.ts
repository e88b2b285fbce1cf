import { isMigrationError, MigrationError } from "../../errors/migration-error.ts";

/** A file cannot be read because a killed process left a transaction in it that waits to be rolled back. */
export function isCrashed(error: unknown): error is MigrationError {
  return isMigrationError(error, "SKM_DB_READONLY") && error.details["reason"] === "crashed-writer";
}

/** The same error, with what to do about it in another place than where drivers expect it. */
export function withHint(error: MigrationError, hint: string): MigrationError {
  const { code, message, details, exitCode } = error;
  return new MigrationError(code, message, { cause: error, details, exitCode, hint });
}
