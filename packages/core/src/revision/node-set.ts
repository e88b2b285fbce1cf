import type { RevisionNode } from "./revision-node.ts";

/** Revisions of one graph, in the order in which they were added. */
export interface NodeSet {
  readonly members: readonly RevisionNode[];
  readonly has: (node: RevisionNode) => boolean;
}

/** A {@link NodeSet} that is being filled. */
export interface GrowingNodeSet extends NodeSet {
  readonly add: (node: RevisionNode) => void;
}

/**
 * Makes a set that marks revisions by their place in load order: several times faster than a `Set` of
 * objects, which is what plans of ten thousands of revisions spend their time on.
 */
export function createNodeSet(): GrowingNodeSet {
  const members: RevisionNode[] = [];
  let marks = new Uint8Array(0);
  const grow = (order: number): void => {
    const larger = new Uint8Array(2 * order + 64);
    larger.set(marks);
    marks = larger;
  };
  return {
    members,
    has: (node) => marks[node.order] === 1,
    add: (node) => {
      if (marks[node.order] === 1) return;
      if (node.order >= marks.length) grow(node.order);
      marks[node.order] = 1;
      members.push(node);
    },
  };
}

/** The revisions that pass a test, as a set. */
export function selectNodes(nodes: readonly RevisionNode[], test: (node: RevisionNode) => boolean): NodeSet {
  const set = createNodeSet();
  for (const node of nodes) if (test(node)) set.add(node);
  return set;
}
