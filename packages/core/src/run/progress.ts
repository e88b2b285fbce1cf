import type { RowProgress } from "../ops/operation.ts";
import type { RunEvent } from "./events.ts";

export type ProgressEvent = Extract<RunEvent, { readonly kind: "progress" }>;

/** Knows when each work on many rows began, to tell how fast it goes. */
export interface Pace {
  begin(progress: RowProgress): void;
  event(progress: RowProgress, revision: string): ProgressEvent;
}

/** @param now milliseconds of a clock that never goes back. */
export function createPace(now: () => number): Pace {
  const begun = new Map<string, number>();
  const nameOf = ({ activity, table }: RowProgress): string => `${activity} ${table}`;
  return {
    begin: (progress) => {
      const name = nameOf(progress);
      if (!begun.has(name)) begun.set(name, now());
    },
    event: (progress, revision) => {
      const { activity, table, rows, total } = progress;
      const name = nameOf(progress);
      const elapsedMs = now() - (begun.get(name) ?? now());
      // The next work of this kind on this table is another one.
      if (rows >= total) begun.delete(name);
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
