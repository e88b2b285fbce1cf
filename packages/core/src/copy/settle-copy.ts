import { amendDriverError, type DriverError } from "../driver/driver-error.ts";
import type { ConnectOptions, Driver, Executor, UnitOptions } from "../driver/driver.ts";
import { closeAfter } from "./close-after.ts";
import { inTransaction } from "./open-snapshot.ts";
import { readFirst, type Source } from "./read-source.ts";
import { assertComplete } from "./verify-copy.ts";

export interface Settling {
  readonly driver: Driver;
  readonly connect: ConnectOptions;
  readonly unit: UnitOptions;
  /** The schema version before and in the transaction, as far as it got. */
  readonly mark: { readonly before?: number; readonly after?: number };
  readonly source: Source;
}

/** The number that SQLite counts up with each change of the schema (sqlite.org/pragma.html#pragma_schema_version). */
export async function readSchemaVersion(executor: Executor): Promise<number> {
  return Number(await readFirst(executor, "SELECT schema_version FROM pragma_schema_version"));
}

/**
 * Finds out whether a transaction whose COMMIT a server did not answer took effect. The server is asked under its
 * write lock, so that the transaction is over by then. Definitions and numbers of rows do not tell, where a copy
 * replaces an older one of the same database; the count of schema changes does. (A file cannot be believed: its
 * last write may come or go with the next crash.)
 *
 * @throws {DriverError} the failure, with the outcome `rolled-back` where that is certain.
 */
export async function settleCopy(failure: DriverError, settling: Settling): Promise<void> {
  const { driver, connect, unit, mark, source } = settling;
  let found: number;
  try {
    const fresh = await driver.connect({ ...withoutSignal(connect), create: false });
    found = await closeAfter(fresh, async () => {
      return await inTransaction(
        fresh,
        async (tx) => {
          const version = await readSchemaVersion(tx);
          if (version === mark.after) await assertComplete(tx, source);
          return version;
        },
        withoutSignal(unit),
      );
    });
  } catch (error) {
    throw amendDriverError(failure, { cleanupErrors: [...failure.cleanupErrors, error] });
  }
  if (found === mark.after) return;
  throw found === mark.before ? amendDriverError(failure, { outcome: "rolled-back" }) : failure;
}

/** What was cancelled is settled all the same. */
function withoutSignal<T extends { readonly signal?: AbortSignal }>({
  signal: _signal,
  ...rest
}: T): Omit<T, "signal"> {
  return rest;
}
