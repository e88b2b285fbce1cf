import { readKnownRows } from "./assert-known-heads.ts";
import { resolveDowngradeTarget } from "./downgrade-target.ts";
import { listRange } from "./list-range.ts";
import { parseIdentifier, parseRange, type Identifier } from "./parse-identifier.ts";
import { readSettled } from "./replaced.ts";
import type { GraphIndex, RevisionGraph } from "./revision-graph.ts";
import type { RevisionNode } from "./revision-node.ts";
import { resolveUpgradeTargets } from "./upgrade-targets.ts";

type Ends = string | readonly string[];

const mentionsCurrent = /^(?:.*@)?current(?:[+-][0-9]+)?$/u;

/**
 * Lists revisions newest first: all, or those of a range `start:end`, both ends included.
 *
 * `current` means the version rows, and while there are none the whole of its side. A relative end
 * counts from the version rows where the range mentions `current` (`-2:current`, `current-2:`);
 * otherwise `-N` as start counts from the newest revisions and `+N` as end from the start.
 *
 * @param range `:` unless given
 * @param rows the version rows, for `current`
 * @throws {SKM_USAGE} not a range
 * @throws {SKM_VERSION_UNKNOWN} a version row is not a revision, and the range mentions `current`
 * @throws {SKM_GRAPH_NOT_ANCESTOR} the start is not below the end
 * @throws {SKM_GRAPH_UNKNOWN} {SKM_GRAPH_AMBIGUOUS} {SKM_GRAPH_NO_BRANCH} {SKM_GRAPH_NOT_IN_BRANCH}
 *   {SKM_GRAPH_MULTIPLE_HEADS} {SKM_GRAPH_OVERLAP} {SKM_GRAPH_RANGE} {SKM_GRAPH_AMBIGUOUS_WALK} an end means nothing
 */
export function history(graph: RevisionGraph, range = ":", rows: readonly string[] = []): readonly string[] {
  const { start, end } = parseRange(range);
  const heads = readSettled(graph, rows);
  const { index } = graph;
  if ([start, end].some((side) => side !== undefined && mentionsCurrent.test(side))) {
    readKnownRows(graph, heads);
  }
  const upper = end === undefined ? "heads" : resolveEnd(index, end, heads);
  const lower = start === undefined ? "base" : resolveStart(index, { start, end, heads });
  return upper === undefined ? [] : listRange(graph, { upper, lower, inclusive: true, clamp: true });
}

/** Puts the version rows in the place of `current`; undefined for below the base. */
function resolveEnd(index: GraphIndex, end: string, heads: readonly string[]): Ends | undefined {
  if (end === "current" && !index.hasName(end)) return heads.length === 0 ? "heads" : heads;
  const identifier = parseIdentifier(index.hasName, end);
  if (!isFromCurrent(identifier)) return end;
  const node = walkFromCurrent(index, identifier, heads);
  return node === undefined ? undefined : [node.id];
}

interface StartRequest {
  readonly start: string;
  readonly end: string | undefined;
  readonly heads: readonly string[];
}

function resolveStart(index: GraphIndex, { start, end, heads }: StartRequest): Ends {
  const endsAtCurrent = end === "current";
  if (start === "current" && !endsAtCurrent && !index.hasName(start))
    return heads.length === 0 ? "base" : heads;
  const identifier = parseIdentifier(index.hasName, start);
  if (identifier.kind !== "relative") return start;
  const countsDown = identifier.anchor === undefined && identifier.steps < 0;
  if (!isFromCurrent(identifier) && !(endsAtCurrent && countsDown && heads.length > 0)) return start;
  const node = walkFromCurrent(index, identifier, heads);
  return node === undefined ? "base" : [node.id];
}

type Relative = Identifier & { readonly kind: "relative" };

const isFromCurrent = (identifier: Identifier): identifier is Relative =>
  identifier.kind === "relative" && identifier.anchor === "current";

function walkFromCurrent(
  index: GraphIndex,
  { label, steps, relative }: Relative,
  heads: readonly string[],
): RevisionNode | undefined {
  const target = label === undefined ? relative : `${label}@${relative}`;
  if (steps < 0) return resolveDowngradeTarget(index, { target, from: heads, clamp: true }).node;
  return resolveUpgradeTargets(index, { target, from: heads, clamp: true })[0];
}
