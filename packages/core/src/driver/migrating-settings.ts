import { readOnce } from "./read-once.ts";
import type { SyncEngine } from "./sync-engine.ts";

/**
 * Settings of a connection that migrates, apart from `synchronous`: a schema that somebody else wrote may not
 * call functions with side effects, damaged pages are noticed, and no memory map stands between a write and its
 * error (sqlite.org/security.html, sqlite.org/mmap.html). Waiting is ours, so SQLite's own is off.
 */
const fixedSettings: Readonly<Record<string, number>> = {
  busy_timeout: 0,
  trusted_schema: 0,
  cell_size_check: 1,
  mmap_size: 0,
  foreign_keys: 1,
};

const full = 2;
const extra = 3;

/** Puts the settings of a migrating connection on a connection of our own. */
export function applySettings(engine: SyncEngine): void {
  setAll(engine, fixedSettings);
}

/**
 * Makes a commit survive a loss of power: FULL with a write-ahead log; EXTRA without, which also makes the
 * removal of the journal durable (sqlite.org/pragma.html#pragma_synchronous).
 */
export function applySynchronous(engine: SyncEngine): void {
  const isWal = readPragma(engine, "journal_mode") === "wal";
  setAll(engine, { synchronous: isWal ? full : extra });
}

/**
 * Puts the same settings on a connection that belongs to an application.
 *
 * @returns what sets them back.
 */
export function borrowSettings(engine: SyncEngine, more: Readonly<Record<string, number>>): () => void {
  const names = [...Object.keys(fixedSettings), "synchronous", ...Object.keys(more)];
  const before = Object.fromEntries(names.map((name) => [name, Number(readPragma(engine, name))]));
  const restore = (): void => setAll(engine, before);
  try {
    applySettings(engine);
    applySynchronous(engine);
    setAll(engine, more);
  } catch (error) {
    restore();
    throw error;
  }
  return restore;
}

/** Lets a connection that was opened for reading write another file than its database. */
export function withWriting(engine: SyncEngine, work: () => void): void {
  const queryOnly = Number(readPragma(engine, "query_only"));
  if (queryOnly === 0) {
    work();
    return;
  }
  setAll(engine, { query_only: 0 });
  try {
    work();
  } finally {
    setAll(engine, { query_only: queryOnly });
  }
}

/** Reads a PRAGMA, `undefined` when it answers nothing. */
export function readPragma(engine: SyncEngine, name: string): unknown {
  return readOnce(engine, `PRAGMA ${name}`)[0]?.[0];
}

function setAll(engine: SyncEngine, values: Readonly<Record<string, number>>): void {
  engine.exec(
    Object.entries(values)
      .map(([name, value]) => `PRAGMA ${name} = ${value};`)
      .join("\n"),
  );
}
