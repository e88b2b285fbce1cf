/** One measured number beside its goal. */
export interface Finding {
  /** What was measured, such as `"CLI no-op, 200 revisions, CPU"`. */
  readonly what: string;
  readonly floor: string;
  readonly ours: string;
  /** Ours by the floor, or the number itself where the goal is absolute. */
  readonly value: number;
  /** The most that the value may be; `null` where there is no goal and the number is for information. */
  readonly goal: number | null;
  readonly unit: "×" | "MB" | "µs" | "";
}

export type Verdict = "pass" | "MISS" | "-";

export function verdictOf({ value, goal }: Finding): Verdict {
  if (goal === null) return "-";
  return value <= goal ? "pass" : "MISS";
}
