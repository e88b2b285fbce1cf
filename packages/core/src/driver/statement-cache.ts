import { quoteForMessage } from "../errors/quote-for-message.ts";
import { scanStatement, type StatementShape } from "./scan-statement.ts";
import { DriverError } from "./driver-error.ts";
import type { SyncEngine, SyncStatement } from "./sync-engine.ts";

/** A statement that passed the checks that need no database, prepared by the engine. */
export interface PreparedStatement {
  readonly shape: StatementShape;
  readonly statement: SyncStatement;
}

export interface StatementCache {
  /** @throws {DriverError} kind `sql`: empty, several statements, NUL, parameters with names; what the engine throws. */
  get(sql: string): PreparedStatement;
  /** Frees all statements. */
  clear(): void;
}

/** A statement costs about 20 µs to prepare and 1 µs to run again. */
const keptStatements = 64;
/** Longer texts are bulk inserts or definitions; 64 of these bound the cache to a few megabytes. */
const longestKeptText = 65_536;
/** Texts remembered to notice that one comes again. */
const rememberedTexts = 256;
/**
 * Not PRAGMA: many read or set their value while they are compiled, so that running one again answers what
 * was true the first time (sqlite.org/pragma.html).
 */
const repeatable = new Set(["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES"]);

/**
 * Keeps the statements that came twice, those used last. Most statements of a migration run once: keeping them
 * would cost more than it saves, so each is freed when the next one is prepared.
 */
export function createStatementCache(engine: SyncEngine): StatementCache {
  const kept = new Map<string, PreparedStatement>();
  const seen = new Set<string>();
  let passing: PreparedStatement | undefined;
  const free = (entry: PreparedStatement | undefined): void => entry?.statement.finalize?.();

  const keep = (sql: string, entry: PreparedStatement): void => {
    kept.set(sql, entry);
    if (kept.size <= keptStatements) return;
    const [oldest] = kept;
    if (oldest === undefined) return;
    kept.delete(oldest[0]);
    free(oldest[1]);
  };

  const prepare = (sql: string): PreparedStatement => {
    const entry = { shape: checkedShape(sql), statement: engine.prepare(sql) };
    free(passing);
    passing = undefined;
    const [verb = ""] = entry.shape.words;
    if (sql.length <= longestKeptText && repeatable.has(verb) && !isNew(seen, sql)) keep(sql, entry);
    else passing = entry;
    return entry;
  };

  return {
    get: (sql) => {
      const known = kept.get(sql);
      if (known === undefined) return prepare(sql);
      kept.delete(sql);
      kept.set(sql, known);
      return known;
    },
    clear: () => {
      for (const entry of kept.values()) free(entry);
      kept.clear();
      free(passing);
      passing = undefined;
    },
  };
}

function isNew(seen: Set<string>, sql: string): boolean {
  if (seen.has(sql)) return false;
  if (seen.size === rememberedTexts) seen.clear();
  seen.add(sql);
  return true;
}

/** @throws {DriverError} kind `sql`: empty, several statements, NUL, parameters with names. */
export function checkedShape(sql: unknown): StatementShape {
  if (typeof sql !== "string") throw new TypeError(`expected SQL text, found ${typeof sql}`);
  // Libraries hand a C string to SQLite, which would run only what stands before the NUL.
  if (sql.includes("\0")) throw refuse("the SQL text contains a NUL character");
  if (!sql.isWellFormed()) throw refuse("the SQL text contains half a surrogate pair");
  const shape = scanStatement(sql);
  if (shape.statements === 0) throw refuse("the SQL text holds no statement");
  if (shape.statements === 2) {
    throw new DriverError("sql", "the SQL text holds more than one statement", {
      reason: "several-statements",
      hint: "send one statement at a time",
    });
  }
  if (shape.strayParameter !== undefined) {
    throw new DriverError("sql", `parameter ${quoteForMessage(shape.strayParameter)} is not a bare "?"`, {
      reason: "parameters",
      hint: 'write "?" for each parameter and pass the values in order',
    });
  }
  return shape;
}

function refuse(message: string): DriverError {
  return new DriverError("sql", message);
}
