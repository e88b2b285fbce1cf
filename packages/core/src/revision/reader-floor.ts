import { createNodeSet } from "./node-set.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { listNames, type RevisionNode } from "./revision-node.ts";

type Lookup = Pick<GraphIndex, "ids" | "replaced">;

/** Whether a revision says that code which does not know it may open a database at it. */
export function declaresReader({ info }: RevisionNode): boolean {
  return listNames(info.minimumReader).length > 0;
}

/**
 * The ids that code has to know, all of them, to open a database at a revision: those that `minimumReader`
 * names, or the revision itself, which makes it a breaking one. Where that does the work of others, code that
 * is at the last of these knows as much.
 */
export function floorOf({ id, info }: RevisionNode): readonly string[] {
  const declared = listNames(info.minimumReader);
  if (declared.length > 0) return declared;
  return [listNames(info.replaces).at(-1) ?? id];
}

/** The revision of an id, or what does its work in its place. */
export function findReader({ ids, replaced }: Lookup, id: string): RevisionNode | undefined {
  return ids.get(id) ?? replaced.get(id)?.node;
}

/** The revisions that code has to know; ids that do not exist are left out. */
export function floorNodes(index: Lookup, node: RevisionNode): readonly RevisionNode[] {
  return floorOf(node).flatMap((id) => findReader(index, id) ?? []);
}

/** The revisions that are not among others or below them. Stops at the last one: most are near. */
export function findNotBelow(
  starts: readonly RevisionNode[],
  wanted: readonly RevisionNode[],
): readonly RevisionNode[] {
  const left = new Set(wanted);
  const reached = createNodeSet();
  for (const node of starts) reached.add(node);
  // An array also yields what is added while it is iterated.
  for (const node of reached.members) {
    left.delete(node);
    if (left.size === 0) break;
    for (const below of node.requires) reached.add(below);
  }
  return [...left];
}
