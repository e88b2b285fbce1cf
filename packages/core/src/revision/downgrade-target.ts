import { collectCurrent } from "./list-current.ts";
import { filterByLineage, findLineage, findRevision } from "./find-revision.ts";
import { findAbsolute, findOne } from "./find-positions.ts";
import { ambiguousWalk, listForMessage, outOfRange } from "./graph-errors.ts";
import { parseIdentifier, type Identifier } from "./parse-identifier.ts";
import { arriveAt, walkSteps, type Walk } from "./relative-walk.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { listIds, type RevisionNode } from "./revision-node.ts";

export interface DowngradeRequest {
  readonly target: string;
  /** What `-N` counts from: version rows, or the upper end of a range. */
  readonly from: readonly string[];
  /** Stops a relative form at the base or the last revision instead of failing. */
  readonly clamp?: boolean;
}

export interface DowngradeTarget {
  /** The branch to go down on, where there are several. */
  readonly label: string | undefined;
  /** What stays applied; undefined for `base`. */
  readonly node: RevisionNode | undefined;
}

type Relative = Identifier & { readonly kind: "relative" };

/**
 * Finds the revision down to which a downgrade goes.
 *
 * @throws {SKM_GRAPH_RANGE} a relative form goes up from the current revisions, or past the end
 * @throws {SKM_GRAPH_AMBIGUOUS_WALK} `-N` with several current revisions, or a merge on the way down
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} the target means several revisions, and as `findSymbol`
 */
export function resolveDowngradeTarget(index: GraphIndex, request: DowngradeRequest): DowngradeTarget {
  const { target, clamp = false } = request;
  const identifier = parseIdentifier(index.hasName, target);
  if (identifier.kind === "symbol") {
    // At the last "@": the branch is only looked at where there are several ways down.
    const at = target.lastIndexOf("@");
    return { label: at < 1 ? undefined : target.slice(0, at), node: findOne(index, target.slice(at + 1)) };
  }
  const { steps } = identifier;
  const start = steps < 0 ? startDown(index, identifier, request) : startUp(index, identifier);
  const walk: Walk = { from: start.from, label: start.upLabel, steps, text: target, clamp };
  return { label: start.label, node: arriveAt(walkSteps(index, walk), walk) };
}

interface Start {
  readonly label: string | undefined;
  readonly upLabel?: string | undefined;
  readonly from: RevisionNode | undefined;
}

function startUp(index: GraphIndex, { label, anchor, relative }: Relative): Start {
  if (anchor === undefined) {
    throw outOfRange(relative, "does not go down", 'a downgrade counts down: -N; to go up use "upgrade"');
  }
  return { label, upLabel: label, from: findOne(index, anchor) };
}

function startDown(index: GraphIndex, identifier: Relative, request: DowngradeRequest): Start {
  const { anchor } = identifier;
  const label = identifier.label ?? (anchor === undefined ? chooseOnly(index, request) : undefined);
  const symbol =
    anchor ?? (identifier.label === undefined ? label : chooseOnBranch(index, identifier.label, request));
  const text = label === undefined ? symbol : `${label}@${symbol}`;
  return { label, from: text === undefined ? undefined : findOne(index, text) };
}

/** The only current revision; it serves as the label, so that only its own branch is undone. */
function chooseOnly(index: GraphIndex, { target, from }: DowngradeRequest): string {
  const rows = [...new Set(from)];
  const [only, ...others] = rows;
  if (only === undefined) {
    throw outOfRange(
      target,
      "has nothing to count from: no revision is applied",
      "there is nothing to downgrade",
    );
  }
  if (others.length === 0) return only;
  const nodes = rows.map((row) => findRevision(index, row));
  const choices = nodes.map((node) => `${chooseLabel(index, node, nodes)}@${target}`);
  throw ambiguousWalk(target, "the current revisions are", {
    choices: rows,
    hint: `say which branch is meant: ${listForMessage(choices)}`,
  });
}

/** A label that only this one of the current revisions has, else its id. */
function chooseLabel(index: GraphIndex, node: RevisionNode, rows: readonly RevisionNode[]): string {
  const labels = index.branchLabels();
  const others = new Set(rows.filter((row) => row !== node).flatMap((row) => labels.get(row) ?? []));
  return labels.get(node)?.find((label) => !others.has(label)) ?? node.id;
}

/** The one current revision on a branch, or the one that is implied there. */
function chooseOnBranch(index: GraphIndex, label: string, { target, from }: DowngradeRequest): string {
  const rows = from.map((row) => findRevision(index, row));
  const lineage = rows.length === 0 ? undefined : findLineage(index, label);
  const onBranch = filterByLineage(rows, lineage);
  const implied = (): readonly RevisionNode[] =>
    filterByLineage(collectCurrent(from.flatMap((text) => findAbsolute(index, text))), lineage);
  const found = onBranch.length > 0 ? onBranch : implied();
  const [only, ...others] = found;
  if (only === undefined) {
    throw outOfRange(
      target,
      "has nothing to count from: nothing is applied on this branch",
      "name another branch",
    );
  }
  if (others.length > 0) {
    throw ambiguousWalk(target, "on this branch the current revisions are", {
      choices: listIds(found),
      hint: `say which one is meant: ${listForMessage(found.map((node) => `${node.id}@${target.slice(label.length + 1)}`))}`,
    });
  }
  return only.id;
}
