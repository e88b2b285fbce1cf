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
import { selectNodes, type NodeSet } from "./node-set.ts";
import type { GraphIndex } from "./revision-graph.ts";
import type { RevisionNode } from "./revision-node.ts";

/** A set of revisions that still has to be put in order. */
export interface Selection {
  readonly revisions: NodeSet;
  /** Where the order begins: of these, the ones that are selected. */
  readonly heads: readonly RevisionNode[];
  /**
   * The heads and all below them; given where something between two selected revisions may not be
   * selected. Without it the selection holds everything that lies between its heads and its members.
   */
  readonly scope?: NodeSet;
}

/** What a downgrade undoes, of what is applied. */
export interface AppliedSelection extends Selection {
  readonly applied: NodeSet;
}

export interface UpgradeSelection {
  readonly targets: readonly RevisionNode[];
  readonly applied: NodeSet;
}

/** Selects what the targets need and is not applied. */
export function selectUpgrade({ targets, applied }: UpgradeSelection): Selection {
  const required = collectAncestors(targets);
  const revisions = applied.members.length === 0 ? required : subtract(required, applied);
  return { revisions, heads: targets };
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
export function selectDowngrade(index: GraphIndex, request: DowngradeSelection): AppliedSelection {
  const applied = collectAncestors(request.current);
  const roots = chooseRoots(index, request);
  const dropped = intersect(collectDescendants(roots), applied);
  if (request.implicitBase !== true) return { revisions: dropped, heads: request.current, applied };
  const kept = collectAncestors(roots);
  const revisions = selectNodes(applied.members, (node) => dropped.has(node) || !kept.has(node));
  return { revisions, heads: request.current, applied };
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
export function cutAtLowerEnd(selected: readonly RevisionNode[], lower: readonly RevisionNode[]): NodeSet {
  const above = collectBranchDescendants(lower);
  return selectNodes(selected, (node) => above.has(node));
}

const intersect = (nodes: NodeSet, others: NodeSet): NodeSet =>
  selectNodes(nodes.members, (node) => others.has(node));

const subtract = (nodes: NodeSet, others: NodeSet): NodeSet =>
  selectNodes(nodes.members, (node) => !others.has(node));
