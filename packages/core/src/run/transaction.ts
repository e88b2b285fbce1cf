import type { Statement } from "../driver/statement.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { LateLint } from "./late-lint.ts";
import type { RunEvent, RunListener } from "./events.ts";
import type { Position } from "./execute-unit.ts";
import type { StepResult } from "./result.ts";

export interface TransactionOptions {
  /** Says who may open the database afterwards. */
  readonly graph: RevisionGraph;
  readonly foreignKeys: "enforced" | "suspended";
  /** `"refuse"`: roll back when the transaction would end with fewer rows or columns than it began with. */
  readonly dataLoss: "allow" | "refuse";
  /** Looks at what the plan of the run did not see; where somebody wants to know. */
  readonly lateLint?: LateLint | undefined;
  readonly signal: AbortSignal;
  readonly emit: RunListener;
  /** Kept up to date, so that the caller can say where a failure happened. */
  readonly position: Position;
  /** Index of the first unit in the whole run, and the run's length, for events. */
  readonly offset: number;
  readonly total: number;
  /** Fails the transaction when this run has lost its turn; where it has one. */
  readonly fence?: Statement | undefined;
  /** Nothing was asked of the database yet: its heads are only supposed, see `SuppositionFailed`. */
  readonly isSupposed: boolean;
}

/** What one transaction did. `"moved"`: another process changed the heads first; nothing was done. */
export type TransactionOutcome =
  | {
      readonly kind: "committed";
      readonly steps: readonly StepResult[];
      readonly heads: readonly string[];
      /** The heads as they were read after COMMIT in the same round trip, where that was done. */
      readonly readBack?: readonly string[] | undefined;
      /** What is still to be told, now that nothing can undo it. */
      readonly ended?: RunEvent;
      /** It was one small request that depended on nothing in the database but the heads. */
      readonly isPlain?: boolean;
    }
  | { readonly kind: "moved"; readonly heads: readonly string[] };
