import { readKnownRows, readRows } from "./assert-known-heads.ts";
import { collectAncestors } from "./collect-related.ts";
import { orderNewestFirst } from "./order-newest-first.ts";
import { assertNoRange, countsFromRows } from "./parse-identifier.ts";
import { settleRows } from "./replaced.ts";
import type { RevisionGraph } from "./revision-graph.ts";
import type { Step } from "./revision-info.ts";
import type { RevisionNode } from "./revision-node.ts";
import { assertNoOverlap, selectUpgrade } from "./select-revisions.ts";
import { planUpgradeSteps } from "./step-heads.ts";
import { resolveUpgradeTargets } from "./upgrade-targets.ts";

/**
 * Plans the way up from the version rows of a database to a target: everything that the target needs
 * and that is not applied, ancestors first. A target that is already passed gives no steps. Before them, rows
 * that name the last of what another revision replaces are stamped to that one.
 *
 * @param heads the version rows; not changed by anything but the steps
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} `head` while there are several
 * @throws {SKM_GRAPH_OVERLAP} two targets are ancestor and descendant
 * @throws {SKM_VERSION_UNKNOWN} {SKM_VERSION_REPLACED} {SKM_VERSION_SHAPE} the rows are not those of this graph
 * @throws {SKM_GRAPH_UNKNOWN} {SKM_GRAPH_AMBIGUOUS} {SKM_GRAPH_NO_BRANCH} {SKM_GRAPH_NOT_IN_BRANCH}
 *   {SKM_GRAPH_RANGE} {SKM_GRAPH_AMBIGUOUS_WALK} {SKM_USAGE} the target means nothing
 */
export function upgradePath(
  graph: RevisionGraph,
  heads: readonly string[],
  target: string | readonly string[],
): readonly Step[] {
  const { index } = graph;
  assertNoRange(index.hasName, target);
  if (typeof target === "string" && countsFromRows(index.hasName, target)) readKnownRows(graph, heads);
  const rows = settleRows(graph, heads);
  const targets = resolveUpgradeTargets(index, { target, from: rows.heads });
  if (isAlreadyAt(targets, rows.heads)) return rows.steps;
  assertNoOverlap(targets);
  const applied = collectAncestors(readRows(graph, heads));
  const ordered = orderNewestFirst(index, selectUpgrade({ targets, applied }));
  return [...rows.steps, ...planUpgradeSteps(ordered.toReversed(), rows.heads)];
}

/** The everyday case, decided without a walk: the rows are the newest revisions, and they are meant. */
function isAlreadyAt(targets: readonly RevisionNode[], heads: readonly string[]): boolean {
  if (targets.length !== heads.length) return false;
  const rows = new Set(heads);
  return (
    rows.size === targets.length && targets.every((node) => node.requiredBy.length === 0 && rows.has(node.id))
  );
}
