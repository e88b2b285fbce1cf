import type { CopyEvent } from "@skillmeat/migrate-core";
import type { Invocation } from "../project/invocation.ts";
import { showCount, showDuration, showNumber } from "./phrases.ts";

/** Milliseconds between two lines about rows: where they can be written over, and where they add up. */
const drawEvery = 100;
const progressLineEvery = 5000;
/** A wait that takes longer than this is said, and said again. Milliseconds. */
const worthSaying = 500;
const waitLineEvery = 5000;

/** Makes the listener that tells on standard error how far a copy is. */
export function reportCopy({ output, now }: Pick<Invocation, "output" | "now">): (event: CopyEvent) => void {
  let nextLine = now() + (output.mode.redraw ? drawEvery : progressLineEvery);
  let nextWaitLine = worthSaying;
  return (event) => {
    switch (event.kind) {
      case "start":
        if (output.mode.verbose)
          output.talk(`copying ${showCount(event.tables, "table")} with ${showNumber(event.rows)} rows`);
        return;
      case "rows":
        if (event.rows >= event.total && output.mode.verbose) return output.talk(describe(event));
        if (now() < nextLine) return;
        nextLine = now() + (output.mode.redraw ? drawEvery : progressLineEvery);
        return output.mode.redraw ? output.progress(describe(event)) : output.talk(describe(event));
      case "wait":
        if (event.waitedMs < nextWaitLine) return;
        nextWaitLine = event.waitedMs + waitLineEvery;
        return output.talk(
          `waiting for another process that uses the database (${showDuration(event.waitedMs)})`,
        );
      case "verified":
        output.progress("");
        if (output.mode.verbose)
          output.talk("compared definitions and numbers of rows, and read the copy back");
    }
  };
}

function describe({ table, rows, total }: Extract<CopyEvent, { readonly kind: "rows" }>): string {
  const percent = total === 0 ? 100 : Math.floor((rows / total) * 100);
  return `  ${table}: ${showNumber(rows)} of ${showNumber(total)} rows (${percent} %)`;
}
