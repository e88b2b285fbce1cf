import type { RevisionGraph } from "../revision/revision-graph.ts";
import { resolveRevisions } from "../revision/resolve-revisions.ts";

/**
 * Refuses a target that no state of the database could make valid, before the database is opened and
 * perhaps created. Relative targets depend on the state and are left to the planner.
 */
export function assertResolvable(graph: RevisionGraph, target: string | readonly string[]): void {
  for (const identifier of typeof target === "string" ? [target] : target) {
    assertBranch(graph, identifier);
    if (!/[+-]\d+$/u.test(identifier) && identifier !== "current") resolveRevisions(graph, identifier);
  }
}

/**
 * Refuses an unknown name before `@`. Alembic ignores it where there is only one base, so that a mistyped
 * `label@base` undoes everything.
 */
function assertBranch(graph: RevisionGraph, identifier: string): void {
  const [label = ""] = identifier.split("@", 1);
  if (label !== "" && label !== identifier) resolveRevisions(graph, label);
}
