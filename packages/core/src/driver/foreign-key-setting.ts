import type { SyncEngine, SyncStatement } from "./sync-engine.ts";

/** Tells whether foreign keys are enforced on a connection. */
export interface ForeignKeySetting {
  /** 1 or 0 as the engine says now. */
  read(): number;
  /** 1 or 0 as the engine said last, where nobody can have changed it since. */
  recall(): number;
  /** Called when a PRAGMA may have changed it. */
  forget(): void;
  /** Frees its statement. */
  clear(): void;
}

/**
 * `PRAGMA foreign_keys` reads its value while it is compiled, so that a kept statement would answer what was
 * true the first time; the table-valued function reads it when it runs (sqlite.org/pragma.html#pragfunc).
 * Outside a transaction it takes a lock for that, so what is known is not asked for again.
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
  return {
    read,
    recall: () => (isShared ? read() : (known ?? read())),
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
