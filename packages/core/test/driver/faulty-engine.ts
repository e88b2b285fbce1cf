import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import type { SyncEngine, SyncStatement } from "@skillmeat/migrate-core/driver";
// By path, not by name: the driver depends on this package, and a cycle of packages cannot be built.
import { createEngine } from "../../../driver-better-sqlite3/src/engine.ts";

/** A real SQLite in memory, some members of which are replaced. */
export function faultyEngine(
  replace: (real: SyncEngine, database: Database.Database) => Partial<SyncEngine> = () => ({}),
): { readonly engine: SyncEngine; readonly database: Database.Database } {
  const database = new Database(":memory:");
  onTestFinished(() => {
    database.close();
  });
  database.exec("CREATE TABLE t (a INTEGER PRIMARY KEY)");
  const real = createEngine(database);
  return { engine: { ...real, ...replace(real, database) }, database };
}

/** What the library throws when SQLite returns this code. */
export function sqliteError(code: string): Error {
  return new Database.SqliteError(`simulated ${code}`, code);
}

/** Replaces what one SQL text does. */
export function whenExecuted(sql: string, act: (real: SyncEngine) => void) {
  return (real: SyncEngine): Partial<SyncEngine> => ({
    exec: (text) => (text === sql ? act(real) : real.exec(text)),
  });
}

export function whenPrepared(sql: string, make: (real: SyncStatement) => Partial<SyncStatement>) {
  return (real: SyncEngine): Partial<SyncEngine> => ({
    prepare: (text) => {
      const statement = real.prepare(text);
      return text === sql ? { ...statement, ...make(statement) } : statement;
    },
  });
}
