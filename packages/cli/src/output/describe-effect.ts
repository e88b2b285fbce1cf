import type { OperationEffect } from "@skillmeat/migrate-core";
import { showBytes, showDuration, showNumber } from "./phrases.ts";

/** Shorter times are not worth a word. Milliseconds. */
const worthSaying = 100;

/** How an operation treats the rows of a table that exists, or `undefined` where there is nothing to say. */
export function describeEffect(effect: OperationEffect): string | undefined {
  const words = wordsFor(effect);
  if (effect.table === null || words === undefined) return undefined;
  const { bytes, estimatedMs } = effect;
  const time =
    estimatedMs === null || estimatedMs < worthSaying ? "" : `, about ${showDuration(estimatedMs)}`;
  const space = bytes === null || bytes === 0 ? "" : `, needs ${showBytes(bytes)}`;
  return `${effect.operation}: ${words}${time}${space}`;
}

function wordsFor({ method, rows }: OperationEffect): string | undefined {
  const counted = rows === null ? "rows" : rows === 1 ? "1 row" : `${showNumber(rows)} rows`;
  switch (method) {
    case "metadata":
      return "metadata only";
    case "scan":
      return `scans ${counted}`;
    case "index":
      return `sorts ${counted}`;
    case "rewrite":
      return `rewrites ${counted}`;
    case "rebuild":
      return `rebuilds ${counted}`;
    case "insert":
      return `inserts ${counted}`;
    case "drop":
      return `deletes ${counted}`;
    case "none":
    case "sql":
    case "unknown":
      return undefined;
  }
}
