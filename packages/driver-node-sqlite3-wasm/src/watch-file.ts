import { DriverError, forgetLockOwner, noteLockOwner, quoteForMessage } from "@skillmeat/migrate-core/driver";
import type { WasmDatabase } from "./engine.ts";
import { hasUnfinishedJournal, isJournalWritten } from "./journal.ts";

/** Does around the statements what the library's file locks leave undone. */
export interface FileWatch {
  /** @throws {DriverError} kind `io`: a killed process left the file in the middle of a transaction. */
  beforeStatement(database: WasmDatabase): void;
  /** Called when the write lock was taken. Rolls back when it throws. */
  afterBegin(database: WasmDatabase): void;
  close(): void;
}

const nothing: FileWatch = Object.freeze({
  beforeStatement: () => undefined,
  afterBegin: () => undefined,
  close: () => undefined,
});

/**
 * Notes the owner of the lock of a write transaction, and refuses to work on a file that a killed process left in
 * the middle of a transaction, which the library does not roll back (see `rollBackJournal`).
 *
 * @param path `undefined` for a database in memory.
 */
export function watchFile(path: string | undefined): FileWatch {
  if (path === undefined) return nothing;
  let noted: string | undefined;
  return {
    beforeStatement: (database) => {
      if (!database.inTransaction && hasUnfinishedJournal(path)) throw unfinished(path);
    },
    afterBegin: (database) => {
      try {
        // The transaction has written nothing yet, and nobody else can have the lock.
        if (isJournalWritten(path)) throw unfinished(path);
        noted = noteLockOwner(path);
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => {
      if (noted !== undefined) forgetLockOwner(path, noted);
      noted = undefined;
    },
  };
}

function unfinished(path: string): DriverError {
  return new DriverError(
    "io",
    `a killed process left ${quoteForMessage(path)} in the middle of a transaction`,
    {
      target: path,
      hint: "open the database again for writing: that rolls the transaction back",
    },
  );
}
