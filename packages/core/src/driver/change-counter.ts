import type { SqlValue } from "./statement.ts";
import type { SyncEngine, SyncStatement } from "./sync-engine.ts";

/** Asks SQLite how many rows a statement changed, where the library does not tell. */
export interface ChangeCounter {
  /** Runs the statement in between and returns the rows that it changed. */
  count(run: () => void): number;
  /** Frees its statement. */
  clear(): void;
}

/**
 * `changes()` keeps its value through statements that are not INSERT, UPDATE or DELETE, while
 * `total_changes()` then stands still (sqlite.org/c3ref/total_changes.html).
 */
export function createChangeCounter(engine: SyncEngine): ChangeCounter {
  let statement: SyncStatement | undefined;
  const read = (): readonly SqlValue[] => {
    statement ??= engine.prepare("SELECT total_changes(), changes()");
    return statement.all([])[0] ?? [];
  };
  return {
    count: (run) => {
      const [before] = read();
      run();
      const [total, changes] = read();
      return total === before ? 0 : Number(changes);
    },
    clear: () => {
      statement?.finalize?.();
      statement = undefined;
    },
  };
}
