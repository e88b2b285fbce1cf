import { collectAncestors } from "./collect-related.ts";
import { resolveDowngradeTarget } from "./downgrade-target.ts";
import { findOne, findPositions } from "./find-positions.ts";
import { filterByLineage, findLineage } from "./find-revision.ts";
import { malformedIdentifier, notAncestor, outOfRange } from "./graph-errors.ts";
import { selectNodes, type NodeSet } from "./node-set.ts";
import { orderNewestFirst } from "./order-newest-first.ts";
import type { Position } from "./relative-walk.ts";
import type { GraphIndex, RevisionGraph } from "./revision-graph.ts";
import { listIds, type RevisionNode } from "./revision-node.ts";
import {
  assertNoOverlap,
  cutAtLowerEnd,
  selectDowngrade,
  selectUpgrade,
  type Selection,
} from "./select-revisions.ts";
import { resolveUpgradeTargets } from "./upgrade-targets.ts";

/** A part of the graph between two ends. */
export interface RangeRequest {
  /** The newer end; a relative form counts up from `lower`. */
  readonly upper: string | readonly string[];
  /** The older end; `-N` counts down from the newest revisions. */
  readonly lower: string | readonly string[];
  /** Includes the lower end. */
  readonly inclusive?: boolean;
  /** Does not ask that the lower end is below the upper one, and follows dependencies to other branches. */
  readonly implicitBase?: boolean;
  /** Stops relative forms at the ends of the graph instead of failing. */
  readonly clamp?: boolean;
}

/**
 * Lists the revisions that lead from one end of a range to the other, newest first.
 *
 * @throws {SKM_GRAPH_NOT_ANCESTOR} the lower end is not below the upper one
 * @throws {SKM_GRAPH_OVERLAP} an end names a revision together with its ancestor
 * @throws {SKM_GRAPH_UNKNOWN} {SKM_GRAPH_AMBIGUOUS} {SKM_GRAPH_NO_BRANCH} {SKM_GRAPH_NOT_IN_BRANCH}
 *   {SKM_GRAPH_MULTIPLE_HEADS} {SKM_GRAPH_RANGE} {SKM_GRAPH_AMBIGUOUS_WALK} {SKM_USAGE} an end means nothing
 */
export function listRange(graph: RevisionGraph, request: RangeRequest): readonly string[] {
  return listIds(orderNewestFirst(graph.index, selectRange(graph.index, request)));
}

/**
 * Lists what a downgrade from `upper` to `lower` undoes, newest first; see `downgradePath`.
 *
 * @throws {SKM_GRAPH_NOT_ANCESTOR} there is nothing to undo, and as {@link listRange}
 */
export function listDowngradeRange(
  graph: RevisionGraph,
  request: RangeRequest & { readonly lower: string },
): readonly string[] {
  const { index } = graph;
  const { upper, lower, inclusive = false, implicitBase = false, clamp = false } = request;
  const from = toList(upper);
  const goal = resolveDowngradeTarget(index, { target: lower, from, clamp });
  const refuse = (): Error => notAncestor(lower, from.join(", "));
  const current = from.flatMap((text) => readNodes(findPositions(index, text), text));
  const selection = selectDowngrade(index, { ...goal, current, inclusive, implicitBase, refuse });
  if (goal.node !== undefined && selection.revisions.members.length === 0 && !current.includes(goal.node))
    throw refuse();
  return listIds(orderNewestFirst(index, selection));
}

function selectRange(index: GraphIndex, request: RangeRequest): Selection {
  const { upper, lower, inclusive = false, implicitBase = false, clamp = false } = request;
  const reached = resolveUpgradeTargets(index, { target: upper, from: toList(lower), clamp });
  const targets = typeof lower === "string" ? keepOnBranch(index, reached, lower) : reached;
  assertNoOverlap(targets);
  const required = collectAncestors(targets);
  const current = resolveLower(index, { ...request, required: implicitBase ? undefined : required });
  assertNoOverlap(current);
  const selection = selectUpgrade({ targets, applied: collectAncestors(current) });
  const listed = [...selection.revisions.members, ...(inclusive ? current : [])];
  const isCut = current.length > 0 && !implicitBase;
  if (isCut) return { ...selection, revisions: cutAtLowerEnd(listed, current), scope: required };
  return { ...selection, revisions: selectNodes(listed, () => true) };
}

/** With a label at the lower end, only targets of that branch are meant. */
function keepOnBranch(
  index: GraphIndex,
  targets: readonly RevisionNode[],
  lower: string,
): readonly RevisionNode[] {
  const at = lower.indexOf("@");
  if (at === -1) return targets;
  if (at === 0)
    throw malformedIdentifier(
      lower,
      'has no label before the "@"',
      "leave out the @, or write a branch label",
    );
  const text = lower.slice(0, at);
  const branch = findOne(index, text);
  const labels = index.branchLabels();
  if (branch?.id !== text) return targets.filter((node) => labels.get(node)?.includes(text));
  // A revision was named instead of a label: its branch is meant.
  const [label, ...others] = labels.get(branch) ?? [];
  return label === undefined || others.length > 0
    ? filterByLineage(targets, findLineage(index, text))
    : targets.filter((node) => labels.get(node)?.includes(label));
}

interface LowerRequest extends RangeRequest {
  /** Where the lower end must lie; undefined where it may lie anywhere. */
  readonly required: NodeSet | undefined;
}

function resolveLower(index: GraphIndex, request: LowerRequest): readonly RevisionNode[] {
  const { upper, lower, required, clamp = false } = request;
  const positions = toList(lower).flatMap((text) => findPositions(index, text));
  if (required !== undefined && positions.some((position) => isOutside(required, position))) {
    throw notAncestor(toList(lower).join(", "), toList(upper).join(", "));
  }
  if (positions[0]?.kind !== "end" || typeof lower !== "string") return readNodes(positions, String(lower));
  const { node } = resolveDowngradeTarget(index, { target: lower, from: toList(upper), clamp });
  return node === undefined ? [] : [node];
}

function isOutside(required: NodeSet, position: Position): boolean {
  return position.kind === "base" || (position.kind === "revision" && !required.has(position.node));
}

function readNodes(positions: readonly Position[], text: string): readonly RevisionNode[] {
  return positions.map((position) => {
    if (position.kind === "revision") return position.node;
    throw outOfRange(text, "goes past the base", "count fewer steps, or name the revision");
  });
}

function toList(names: string | readonly string[]): readonly string[] {
  return typeof names === "string" ? [names] : names;
}
