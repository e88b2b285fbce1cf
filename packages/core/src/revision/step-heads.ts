import type { NodeSet } from "./node-set.ts";
import type { Step } from "./revision-info.ts";
import { listIds, type RevisionNode } from "./revision-node.ts";

/**
 * The version rows that stand for a set of applied revisions are those that no other applied revision
 * requires. Both functions keep that rule from step to step and look only at the neighbours of the
 * revision of the step.
 */
type Heads = readonly string[];

/**
 * Makes the steps of an upgrade.
 * @param revisions in the order in which they are applied
 * @param heads the rows before the first step
 */
export function planUpgradeSteps(
  revisions: readonly RevisionNode[],
  heads: Iterable<string>,
): readonly Step[] {
  let headsBefore: Heads = sortHeads(heads);
  return revisions.map((node) => {
    // What it requires is applied already, so that of the rows only these can lie below it.
    const headsAfter = replaceHeads(headsBefore, node.requires, [node.id]);
    const step = makeStep("upgrade", node.id, { headsBefore, headsAfter });
    headsBefore = headsAfter;
    return step;
  });
}

/**
 * Makes the steps of a downgrade.
 * @param revisions in the order in which they are undone
 * @param applied all applied revisions before the first step
 * @param heads the rows before the first step
 */
export function planDowngradeSteps(
  revisions: readonly RevisionNode[],
  applied: NodeSet,
  heads: Iterable<string>,
): readonly Step[] {
  let headsBefore: Heads = sortHeads(heads);
  const needs = countNeeds(revisions, applied);
  return revisions.map((node) => {
    const bared = node.requires.filter((required) => releaseNeed(needs, required));
    const headsAfter = replaceHeads(headsBefore, [node], listIds(bared));
    const step = makeStep("downgrade", node.id, { headsBefore, headsAfter });
    headsBefore = headsAfter;
    return step;
  });
}

/** By how many applied revisions each one is required, of those that a downgrade passes. */
function countNeeds(revisions: readonly RevisionNode[], applied: NodeSet): Map<RevisionNode, number> {
  const needs = new Map<RevisionNode, number>();
  for (const node of revisions) {
    for (const required of node.requires) {
      if (needs.has(required)) continue;
      needs.set(required, required.requiredBy.filter((above) => applied.has(above)).length);
    }
  }
  return needs;
}

/** Takes one need away and tells whether it was the last one. */
function releaseNeed(needs: Map<RevisionNode, number>, node: RevisionNode): boolean {
  const left = (needs.get(node) ?? 0) - 1;
  needs.set(node, left);
  return left === 0;
}

/** A step as a frozen value. */
export function makeStep(
  kind: Step["kind"],
  revision: string,
  { headsBefore, headsAfter }: Pick<Step, "headsBefore" | "headsAfter">,
): Step {
  return Object.freeze({ kind, revision, headsBefore, headsAfter });
}

/** Takes rows out of sorted heads and puts others in. */
function replaceHeads(heads: Heads, out: readonly RevisionNode[], into: readonly string[]): Heads {
  // One row that moves along its branch: nearly every step of nearly every plan, and the least memory.
  if (heads.length < 2 && out.length < 2 && heads[0] === out[0]?.id && into.length < 2)
    return Object.freeze(into);
  const kept = dropHeads(heads, out);
  for (const id of into) insertSorted(kept, id);
  return Object.freeze(kept);
}

/** Copies all heads but some; as native copies, because there may be thousands of heads in thousands of steps. */
function dropHeads(heads: Heads, out: readonly RevisionNode[]): string[] {
  if (out.length > 8) {
    const ids = new Set(listIds(out));
    return heads.filter((id) => !ids.has(id));
  }
  // Spread, because slice() takes forty times as long on a frozen array.
  const kept = [...heads];
  for (const node of out) {
    const at = kept.indexOf(node.id);
    if (at !== -1) kept.splice(at, 1);
  }
  return kept;
}

function insertSorted(ids: string[], id: string): void {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? "") < id) low = middle + 1;
    else high = middle;
  }
  ids.splice(low, 0, id);
}

/** Ids in UTF-16 order, frozen. */
export function sortHeads(heads: Iterable<string>): readonly string[] {
  return Object.freeze([...heads].sort());
}
