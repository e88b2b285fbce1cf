import type { JournalMode } from "../child/protocol.ts";
import type { Double } from "../doubles/doubles.ts";

/** What the processes of a storm find. */
export type StormStart = "fresh" | "old" | "current";

export interface RoundOptions {
  readonly processes: number;
  readonly start: StormStart;
  readonly journalMode: JournalMode;
  /** Kills about half of the processes at random moments. */
  readonly kills: boolean;
  readonly seed: number;
  readonly double?: Double;
}
