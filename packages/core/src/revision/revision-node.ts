import type { RevisionInfo } from "./revision-info.ts";

/** A revision with its neighbours. The lists are in a fixed order, so that every walk is repeatable. */
export interface RevisionNode {
  readonly id: string;
  readonly info: RevisionInfo;
  /** Place in load order, counted from 0: the tie-breaker of every order in this folder. */
  readonly order: number;
  /** The down revisions in the order of the file, each once. */
  readonly parents: readonly RevisionNode[];
  /** The revisions that `dependsOn` names, in the order of the file, each once. */
  readonly dependencies: readonly RevisionNode[];
  /** Parents, then the dependencies that are not parents: all that must be applied before this one. */
  readonly requires: readonly RevisionNode[];
  /** The revisions that have this one as a parent, in load order. */
  readonly children: readonly RevisionNode[];
  /** Children and dependents, in load order: all that must be undone before this one. */
  readonly requiredBy: readonly RevisionNode[];
}

/** Reads a field of {@link RevisionInfo} that may be one name, several or absent. */
export function listNames(names: string | readonly string[] | null | undefined): readonly string[] {
  if (names === null || names === undefined) return [];
  return typeof names === "string" ? [names] : names;
}

/** Puts revisions into load order. */
export function sortByLoadOrder(nodes: Iterable<RevisionNode>): readonly RevisionNode[] {
  return [...nodes].sort((a, b) => a.order - b.order);
}

/** The ids of revisions, in the order given. */
export function listIds(nodes: Iterable<RevisionNode>): readonly string[] {
  return Array.from(nodes, (node) => node.id);
}
