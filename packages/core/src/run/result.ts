import type { Step, StepSnapshot } from "../revision/revision-info.ts";

export interface StepResult {
  readonly kind: Step["kind"];
  readonly revision: string;
  readonly message: string | undefined;
  readonly headsBefore: readonly string[];
  readonly headsAfter: readonly string[];
  readonly durationMs: number;
  readonly statements: number;
  /** Where a snapshot was applied in place of revisions. */
  readonly snapshot?: StepSnapshot;
}

export interface RunResult {
  readonly command: Step["kind"];
  /**
   * `"applied"`: at least one step ran here. `"nothing-to-do"`: the database already was where it should be.
   * `"newer"`: the database is at revisions that are unknown here, and that this code may open.
   */
  readonly outcome: "applied" | "nothing-to-do" | "newer";
  readonly headsBefore: readonly string[];
  /** As read back from the engine after the commit. */
  readonly headsAfter: readonly string[];
  /** The steps that this run committed, in order. */
  readonly steps: readonly StepResult[];
}
