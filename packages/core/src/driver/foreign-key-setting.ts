import { readOnce } from "./read-once.ts";
import type { SyncEngine, SyncStatement } from "./sync-engine.ts";

/** Tells whether foreign keys are enforced on a connection. */
export interface ForeignKeySetting {
  /** 1 or 0 as the engine says now; only inside a transaction, because it needs a lock. */
  read(): number;
  /** 1 or 0 as the engine said last, where nobody can have changed it since; takes no lock. */
  recall(): number;
  /** Called when a PRAGMA may have changed it. */
  forget(): void;
  /** Frees its statement. */
  clear(): void;
}

/**
 * `PRAGMA foreign_keys` reads its value while it is compiled, so that a kept statement would answer what was
 * true the first time; the table-valued function reads it when it runs (sqlite.org/pragma.html#pragfunc).
 * Outside a transaction it takes a lock for that, which somebody else may have, so the PRAGMA itself is asked.
 *
 * @param isShared whether others may use the engine beside the connection.
 */
export function createForeignKeySetting(engine: SyncEngine, isShared: boolean): ForeignKeySetting {
  let statement: SyncStatement | undefined;
  let known: number | undefined;
  const read = (): number => {
    statement ??= engine.prepare("SELECT foreign_keys FROM pragma_foreign_keys");
    known = Number(statement.all([])[0]?.[0]);
    return known;
  };
  const ask = (): number => {
    known = Number(readOnce(engine, "PRAGMA foreign_keys")[0]?.[0]);
    return known;
  };
  return {
    read,
    recall: () => (isShared || known === undefined ? ask() : known),
    forget: () => {
      known = undefined;
    },
    clear: () => {
      statement?.finalize?.();
      statement = undefined;
      known = undefined;
    },
  };
}
