import { collectAncestors } from "./collect-related.ts";
import { filterByLineage, findLineage } from "./find-revision.ts";
import { findAbsolute, findOne, findPositions } from "./find-positions.ts";
import { ambiguousWalk, outOfRange } from "./graph-errors.ts";
import { linksOf } from "./normal-links.ts";
import { parseIdentifier, type Identifier } from "./parse-identifier.ts";
import { arriveAt, walkSteps, type Walk } from "./relative-walk.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { listIds, type RevisionNode } from "./revision-node.ts";

export interface UpgradeRequest {
  readonly target: string | readonly string[];
  /** What `+N` counts from: version rows, or the lower end of a range. */
  readonly from: readonly string[];
  /** Stops `+N` at the last revision instead of failing. */
  readonly clamp?: boolean;
}

/**
 * Finds the revisions that an upgrade is to reach; none means `base`.
 *
 * @throws {SKM_GRAPH_RANGE} a relative form goes down from the current revisions, or past the end
 * @throws {SKM_GRAPH_AMBIGUOUS_WALK} a relative form has several ways to go, and as `findSymbol`
 */
export function resolveUpgradeTargets(index: GraphIndex, request: UpgradeRequest): readonly RevisionNode[] {
  const { target, clamp = false } = request;
  if (typeof target !== "string") return target.flatMap((text) => resolveListed(index, text));
  const identifier = parseIdentifier(index.hasName, target);
  if (identifier.kind === "symbol") return findAbsolute(index, target);
  const walk: Walk = {
    ...chooseStart(index, identifier, request),
    steps: identifier.steps,
    text: target,
    clamp,
  };
  const node = arriveAt(walkSteps(index, walk), walk);
  if (node === undefined) throw outOfRange(target, "goes down to the base", "count fewer steps");
  return [node];
}

function resolveListed(index: GraphIndex, text: string): readonly RevisionNode[] {
  const positions = findPositions(index, text);
  return positions.flatMap((position) => arriveAt(position, { from: undefined, steps: -1, text }) ?? []);
}

function chooseStart(
  index: GraphIndex,
  { label, anchor, steps, relative }: Identifier & { readonly kind: "relative" },
  { target, from }: UpgradeRequest,
): Pick<Walk, "from" | "label"> {
  if (steps > 0) {
    return {
      from: anchor === undefined ? findStart(index, { label, from, target }) : findOne(index, anchor),
      label,
    };
  }
  if (anchor === undefined) {
    throw outOfRange(relative, "does not go up", 'an upgrade counts up: +N; to go down use "downgrade"');
  }
  return { from: findOne(index, label === undefined ? anchor : `${label}@${anchor}`) };
}

interface StartRequest {
  readonly label: string | undefined;
  readonly from: readonly string[];
  readonly target: string | readonly string[];
}

/** The one current revision to count from: on the branch of the label, if there is one. */
function findStart(index: GraphIndex, { label, from, target }: StartRequest): RevisionNode | undefined {
  if (label === undefined) {
    const [first, ...others] = from;
    if (others.length > 0) throw severalStarts(String(target), from);
    return first === undefined ? undefined : findOne(index, first);
  }
  const current = from.flatMap((text) => resolveListed(index, text));
  const lineage = current.length === 0 ? undefined : findLineage(index, label);
  const onBranch = filterByLineage(current, lineage);
  const starts =
    onBranch.length > 0
      ? onBranch
      : findTips(index, filterByLineage(collectAncestors(current).members, lineage));
  if (starts.length > 1) throw severalStarts(String(target), listIds(starts));
  return starts[0];
}

/** The applied revisions of a branch on which no other one of them builds. */
function findTips(index: GraphIndex, active: readonly RevisionNode[]): readonly RevisionNode[] {
  const links = index.normalLinks();
  const below = new Set(active.flatMap((node) => linksOf(links, node)));
  return active.filter((node) => !below.has(node));
}

function severalStarts(text: string, choices: readonly string[]): Error {
  return ambiguousWalk(text, "the current revisions are", {
    choices,
    hint: "say which branch is meant: <branch label or revision>@+N, or name the revision to go to",
  });
}
