import { collectBranchDescendants } from "./collect-related.ts";
import type { NodeSet } from "./node-set.ts";
import { listNames, type RevisionNode } from "./revision-node.ts";

/** The labels of each revision that has any, sorted. */
export type BranchLabels = ReadonlyMap<RevisionNode, readonly string[]>;

/**
 * Spreads each branch label over its branch: to all descendants by down revision, and, where these
 * are one straight line, down to the nearest branch point or merge point. The rule is Alembic's.
 */
export function spreadBranchLabels(
  nodes: readonly RevisionNode[],
  labels: ReadonlyMap<string, RevisionNode>,
): BranchLabels {
  const found = new Map<RevisionNode, string[]>();
  // Sorted here once, so that every list is filled in order.
  for (const [label, owner] of [...labels].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const node of collectBranch(owner).members) {
      const list = found.get(node);
      if (list === undefined) found.set(node, [label]);
      else list.push(label);
    }
  }
  return new Map(nodes.flatMap((node) => (found.has(node) ? [[node, found.get(node) ?? []] as const] : [])));
}

function collectBranch(owner: RevisionNode): NodeSet {
  const branch = collectBranchDescendants([owner]);
  if (!branch.members.every(isStraight)) return branch;
  let [below] = owner.parents;
  while (below !== undefined && isStraight(below)) {
    branch.add(below);
    [below] = below.parents;
  }
  return branch;
}

const isStraight = (node: RevisionNode): boolean =>
  node.requiredBy.length < 2 && listNames(node.info.downRevision).length < 2;
