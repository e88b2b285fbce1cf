import { DriverError } from "../driver/driver-error.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";

/** The error for something in the source that no copy can be made of. */
export function cannotCopy(what: string, problem: string, hint: string): MigrationError {
  return new MigrationError("SKM_UNSUPPORTED", `cannot copy ${what}: ${problem}`, {
    details: { object: what, problem },
    hint,
  });
}

/** The error for a target that may not be written. */
export function refuseTarget(problem: string, hint: string): MigrationError {
  return new MigrationError("SKM_COPY_TARGET", `refusing to copy: ${problem}`, {
    details: { problem },
    hint,
  });
}

/** The error for a copy that is not what its source is. Thrown before anything is committed. */
export function mismatch(problem: string): MigrationError {
  return new MigrationError(
    "SKM_COPY_MISMATCH",
    `the copy does not equal its source: ${problem}; nothing of it was kept`,
    { details: { problem }, hint: "please report it with the definition of the table" },
  );
}

/** The error for a copy that was committed, and what reading it back came to. */
export function notReadBack(cause: unknown): MigrationError {
  const { message } = toMigrationError(cause);
  return new MigrationError(
    "SKM_COMMIT_UNKNOWN",
    `the copy was committed, but not found when read back: ${message}`,
    {
      cause,
      hint: "look at the target before anything else; copying again with --replace is safe",
    },
  );
}

/** Says what a failure of the source or the target means for the copy. */
export function explainCopyFailure(error: unknown, place: string | undefined): MigrationError {
  if (error instanceof DriverError && (error.kind === "constraint" || error.kind === "sql")) {
    const where = place === undefined ? "" : ` ${place}`;
    return toMigrationError(error, {
      action: `the copy failed${where} and nothing of it was kept`,
      statementCode: "SKM_COPY_FAILED",
    });
  }
  return toMigrationError(error);
}

/** `table "x"` */
export function showTable(name: string): string {
  return `table ${quoteForMessage(name)}`;
}
