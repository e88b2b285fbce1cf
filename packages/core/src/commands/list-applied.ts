import { listNames } from "../revision/revision-node.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import { resolveRevisions } from "../revision/resolve-revisions.ts";

/** The revisions that a database at these heads has applied: the heads and all that they follow or depend on. */
export function listApplied(graph: RevisionGraph, heads: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const rest = [...heads];
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const { downRevision, dependsOn } = graph.get(id);
    rest.push(...listNames(downRevision));
    rest.push(...listNames(dependsOn).flatMap((name) => resolveRevisions(graph, name)));
  }
  return [...seen];
}
