import type { RowProgress } from "../ops/operation.ts";
import type { RunEvent } from "./events.ts";

export type ProgressEvent = Extract<RunEvent, { readonly kind: "progress" }>;

/** Knows when each work on many rows began, to tell how far it is and how fast it goes. */
export interface Pace {
  begin(progress: RowProgress): void;
  /** Whether the event loop has waited for long since this was true last. */
  isLate(): boolean;
  /** @param changes rows that the statement changed. */
  event(progress: RowProgress, done: { readonly revision: string; readonly changes: number }): ProgressEvent;
}

interface Work {
  readonly startedAt: number;
  rows: number;
}

/** Milliseconds in which nobody notices that a signal or a timer waits. */
const longestWait = 20;

/** @param now milliseconds of a clock that never goes back. */
export function createPace(now: () => number): Pace {
  const works = new Map<string, Work>();
  let ranAt = now();
  const nameOf = ({ activity, table }: RowProgress): string => `${activity} ${table}`;
  const begin = (progress: RowProgress): Work => {
    const name = nameOf(progress);
    const work = works.get(name) ?? { startedAt: now(), rows: 0 };
    works.set(name, work);
    return work;
  };
  return {
    begin: (progress) => void begin(progress),
    isLate: () => {
      const time = now();
      if (time - ranAt < longestWait) return false;
      ranAt = time;
      return true;
    },
    event: (progress, { revision, changes }) => {
      const { activity, table, total } = progress;
      const work = begin(progress);
      work.rows = progress.rows ?? work.rows + changes;
      const { rows, startedAt } = work;
      const elapsedMs = now() - startedAt;
      // The next work of this kind on this table is another one.
      if (rows >= total) works.delete(nameOf(progress));
      const isMeasured = rows > 0 && elapsedMs > 0;
      return {
        kind: "progress",
        revision,
        activity,
        table,
        rows,
        total,
        elapsedMs,
        rowsPerSecond: isMeasured ? (rows / elapsedMs) * 1000 : null,
        remainingMs: isMeasured ? (elapsedMs / rows) * Math.max(0, total - rows) : null,
      };
    },
  };
}

/** Lets the event loop run: a signal can only fire then, and a synchronous engine never waits by itself. */
export async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}
