import { amendDriverError, DriverError } from "../driver/driver-error.ts";

/** Runs `work` and closes what it used. What goes wrong with closing is attached to the error of the work. */
export async function closeAfter<T>(used: { close(): Promise<void> }, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    throw await closeFailed(used, error);
  }
  await used.close();
  return result;
}

async function closeFailed(used: { close(): Promise<void> }, error: unknown): Promise<unknown> {
  try {
    await used.close();
    return error;
  } catch (closeError) {
    if (!(error instanceof DriverError) || closeError === error) return error;
    return amendDriverError(error, { cleanupErrors: [...error.cleanupErrors, closeError] });
  }
}
