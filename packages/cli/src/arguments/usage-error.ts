import { type ErrorDetails, MigrationError } from "@skillmeat/migrate-core";

/** Makes the error of a command line that is not understood. */
export function usageError(message: string, hint: string, details: ErrorDetails = {}): MigrationError {
  return new MigrationError("SKM_USAGE", message, { hint, details });
}
