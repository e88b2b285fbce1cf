import { createNodeSet, type GrowingNodeSet } from "./node-set.ts";
import type { RevisionNode } from "./revision-node.ts";

/** The neighbours that a walk goes on to. */
export type Neighbours = (node: RevisionNode) => readonly RevisionNode[];

const parents: Neighbours = (node) => node.parents;
const children: Neighbours = (node) => node.children;
const requires: Neighbours = (node) => node.requires;
const requiredBy: Neighbours = (node) => node.requiredBy;

/** Collects the starts and all that can be reached from them; linear, without recursion. */
export function collectReachable(starts: Iterable<RevisionNode>, next: Neighbours): GrowingNodeSet {
  const reached = createNodeSet();
  for (const node of starts) reached.add(node);
  // An array also yields what is added while it is iterated: the members are the queue of this walk.
  for (const node of reached.members) for (const neighbour of next(node)) reached.add(neighbour);
  return reached;
}

/** The starts and everything that must be applied before them. */
export function collectAncestors(starts: Iterable<RevisionNode>): GrowingNodeSet {
  return collectReachable(starts, requires);
}

/** The starts and everything that must be undone before them. */
export function collectDescendants(starts: Iterable<RevisionNode>): GrowingNodeSet {
  return collectReachable(starts, requiredBy);
}

/** Like {@link collectAncestors} along down revisions only: the same branch, without dependencies. */
export function collectBranchAncestors(starts: Iterable<RevisionNode>): GrowingNodeSet {
  return collectReachable(starts, parents);
}

/** Like {@link collectDescendants} along down revisions only. */
export function collectBranchDescendants(starts: Iterable<RevisionNode>): GrowingNodeSet {
  return collectReachable(starts, children);
}

/** Finds one revision of the list that lies below another one of the list. */
export function findOverlap(
  nodes: readonly RevisionNode[],
): { readonly ancestor: RevisionNode; readonly descendant: RevisionNode } | undefined {
  if (new Set(nodes).size < 2) return undefined;
  const below = collectAncestors(nodes.flatMap((node) => node.requires));
  const ancestor = nodes.find((node) => below.has(node));
  if (ancestor === undefined) return undefined;
  const above = collectDescendants(ancestor.requiredBy);
  const descendant = nodes.find((node) => above.has(node));
  return descendant && { ancestor, descendant };
}
