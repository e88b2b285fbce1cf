import type { Measures } from "../measure/run-program.ts";
import { median, medianRatio } from "../measure/statistics.ts";
import type { Finding } from "./finding.ts";

export interface Comparison {
  readonly what: string;
  /** Which measure of the samples is compared. */
  readonly measure: string;
  readonly goal: number | null;
}

/** Compares the samples of two contenders, which belong together round by round. */
export function compare(
  ours: readonly Measures[],
  floor: readonly Measures[],
  comparison: Comparison,
): Finding {
  const { what, measure, goal } = comparison;
  const pick = (samples: readonly Measures[]): readonly number[] =>
    samples.map((sample) => sample[measure] ?? Number.NaN);
  return {
    what,
    floor: show(median(pick(floor)), measure),
    ours: show(median(pick(ours)), measure),
    value: medianRatio(pick(ours), pick(floor)),
    goal,
    unit: "×",
  };
}

/** How many MB ours has above the floor, round by round. */
export function difference(
  ours: readonly Measures[],
  floor: readonly Measures[],
  comparison: Comparison,
): Finding {
  const { measure } = comparison;
  const above = ours.map(
    (sample, round) => (sample[measure] ?? Number.NaN) - (floor[round]?.[measure] ?? Number.NaN),
  );
  return { ...compare(ours, floor, comparison), value: median(above), unit: "MB" };
}

/** Times of less than a tenth of a millisecond as microseconds; the name of a measure ends with its unit. */
function show(value: number, measure: string): string {
  if (!measure.endsWith("Ms")) return value.toFixed(1);
  return value < 0.1 ? `${(value * 1000).toFixed(1)} µs` : `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
