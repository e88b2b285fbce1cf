import type { Guard } from "../batch/batch-plan.ts";
import { DriverError } from "../driver/driver-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { escapeControls } from "../errors/quote-for-message.ts";
import { isGuardRefusal } from "../version/version-guards.ts";

/**
 * What the failure of a guard statement means, or the error itself when it has nothing to do with the guard:
 * a disk or a network failed, or the author's SQL inside the guard is wrong.
 */
export function explainGuard(guard: Guard | undefined, error: unknown): unknown {
  if (guard === undefined || !isRefusal(error)) return error;
  if (guard.onlyJson === true && !isGuardRefusal(error)) return error;
  if (guard.onlyWith !== undefined && !error.message.includes(guard.onlyWith)) return error;
  const { code, message, details, hint } = guard;
  const words = guard.tellsCause === true ? `: ${escapeControls(error.message)}` : "";
  return new MigrationError(code, `${message}${words}`, {
    cause: error,
    ...(details === undefined ? {} : { details }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Whether the engine refused a statement, and not a disk or a network failed. */
export function isRefusal(error: unknown): error is DriverError {
  return error instanceof DriverError && (error.kind === "sql" || error.kind === "constraint");
}
