/** One node of the graph: what a revision file says about itself, without its bodies. */
export interface RevisionInfo {
  readonly revision: string;
  /** `null` for a base, several ids for a merge point. */
  readonly downRevision: string | readonly string[] | null;
  readonly branchLabels?: string | readonly string[] | undefined;
  /** Ids or branch labels that must be applied before this revision, without being its parents. */
  readonly dependsOn?: string | readonly string[] | undefined;
  /**
   * Ids of the revisions whose work this one does in their place, oldest first; their files are gone. A
   * database at the last of them is at this one, one at an earlier id is in the middle and refused.
   */
  readonly replaces?: string | readonly string[] | undefined;
  /**
   * Ids of the oldest revisions whose code may still open a database at this one: all of them must be known to
   * it. Left out: only code that knows this revision may.
   */
  readonly minimumReader?: string | readonly string[] | undefined;
  readonly message?: string | undefined;
  /** ISO 8601, UTC. */
  readonly createDate?: string | undefined;
}

/** One revision in one direction. Heads are sorted. */
export interface Step {
  readonly kind: "upgrade" | "downgrade" | "stamp";
  readonly revision: string;
  readonly headsBefore: readonly string[];
  readonly headsAfter: readonly string[];
  /** A snapshot takes an empty database to `headsAfter` in one step; `revision` is the last of those it stands for. */
  readonly snapshot?: StepSnapshot;
}

/** What a snapshot stands for. */
export interface StepSnapshot {
  /** How many revisions are not run because of it. */
  readonly revisions: number;
}
