import type { RevisionNode } from "./revision-node.ts";

/**
 * Puts revisions in an order in which each comes after all that it requires (Kahn's walk upwards from
 * the bases). Members of cycles, and what requires them, are left out.
 */
export function placeFromBases(nodes: readonly RevisionNode[]): readonly RevisionNode[] {
  const waiting = new Map<RevisionNode, number>();
  const placed = nodes.filter((node) => node.requires.length === 0);
  // An array also yields what is added while it is iterated.
  for (const node of placed) {
    for (const next of node.requiredBy) {
      const left = (waiting.get(next) ?? next.requires.length) - 1;
      if (left === 0) placed.push(next);
      else waiting.set(next, left);
    }
  }
  return placed;
}

/** Whether each revision was loaded after all that it requires, as it is where file names carry dates. */
export function isLoadedInOrder(nodes: readonly RevisionNode[]): boolean {
  for (const node of nodes) {
    for (const required of node.requires) if (required.order >= node.order) return false;
  }
  return true;
}

/**
 * Numbers the revisions of a graph so that each has a higher number than all that it requires; read
 * by the place in load order.
 */
export function rankNodes(nodes: readonly RevisionNode[]): Uint32Array {
  const ranks = new Uint32Array(nodes.length);
  let rank = 0;
  for (const node of isLoadedInOrder(nodes) ? nodes : placeFromBases(nodes)) {
    ranks[node.order] = rank;
    rank += 1;
  }
  return ranks;
}
