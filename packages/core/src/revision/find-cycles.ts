import { collectReachable, type Neighbours } from "./collect-related.ts";
import { isLoadedInOrder, placeFromBases } from "./rank-nodes.ts";
import type { RevisionNode } from "./revision-node.ts";

/** Revisions that require one another. */
export interface Cycle {
  /** `cycle` along down revisions alone, `dependency-cycle` where a dependency takes part. */
  readonly kind: "cycle" | "dependency-cycle";
  /** One way round, each revision requiring the next and the last one the first. */
  readonly path: readonly RevisionNode[];
  /** All revisions that take part, in load order; more than the path where cycles are interwoven. */
  readonly members: readonly RevisionNode[];
}

const parents: Neighbours = (node) => node.parents;
const requires: Neighbours = (node) => node.requires;

/**
 * Finds every group of revisions that require one another. A graph without cycles costs one linear
 * walk; only what that walk cannot place is searched.
 */
export function findCycles(nodes: readonly RevisionNode[]): readonly Cycle[] {
  if (isLoadedInOrder(nodes)) return [];
  const placed = placeFromBases(nodes);
  if (placed.length === nodes.length) return [];
  const isPlaced = new Set(placed);
  const unplaced = new Set(nodes.filter((node) => !isPlaced.has(node)));
  const cycles: Cycle[] = [];
  const done = new Set<RevisionNode>();
  for (const node of unplaced) {
    if (done.has(node)) continue;
    const members = findMembers(node, unplaced);
    for (const member of members) done.add(member);
    if (members.length > 1) cycles.push(describeCycle(members));
  }
  return cycles;
}

function findMembers(node: RevisionNode, within: ReadonlySet<RevisionNode>): readonly RevisionNode[] {
  const below = collectReachable([node], (at) => at.requires.filter((next) => within.has(next)));
  const above = collectReachable([node], (at) => at.requiredBy.filter((next) => within.has(next)));
  return [...within].filter((member) => below.has(member) && above.has(member));
}

function describeCycle(members: readonly RevisionNode[]): Cycle {
  const byParents = followAround(members, parents);
  return byParents === undefined
    ? { kind: "dependency-cycle", path: followAround(members, requires) ?? members, members }
    : { kind: "cycle", path: byParents, members };
}

/** Walks on inside the group until a revision comes up again; undefined where no way leads round. */
function followAround(
  members: readonly RevisionNode[],
  next: Neighbours,
): readonly RevisionNode[] | undefined {
  const open = dropDeadEnds(members, next);
  const path = new Set<RevisionNode>();
  let at = members.find((node) => open.has(node));
  while (at !== undefined && !path.has(at)) {
    path.add(at);
    at = next(at).find((node) => open.has(node));
  }
  if (at === undefined) return undefined;
  const walked = [...path];
  return walked.slice(walked.indexOf(at));
}

/** Leaves the revisions from which a walk inside the group never has to end. */
function dropDeadEnds(members: readonly RevisionNode[], next: Neighbours): ReadonlySet<RevisionNode> {
  const open = new Set(members);
  const waysOn = new Map(
    members.map((node) => [node, next(node).filter((to) => open.has(to)).length] as const),
  );
  const dead = members.filter((node) => waysOn.get(node) === 0);
  for (const node of dead) {
    open.delete(node);
    for (const from of node.requiredBy) {
      const left = waysOn.get(from);
      if (left === undefined || !next(from).includes(node)) continue;
      waysOn.set(from, left - 1);
      if (left === 1) dead.push(from);
    }
  }
  return open;
}
