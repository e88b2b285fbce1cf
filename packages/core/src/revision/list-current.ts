import { collectAncestors } from "./collect-related.ts";
import type { RevisionNode } from "./revision-node.ts";

/**
 * The revisions at which a database stands, including those that its rows imply: the tips of the
 * applied revisions when only down revisions are looked at.
 */
export function collectCurrent(rows: readonly RevisionNode[]): readonly RevisionNode[] {
  const applied = collectAncestors(rows);
  return applied.members.filter((node) => !node.children.some((child) => applied.has(child)));
}
