import type { ErrorCode } from "../errors/codes.ts";

/** What is wrong with one revision, as plain data. */
export interface GraphProblem {
  readonly code: ErrorCode;
  /** A finer reason than the code. */
  readonly kind:
    | "id"
    | "label"
    | "duplicate-id"
    | "duplicate-label"
    | "missing-parent"
    | "missing-dependency"
    | "self-loop"
    | "dependency-self-loop"
    | "replaces-itself"
    | "replaced-exists"
    | "replaced-twice"
    | "replaced-parent"
    | "replaced-dependency"
    | "cycle"
    | "dependency-cycle"
    | "strange-reader"
    | "low-reader";
  readonly message: string;
  readonly hint: string;
  /** The id of the revision that has the problem; of a cycle its first one in load order. */
  readonly revision: string;
  /** Where the revisions concerned stand in the order in which they were given, counted from 0. */
  readonly positions: readonly number[];
  /** The other names concerned: the missing ids, the owners of a label, the members of a cycle. */
  readonly related: readonly string[];
}
