import type { SqlValue, Statement } from "../driver/statement.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";

/** The name of the journal unless a project says otherwise. */
export const defaultJournal = "skillmeat_journal";

/** The version of this package, which the journal keeps with each line. */
export const toolVersion = "0.1.0";

/** What happened to one revision in one database. */
export interface JournalEntry {
  readonly revision: string;
  /** `"snapshot"`: a snapshot stood for it, it did not run itself. */
  readonly direction: "upgrade" | "downgrade" | "stamp" | "snapshot";
  /** UTC, to the millisecond. */
  readonly at: string;
  /** Milliseconds; `null` where the revision was sent as one batch, or for a stamp. */
  readonly durationMs: number | null;
  /**
   * SHA-256 of the operations of `upgrade`, normalised, up to its first question; `null` for a downgrade or stamp.
   */
  readonly checksum: string | null;
  readonly toolVersion: string;
}

/** What is known about a step before it runs. */
export type JournalFacts = Omit<JournalEntry, "at" | "durationMs">;

export const journalColumns = "revision, direction, at, duration_ms, checksum, tool_version";

/**
 * The statements of the journal: a table of our own beside the version table, which no other tool knows and none
 * has to. Lines are only added.
 */
export interface Journal {
  readonly name: string;
  readonly create: Statement;
  readonly exists: Statement;
  readonly read: Statement;
  /** Adds lines, as few statements as are sure to be accepted. */
  addAll(entries: readonly JournalEntry[]): readonly Statement[];
}

/** Lines in one statement: six values each, far fewer than any engine binds. */
const linesPerStatement = 100;

/** @throws {MigrationError} SKM_IDENTIFIER when the name cannot be a table's. */
export function buildJournal(name: string = defaultJournal): Journal {
  const table = quoteIdentifier(name);
  const columns = journalColumns;
  const comment = "journal";
  return Object.freeze({
    name,
    create: {
      sql: `CREATE TABLE IF NOT EXISTS ${table} (
    id INTEGER NOT NULL PRIMARY KEY,
    revision TEXT NOT NULL,
    direction TEXT NOT NULL,
    at TEXT NOT NULL,
    duration_ms REAL,
    checksum TEXT,
    tool_version TEXT NOT NULL
)`,
      comment,
    },
    exists: {
      sql: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE",
      params: [name],
    },
    read: { sql: `SELECT ${columns} FROM ${table} ORDER BY id` },
    addAll: (entries: readonly JournalEntry[]) =>
      Array.from({ length: Math.ceil(entries.length / linesPerStatement) }, (_, index) => {
        const lines = entries.slice(index * linesPerStatement, (index + 1) * linesPerStatement);
        return {
          sql: `INSERT INTO ${table} (${columns}) VALUES ${lines.map(() => "(?, ?, ?, ?, ?, ?)").join(", ")}`,
          params: lines.flatMap(toParams),
          comment,
        };
      }),
  });
}

function toParams({ revision, direction, at, durationMs, checksum, toolVersion: tool }: JournalEntry) {
  return [revision, direction, at, durationMs, checksum, tool];
}

/** Reads the lines of a journal; lines that another program wrote and that make no sense are left out. */
export function parseJournal(rows: readonly (readonly SqlValue[])[]): readonly JournalEntry[] {
  return rows.flatMap(([revision, direction, at, durationMs, checksum, tool]): readonly JournalEntry[] => {
    if (typeof revision !== "string" || !isDirection(direction)) return [];
    return [
      {
        revision,
        direction,
        at: String(at),
        durationMs: typeof durationMs === "number" ? durationMs : null,
        checksum: typeof checksum === "string" ? checksum : null,
        toolVersion: String(tool),
      },
    ];
  });
}

function isDirection(value: unknown): value is JournalEntry["direction"] {
  return value === "upgrade" || value === "downgrade" || value === "stamp" || value === "snapshot";
}
