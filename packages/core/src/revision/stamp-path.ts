import { readKnownRows } from "./assert-known-heads.ts";
import { collectAncestors, collectDescendants } from "./collect-related.ts";
import { resolveDowngradeTarget } from "./downgrade-target.ts";
import { findAbsolute } from "./find-positions.ts";
import { filterByLineage, findLineage } from "./find-revision.ts";
import { countsFromRows, splitLabel } from "./parse-identifier.ts";
import { settleRows } from "./replaced.ts";
import type { GraphIndex, RevisionGraph } from "./revision-graph.ts";
import type { Step } from "./revision-info.ts";
import type { RevisionNode } from "./revision-node.ts";
import { assertNoOverlap } from "./select-revisions.ts";
import { makeStep, sortHeads } from "./step-heads.ts";
import { resolveUpgradeTargets } from "./upgrade-targets.ts";

/**
 * Plans how the version rows change when a database is declared to be at a target, without running
 * anything. Rows of the same lineage, dependencies included, give way; rows of other branches stay.
 * `base` removes rows, one step each. Relative forms count from the rows.
 *
 * Before that, rows that name the last of what another revision replaces are stamped to that one.
 *
 * Rows that overlap are accepted, but only stamping afresh (no rows given) puts them in order.
 *
 * @param heads the version rows; none to start afresh
 * @throws {SKM_GRAPH_OVERLAP} two targets are ancestor and descendant
 * @throws {SKM_VERSION_UNKNOWN} a row is not a revision of this graph
 * @throws {SKM_VERSION_REPLACED} a row lies in the middle of what another revision replaces
 * @throws {SKM_GRAPH_UNKNOWN} {SKM_GRAPH_AMBIGUOUS} {SKM_GRAPH_NO_BRANCH} {SKM_GRAPH_NOT_IN_BRANCH}
 *   {SKM_GRAPH_MULTIPLE_HEADS} {SKM_GRAPH_RANGE} {SKM_GRAPH_AMBIGUOUS_WALK} {SKM_USAGE} a target means nothing
 */
export function stampPath(
  graph: RevisionGraph,
  heads: readonly string[],
  target: string | readonly string[],
): readonly Step[] {
  const { index } = graph;
  const rows = readKnownRows(graph, heads);
  const written = typeof target === "string" ? [target] : target;
  const settled = settleRows(graph, heads);
  const texts = written.map((text) => settleRelative(index, settled.heads, text));
  const gathered = new Set(texts.flatMap((text) => gatherRows(index, rows, text)));
  const targets = [...new Set(texts.flatMap((text) => findAbsolute(index, text)))];
  assertNoOverlap(targets);
  const steps = targets.length === 0 ? removeRows(rows, gathered) : moveRows(rows, gathered, targets);
  return [...settled.steps, ...steps];
}

/** Replaces `+N` and `-N` by the revision that is meant; other texts stay as they are. */
function settleRelative(index: GraphIndex, heads: readonly string[], text: string): string {
  if (!countsFromRows(index.hasName, text)) return text;
  const { label } = splitLabel(text);
  const isDown = text.slice(text.indexOf("@") + 1).startsWith("-");
  const node = isDown
    ? resolveDowngradeTarget(index, { target: text, from: heads }).node
    : resolveUpgradeTargets(index, { target: text, from: heads })[0];
  return node?.id ?? (label === undefined ? "base" : `${label}@base`);
}

/** The rows that a target concerns: all relatives of what it names, dependencies included. */
function gatherRows(index: GraphIndex, rows: readonly RevisionNode[], text: string): readonly RevisionNode[] {
  if (rows.length === 0) return [];
  return filterByLineage(rows, findLineage(index, text, { withDependencies: true }));
}

function removeRows(rows: readonly RevisionNode[], gathered: ReadonlySet<RevisionNode>): readonly Step[] {
  let headsBefore = sortHeads(rows.map((row) => row.id));
  return [...gathered].map((row) => {
    const headsAfter = sortHeads(headsBefore.filter((id) => id !== row.id));
    const step = makeStep("stamp", row.id, { headsBefore, headsAfter });
    headsBefore = headsAfter;
    return step;
  });
}

function moveRows(
  rows: readonly RevisionNode[],
  gathered: ReadonlySet<RevisionNode>,
  targets: readonly RevisionNode[],
): readonly Step[] {
  const replaced = new Set([...gathered].map((row) => row.id));
  let headsBefore = sortHeads(rows.map((row) => row.id));
  const steps: Step[] = [];
  for (const node of targets) {
    if (gathered.has(node)) continue;
    const replaces = hasRelative(node, gathered);
    const kept = replaces ? headsBefore.filter((id) => !replaced.has(id)) : headsBefore;
    const headsAfter = sortHeads(new Set([...kept, node.id]));
    steps.push(makeStep("stamp", node.id, { headsBefore, headsAfter }));
    headsBefore = headsAfter;
  }
  return steps;
}

/** Whether one of the rows lies above or below a revision. */
function hasRelative(node: RevisionNode, rows: ReadonlySet<RevisionNode>): boolean {
  const below = collectAncestors(node.requires);
  const above = collectDescendants(node.requiredBy);
  return [...rows].some((row) => below.has(row) || above.has(row));
}
