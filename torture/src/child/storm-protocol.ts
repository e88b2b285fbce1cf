import type { Double } from "../doubles/doubles.ts";
import type { JournalMode } from "./protocol.ts";

/** The one argument of `child/storm-migrate.ts`, as JSON. */
export interface StormRequest {
  readonly database: string;
  readonly journalMode: JournalMode;
  /** A file to which every process appends the revisions that it has committed, one a line. */
  readonly journal: string;
  readonly double?: Double;
}

/** What a writer says when it is told to stop. */
export interface WriterReport {
  /** The ids of the rows whose COMMIT was acknowledged. */
  readonly acknowledged: readonly number[];
}

/** What a reader says when it is told to stop. */
export interface ReaderReport {
  /** How many times it looked. */
  readonly reads: number;
  /** What it saw that nobody may ever see. */
  readonly problems: readonly string[];
}

/** The line with which a program says that it has loaded everything. */
export const readyLine = "ready";
