import { describeRevision } from "../revision/describe-revision.ts";
import { listNames } from "../revision/revision-node.ts";
import type { RevisionLibrary } from "./revision-library.ts";

/** Everything that listings say about one revision. */
export interface RevisionEntry {
  readonly revision: string;
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  /** The ids of the revisions whose work it does in their place, oldest first; their files are gone. */
  readonly replaces: readonly string[];
  /** The oldest revisions whose code may open a database at this one; empty where only its own may. */
  readonly minimumReader: readonly string[];
  /** With those that reach it from other revisions of its branch. */
  readonly branchLabels: readonly string[];
  /** The revisions that follow it. */
  readonly children: readonly string[];
  readonly message: string | null;
  readonly createDate: string | null;
  /** The file, or `null` for a revision that was passed as an object. */
  readonly path: string | null;
  readonly isHead: boolean;
  /** A head that another revision depends on, so that it has no version row of its own once that is applied. */
  readonly isEffectiveHead: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  /** A version row of the database names it; always false where the database was not asked. */
  readonly isCurrent: boolean;
}

/** Describes a revision for a listing. */
export function describeEntry(
  library: RevisionLibrary,
  id: string,
  current: readonly string[],
): RevisionEntry {
  const info = library.graph.get(id);
  const facts = describeRevision(library.graph, id);
  return {
    revision: id,
    downRevisions: listNames(info.downRevision),
    dependsOn: listNames(info.dependsOn),
    replaces: listNames(info.replaces),
    minimumReader: listNames(info.minimumReader),
    branchLabels: facts.branchLabels,
    children: facts.children,
    message: info.message ?? null,
    createDate: info.createDate ?? null,
    path: library.pathOf(id),
    isHead: facts.isHead,
    isEffectiveHead: facts.isHead && !facts.isRealHead,
    isBranchPoint: facts.isBranchPoint,
    isMergePoint: facts.isMergePoint,
    isCurrent: current.includes(id),
  };
}
