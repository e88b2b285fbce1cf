import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";

/** What could not be done to which object: `drop column "users.email"`. */
export interface Attempt {
  readonly verb: string;
  readonly object: string;
}

/** The error for a table, column, constraint or index that is not there, with those that are. */
export function missingError(attempt: Attempt, what: string, known: readonly string[]): MigrationError {
  const list = known.map((name) => quoteForMessage(name, 60)).join(", ");
  return new MigrationError(
    "SKM_OBJECT_MISSING",
    `cannot ${attempt.verb} ${quoteForMessage(attempt.object)}: ${what}`,
    {
      details: { object: attempt.object, known },
      hint: known.length === 0 ? "check the name" : `check the name; there are ${list}`,
    },
  );
}

/** The error for what something else still uses. */
export function inUseError(attempt: Attempt, users: readonly string[], hint: string): MigrationError {
  return new MigrationError(
    "SKM_OBJECT_IN_USE",
    `cannot ${attempt.verb} ${quoteForMessage(attempt.object)}: ${users.join(", ")} ${users.length === 1 ? "uses" : "use"} it`,
    { details: { object: attempt.object, users }, hint },
  );
}

/** The error for a change that contradicts what the table is. */
export function conflictError(attempt: Attempt, problem: string, hint: string): MigrationError {
  return new MigrationError(
    "SKM_TABLE_DEFINITION",
    `cannot ${attempt.verb} ${quoteForMessage(attempt.object)}: ${problem}`,
    { details: { object: attempt.object, problem }, hint },
  );
}
