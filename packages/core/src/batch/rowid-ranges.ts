import type { RowidRange } from "./batch-plan.ts";

/** Fewer rows are copied with one statement, which takes about two seconds for as many. */
const mostAtOnce = 1_000_000;
/** Rows that one statement copies when there are more: a fraction of a second. */
const rowsInRange = 250_000;

export interface RowidSpan {
  readonly first: bigint;
  readonly last: bigint;
  readonly rows: number;
}

/** Whether a table has so many rows that its copy is worth cutting. */
export const isWorthCutting = (rows: number): boolean => rows > mostAtOnce;

/**
 * Cuts a span of rowids into ranges of equal width: as many as there are portions of rows. Where the rowids
 * have gaps the ranges hold different numbers of rows, but together they hold all.
 */
export function cutRowids({ first, last, rows }: RowidSpan): readonly RowidRange[] {
  const portions = BigInt(Math.max(1, Math.ceil(rows / rowsInRange)));
  const width = (last - first) / portions + 1n;
  const ranges: RowidRange[] = [];
  for (let from = first; from <= last; from += width) {
    const end = from + width - 1n;
    ranges.push({ from, to: end < last ? end : last });
  }
  return ranges;
}
