import { collectBranchAncestors } from "./collect-related.ts";
import type { RevisionGraph } from "./revision-graph.ts";
import type { RevisionNode } from "./revision-node.ts";

interface Branch {
  readonly id: string;
  readonly nodes: ReadonlySet<RevisionNode>;
  /** The labels of the branch, joined; `""` without one. */
  readonly labels: string;
}

/**
 * The heads, in load order, that went apart without a plan: two people have each written the next revision.
 * Branches that share no revision, or of which each has a label of its own, are meant to be there.
 */
export function findForkedHeads({ index }: RevisionGraph): readonly string[] {
  const labels = index.branchLabels();
  const branches = index.realHeads().map((node): Branch => ({
    id: node.id,
    nodes: new Set(collectBranchAncestors([node]).members),
    labels: (labels.get(node) ?? []).join(","),
  }));
  return branches
    .filter((branch) => branches.some((other) => other !== branch && isFork(branch, other)))
    .map(({ id }) => id);
}

function isFork(a: Branch, b: Branch): boolean {
  const isPlanned = a.labels !== "" && b.labels !== "" && a.labels !== b.labels;
  return !isPlanned && [...a.nodes].some((node) => b.nodes.has(node));
}
