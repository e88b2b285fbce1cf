import {
  collectAncestors,
  collectBranchAncestors,
  collectBranchDescendants,
  collectDescendants,
  findOverlap,
} from "./collect-related.ts";
import type { DowngradeTarget } from "./downgrade-target.ts";
import { findBranch } from "./find-revision.ts";
import { overlappingTargets } from "./graph-errors.ts";
import type { GraphIndex } from "./revision-graph.ts";
import type { RevisionNode } from "./revision-node.ts";

/** A set of revisions that still has to be put in order. */
export interface Selection {
  readonly revisions: ReadonlySet<RevisionNode>;
  /** Where the order begins: of these, the ones that are selected. */
  readonly heads: readonly RevisionNode[];
  /** The selected revisions and all that lie between them. */
  readonly scope: ReadonlySet<RevisionNode>;
}

export interface UpgradeSelection {
  readonly targets: readonly RevisionNode[];
  readonly applied: ReadonlySet<RevisionNode>;
}

/** Selects what the targets need and is not applied. */
export function selectUpgrade({ targets, applied }: UpgradeSelection): Selection {
  const required = collectAncestors(targets);
  const revisions = applied.size === 0 ? required : subtract(required, applied);
  return { revisions, heads: targets, scope: required };
}

/** @throws {SKM_GRAPH_OVERLAP} one of the revisions is an ancestor of another */
export function assertNoOverlap(nodes: readonly RevisionNode[]): void {
  const overlap = findOverlap(nodes);
  if (overlap !== undefined) throw overlappingTargets(overlap.ancestor.id, overlap.descendant.id);
}

export interface DowngradeSelection extends DowngradeTarget {
  readonly current: readonly RevisionNode[];
  readonly inclusive?: boolean;
  /** Also undoes what is applied on other branches. */
  readonly implicitBase?: boolean;
  /** Makes the error of a label that leaves no way down. */
  readonly refuse: () => Error;
}

/**
 * Selects what has to be undone: everything applied above the target, on any branch, and what depends
 * on it. With a label and several ways up from the target, only the ways to that branch count.
 */
export function selectDowngrade(index: GraphIndex, request: DowngradeSelection): Selection {
  const applied = collectAncestors(request.current);
  const roots = chooseRoots(index, request);
  const dropped = intersect(collectDescendants(roots), applied);
  const others = request.implicitBase === true ? subtract(applied, collectAncestors(roots)) : [];
  const revisions = new Set([...dropped, ...others]);
  return { revisions, heads: request.current, scope: applied };
}

function chooseRoots(index: GraphIndex, request: DowngradeSelection): readonly RevisionNode[] {
  const { label, node, inclusive, refuse } = request;
  const roots = node !== undefined && inclusive === true ? [node] : findRoots(index, node);
  // The label is not looked at while there is only one way, which also is Alembic's rule; the labels of
  // bases count as ways of their own.
  const ways = roots.length + (node === undefined ? countLabelled(index, roots) : 0);
  if (label === undefined || ways < 2) return roots;
  const branch = collectBranchAncestors([findBranch(index, label)]);
  const chosen = roots.filter((root) => branch.has(root));
  if (chosen.length === 0) throw refuse();
  return chosen;
}

const countLabelled = (index: GraphIndex, roots: readonly RevisionNode[]): number => {
  const owners = new Set(index.labels.values());
  return roots.filter((root) => owners.has(root)).length;
};

function findRoots(index: GraphIndex, node: RevisionNode | undefined): readonly RevisionNode[] {
  return node?.children ?? index.nodes.filter((candidate) => candidate.parents.length === 0);
}

/** Keeps the selected revisions that follow a lower end by down revisions. */
export function cutAtLowerEnd(
  selected: ReadonlySet<RevisionNode>,
  lower: readonly RevisionNode[],
): Set<RevisionNode> {
  return intersect(selected, collectBranchDescendants(lower));
}

type Nodes = ReadonlySet<RevisionNode>;

const intersect = (nodes: Nodes, others: Nodes): Set<RevisionNode> =>
  new Set([...nodes].filter((node) => others.has(node)));

const subtract = (nodes: Nodes, others: Nodes): Set<RevisionNode> =>
  new Set([...nodes].filter((node) => !others.has(node)));
