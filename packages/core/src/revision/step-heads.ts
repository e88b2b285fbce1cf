import type { Step } from "./revision-info.ts";
import type { RevisionNode } from "./revision-node.ts";

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
    const implied = new Set(node.requires.map((required) => required.id));
    const headsAfter = sortHeads([...headsBefore.filter((id) => !implied.has(id)), node.id]);
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
  applied: ReadonlySet<RevisionNode>,
  heads: Iterable<string>,
): readonly Step[] {
  let headsBefore: Heads = sortHeads(heads);
  const needs = countNeeds(revisions, applied);
  return revisions.map((node) => {
    const bared = node.requires.filter((required) => releaseNeed(needs, required)).map(({ id }) => id);
    const headsAfter = sortHeads([...headsBefore.filter((id) => id !== node.id), ...bared]);
    const step = makeStep("downgrade", node.id, { headsBefore, headsAfter });
    headsBefore = headsAfter;
    return step;
  });
}

/** By how many applied revisions each one is required, of those that a downgrade passes. */
function countNeeds(
  revisions: readonly RevisionNode[],
  applied: ReadonlySet<RevisionNode>,
): Map<RevisionNode, number> {
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

/** Ids in UTF-16 order, frozen. */
export function sortHeads(heads: Iterable<string>): readonly string[] {
  return Object.freeze([...heads].sort());
}
