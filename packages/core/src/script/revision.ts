import type { Operations } from "../ops/builder.ts";
import type { RevisionInfo } from "../revision/revision-info.ts";

/** Records the operations of one direction of a revision. */
export type RevisionBody = (op: Operations) => void | Promise<void>;

/** One revision with its bodies. */
export interface Revision extends RevisionInfo {
  /** Leads from the down revision to this one. */
  readonly upgrade: RevisionBody;
  /** Leads back. A revision without it cannot be undone. */
  readonly downgrade?: RevisionBody | undefined;
}
