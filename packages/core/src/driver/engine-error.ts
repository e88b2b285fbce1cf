import { amendDriverError, DriverError } from "./driver-error.ts";
import type { SyncEngine } from "./sync-engine.ts";

/**
 * Turns what a library throws into a `DriverError` that says which database it was. What the engine does not
 * know as an error of its library (a `TypeError` of a wrong call, a bug) is returned as it is.
 *
 * @param target the path, for messages.
 */
export function fromEngineError(
  engine: Pick<SyncEngine, "classifyError">,
  error: unknown,
  target: string | undefined,
): unknown {
  if (error instanceof DriverError) {
    return error.target === undefined && target !== undefined ? amendDriverError(error, { target }) : error;
  }
  const facts = engine.classifyError(error);
  if (facts === undefined || !(error instanceof Error)) return error;
  const { kind, ...rest } = facts;
  return new DriverError(kind, error.message, {
    cause: error,
    ...rest,
    ...(target === undefined ? {} : { target }),
  });
}
