import { listIds, listNames } from "../revision/revision-node.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { RevisionLibrary } from "./revision-library.ts";

/** Everything that listings say about one revision. */
export interface RevisionEntry {
  readonly revision: string;
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  /** With those that reach it from other revisions of its branch. */
  readonly branchLabels: readonly string[];
  /** The revisions that follow it. */
  readonly children: readonly string[];
  readonly message: string | null;
  readonly createDate: string | null;
  /** The file, or `null` for a revision that was passed as an object. */
  readonly path: string | null;
  readonly isHead: boolean;
  /** A head that another revision depends on, so that it never has a version row of its own at the end. */
  readonly isEffectiveHead: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  /** A version row of the database names it; always false where the database was not asked. */
  readonly isCurrent: boolean;
}

export function describeRevision(library: RevisionLibrary, id: string, current: readonly string[]): RevisionEntry {
  const { graph } = library;
  const info = graph.get(id);
  const node = graph.index.ids.get(id);
  const children = listIds(node?.children ?? []);
  return {
    revision: id,
    downRevisions: listNames(info.downRevision),
    dependsOn: listNames(info.dependsOn),
    branchLabels: labelsOf(graph, id),
    children,
    message: info.message ?? null,
    createDate: info.createDate ?? null,
    path: library.pathOf(id),
    isHead: children.length === 0,
    isEffectiveHead: children.length === 0 && (node?.requiredBy.length ?? 0) > 0,
    isBranchPoint: children.length > 1,
    isMergePoint: listNames(info.downRevision).length > 1,
    isCurrent: current.includes(id),
  };
}

function labelsOf(graph: RevisionGraph, id: string): readonly string[] {
  return [...(graph.index.branchLabels().get(id) ?? [])];
}
