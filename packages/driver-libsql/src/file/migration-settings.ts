import type { SyncEngine } from "@skillmeat/migrate-core/driver";

/**
 * A connection that migrates: a schema that somebody else wrote may not call functions with side effects,
 * damaged pages are noticed, no memory map stands between a write and its error (sqlite.org/security.html,
 * sqlite.org/mmap.html), and waiting is ours.
 */
const settings =
  "PRAGMA busy_timeout = 0; PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0; PRAGMA foreign_keys = 1";

export function applySettings(engine: SyncEngine): void {
  engine.exec(settings);
}

/**
 * Makes a commit survive a loss of power: FULL with a write-ahead log; EXTRA without, which also makes the
 * removal of the journal durable (sqlite.org/pragma.html#pragma_synchronous).
 */
export function applySynchronous(engine: SyncEngine): void {
  const isWal = readPragma(engine, "journal_mode") === "wal";
  engine.exec(`PRAGMA synchronous = ${isWal ? "FULL" : "EXTRA"}`);
}

/** Reads a PRAGMA, `undefined` when it answers nothing. */
export function readPragma(engine: SyncEngine, name: string): unknown {
  return engine.prepare(`PRAGMA ${name}`).all([])[0]?.[0];
}
