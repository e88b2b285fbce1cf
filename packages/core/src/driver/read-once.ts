import type { SqlValue } from "./statement.ts";
import type { SyncEngine } from "./sync-engine.ts";

/** Runs a statement that is not needed again and frees it: some libraries never free what was prepared. */
export function readOnce(engine: SyncEngine, sql: string): SqlValue[][] {
  const statement = engine.prepare(sql);
  try {
    return statement.all([]);
  } finally {
    statement.finalize?.();
  }
}
