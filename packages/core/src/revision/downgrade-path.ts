import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { readKnownRows, readRows } from "./assert-known-heads.ts";
import { collectAncestors } from "./collect-related.ts";
import { resolveDowngradeTarget } from "./downgrade-target.ts";
import { listForMessage, malformedIdentifier } from "./graph-errors.ts";
import { orderNewestFirst } from "./order-newest-first.ts";
import { assertNoRange, countsFromRows } from "./parse-identifier.ts";
import { settleRows } from "./replaced.ts";
import type { RevisionGraph } from "./revision-graph.ts";
import type { Step } from "./revision-info.ts";
import { listIds, type RevisionNode } from "./revision-node.ts";
import { selectDowngrade } from "./select-revisions.ts";
import { planDowngradeSteps } from "./step-heads.ts";

/**
 * Plans the way down from the version rows of a database to a target, newest first. Everything that is
 * applied above the target goes, on every branch, and whatever depends on it; the target stays. Before that,
 * rows that name the last of what another revision replaces are stamped to that one.
 *
 * @param heads the version rows
 * @throws {SKM_GRAPH_DIRECTION} the target lies above the rows, or not on the named branch
 * @throws {SKM_GRAPH_NOT_ANCESTOR} the target is not applied
 * @throws {SKM_GRAPH_AMBIGUOUS_WALK} `-N` with several rows, or a merge on the way
 * @throws {SKM_VERSION_UNKNOWN} {SKM_VERSION_REPLACED} {SKM_VERSION_SHAPE} the rows are not those of this graph
 * @throws {SKM_GRAPH_UNKNOWN} {SKM_GRAPH_AMBIGUOUS} {SKM_GRAPH_NO_BRANCH} {SKM_GRAPH_NOT_IN_BRANCH}
 *   {SKM_GRAPH_MULTIPLE_HEADS} {SKM_GRAPH_RANGE} {SKM_USAGE} the target means nothing
 */
export function downgradePath(
  graph: RevisionGraph,
  heads: readonly string[],
  target: string | readonly string[],
): readonly Step[] {
  const { index } = graph;
  const text = takeOnlyTarget(target);
  assertNoRange(index.hasName, text);
  if (countsFromRows(index.hasName, text)) readKnownRows(graph, heads);
  const rows = settleRows(graph, heads);
  const goal = resolveDowngradeTarget(index, { target: text, from: rows.heads });
  const current = readRows(graph, heads);
  const refuse = (): Error => notOnBranch(text, goal.node, current);
  const selection = selectDowngrade(index, { ...goal, current, refuse });
  if (goal.node !== undefined && selection.revisions.members.length === 0 && !current.includes(goal.node)) {
    throw notBelow(text, goal.node, current);
  }
  if (selection.revisions.members.length === 0) return [];
  const ordered = orderNewestFirst(index, selection);
  return [...rows.steps, ...planDowngradeSteps(ordered, selection.applied, rows.heads)];
}

function takeOnlyTarget(target: string | readonly string[]): string {
  if (typeof target === "string") return target;
  const [only, ...others] = target;
  if (only !== undefined && others.length === 0) return only;
  const reason = "is not one target: a downgrade goes down to one revision";
  throw malformedIdentifier(target.join(", "), reason, 'name one revision, "<branch label>@-1" or "base"');
}

function describeRows(current: readonly RevisionNode[]): string {
  return current.length === 0
    ? "nothing is applied"
    : `the database is at ${listForMessage(listIds(current))}`;
}

/** The label before `@` leads away from the target: no way up from it belongs to that branch. */
function notOnBranch(text: string, node: RevisionNode | undefined, current: readonly RevisionNode[]): Error {
  return new MigrationError(
    "SKM_GRAPH_DIRECTION",
    `cannot downgrade to ${quoteForMessage(text)}: nothing above that revision is on the named branch; ${describeRows(current)}`,
    {
      details: { target: text, revision: node?.id, current: listIds(current) },
      hint: "name the branch to go down on before the @, or leave out the label to go down on all branches",
    },
  );
}

function notBelow(text: string, node: RevisionNode, current: readonly RevisionNode[]): Error {
  const details = { target: text, revision: node.id, current: listIds(current) };
  const below = collectAncestors([node]);
  if (current.some((row) => below.has(row))) {
    return new MigrationError(
      "SKM_GRAPH_DIRECTION",
      `cannot downgrade to ${quoteForMessage(text)}: it is not below the current revision; ${describeRows(current)}`,
      { details, hint: 'name an applied revision, or use "upgrade" to go up' },
    );
  }
  // A revision that is only implied by a dependency is applied, yet nothing on its branch could be undone.
  const reason = collectAncestors(current).has(node)
    ? "nothing that is applied follows it, other revisions only depend on it"
    : "it is not applied";
  return new MigrationError(
    "SKM_GRAPH_NOT_ANCESTOR",
    `cannot downgrade to ${quoteForMessage(text)}: ${reason}; ${describeRows(current)}`,
    { details, hint: 'name an applied revision that others follow; "history -i" shows which are applied' },
  );
}
