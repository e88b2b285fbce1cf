import { linksOf } from "./normal-links.ts";
import { getNode, type RevisionGraph } from "./revision-graph.ts";
import { listIds, listNames } from "./revision-node.ts";

/** Where a revision stands in the graph, for commands that show it. */
export interface RevisionFacts {
  readonly revision: string;
  /** No other revision follows it. */
  readonly isHead: boolean;
  /** A head that nothing depends on either; a head that is not is an "effective head". */
  readonly isRealHead: boolean;
  readonly isBase: boolean;
  /** A base without dependencies. */
  readonly isRealBase: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  readonly parents: readonly string[];
  /** Full ids; a label in `dependsOn` stands for the revision that declares it. */
  readonly dependencies: readonly string[];
  /** Parents, and the dependencies that are not implied by an ancestor. */
  readonly normalParents: readonly string[];
  /** The revisions that follow it, in load order. */
  readonly children: readonly string[];
  /** Children and the revisions that depend on it, in load order. */
  readonly allChildren: readonly string[];
  /** Its own labels and those of its branch, sorted. */
  readonly branchLabels: readonly string[];
}

/**
 * Describes one revision.
 *
 * @param id the full id
 * @throws {SKM_GRAPH_UNKNOWN} there is no revision with this id
 */
export function describeRevision(graph: RevisionGraph, id: string): RevisionFacts {
  const { index } = graph;
  const node = getNode(index, id);
  const isBase = node.parents.length === 0;
  return {
    revision: id,
    isHead: node.children.length === 0,
    isRealHead: node.requiredBy.length === 0,
    isBase,
    isRealBase: isBase && node.dependencies.length === 0,
    isBranchPoint: node.children.length > 1,
    isMergePoint: listNames(node.info.downRevision).length > 1,
    parents: listIds(node.parents),
    dependencies: listIds(node.dependencies),
    normalParents: listIds(linksOf(index.normalLinks(), node)),
    children: listIds(node.children),
    allChildren: listIds(node.requiredBy),
    branchLabels: index.branchLabels().get(node) ?? [],
  };
}
