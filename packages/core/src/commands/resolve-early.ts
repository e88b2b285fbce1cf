import type { RevisionGraph } from "../revision/revision-graph.ts";
import { resolveRevisions } from "../revision/resolve-revisions.ts";

/**
 * Refuses a target that no state of the database could make valid, before the database is opened and
 * perhaps created. Relative targets depend on the state and are left to the planner.
 */
export function assertResolvable(graph: RevisionGraph, target: string | readonly string[]): void {
  for (const identifier of typeof target === "string" ? [target] : target) {
    if (!/[+-]\d+$/u.test(identifier) && identifier !== "current") resolveRevisions(graph, identifier);
  }
}
