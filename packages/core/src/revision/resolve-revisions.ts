import { readKnownRows } from "./assert-known-heads.ts";
import { resolveDowngradeTarget } from "./downgrade-target.ts";
import { findAbsolute, findOne } from "./find-positions.ts";
import { collectCurrent } from "./list-current.ts";
import { parseIdentifier } from "./parse-identifier.ts";
import { readSettled } from "./replaced.ts";
import type { RevisionGraph } from "./revision-graph.ts";
import { listIds, sortByLoadOrder, type RevisionNode } from "./revision-node.ts";
import { resolveUpgradeTargets } from "./upgrade-targets.ts";

/**
 * Finds the ids that an identifier means: a full id, a unique prefix, a branch label, `head`, `heads`,
 * `base` (none), and any of them behind `label@`. Several identifiers give several ids, in order.
 *
 * @param heads the version rows; only with them do `current`, `+N`, `-N` and `rev±N` mean anything
 * @throws {SKM_GRAPH_UNKNOWN} nothing has this name
 * @throws {SKM_GRAPH_AMBIGUOUS} a prefix fits several names, which `details.candidates` lists
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} `head` while there are several
 * @throws {SKM_GRAPH_NO_BRANCH} {SKM_GRAPH_NOT_IN_BRANCH} the label before `@` does not fit
 * @throws {SKM_GRAPH_RANGE} {SKM_GRAPH_AMBIGUOUS_WALK} a relative form leads nowhere, or to several
 * @throws {SKM_VERSION_UNKNOWN} a version row is not a revision
 * @throws {SKM_USAGE} empty text or symbol, surrounding space, something after `+N`
 */
export function resolveRevisions(
  graph: RevisionGraph,
  identifier: string | readonly string[],
  heads?: readonly string[],
): readonly string[] {
  const texts = typeof identifier === "string" ? [identifier] : identifier;
  return texts.flatMap((text) =>
    listIds(heads === undefined ? findAbsolute(graph.index, text) : resolveFromRows(graph, text, heads)),
  );
}

/**
 * Finds the one id that an identifier means; undefined for `base`.
 *
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} it means several, and as {@link resolveRevisions}
 */
export function resolveRevision(graph: RevisionGraph, identifier: string): string | undefined {
  return findOne(graph.index, identifier)?.id;
}

/**
 * Lists the revisions at which a database stands, in load order: its version rows and those that the
 * rows imply by dependency.
 *
 * @throws {SKM_VERSION_UNKNOWN} a row is not a revision
 */
export function listCurrent(graph: RevisionGraph, heads: readonly string[]): readonly string[] {
  return listIds(sortByLoadOrder(collectCurrent(readKnownRows(graph, heads))));
}

function resolveFromRows(
  graph: RevisionGraph,
  text: string,
  rows: readonly string[],
): readonly RevisionNode[] {
  const { index } = graph;
  const heads = readSettled(graph, rows);
  if (text === "current" && !index.hasName(text)) return readKnownRows(graph, heads);
  const identifier = parseIdentifier(index.hasName, text);
  if (identifier.kind === "symbol") return findAbsolute(index, text);
  const { label, anchor, steps, relative } = identifier;
  const countsFromRows = anchor === undefined || anchor === "current";
  if (countsFromRows) readKnownRows(graph, heads);
  const target = countsFromRows ? `${label === undefined ? "" : `${label}@`}${relative}` : text;
  if (steps > 0 || !countsFromRows) return resolveUpgradeTargets(index, { target, from: heads });
  const { node } = resolveDowngradeTarget(index, { target, from: heads });
  return node === undefined ? [] : [node];
}
