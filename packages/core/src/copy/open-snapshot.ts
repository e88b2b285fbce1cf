import type { Connection, Executor, UnitOptions } from "../driver/driver.ts";
import { cannotCopy } from "./copy-error.ts";

/** One unchanging view of a database, until it is closed. */
export interface Snapshot extends Executor {
  /** May be called again. */
  close(): Promise<void>;
}

/**
 * Opens a snapshot: a transaction that stays open while others are opened and ended.
 *
 * @throws {MigrationError} SKM_UNSUPPORTED: the engine has no interactive transactions.
 */
export async function openSnapshot(connection: Connection, options: UnitOptions): Promise<Snapshot> {
  const begun = Promise.withResolvers<Executor>();
  const finish = Promise.withResolvers<undefined>();
  const work = async (tx: Executor): Promise<void> => {
    // The snapshot is taken by the first read, not by BEGIN (sqlite.org/isolation.html).
    await tx.query({ sql: "SELECT count(*) FROM sqlite_schema" });
    begun.resolve(tx);
    await finish.promise;
  };
  const done = inTransaction(connection, work, options);
  done.catch((error: unknown) => {
    begun.reject(error);
  });
  const tx = await begun.promise;
  return {
    query: async (statement) => await tx.query(statement),
    close: async () => {
      finish.resolve(undefined);
      await done;
    },
  };
}

/** @throws {MigrationError} SKM_UNSUPPORTED: the engine has no interactive transactions. */
export async function inTransaction<T>(
  connection: Connection,
  work: (tx: Executor) => Promise<T>,
  options: UnitOptions,
): Promise<T> {
  if (connection.transaction === undefined) {
    throw cannotCopy("a database", "the engine has no interactive transactions", "use another driver");
  }
  return await connection.transaction(work, options);
}
