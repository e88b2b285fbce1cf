import type { RevisionNode } from "./revision-node.ts";

/** All names of the graph: ids in load order, then branch labels in load order. */
export type Names = ReadonlyMap<string, RevisionNode>;

/** The names that begin with a text, in the order of the graph. */
export type PrefixSearch = (prefix: string) => readonly string[];

/** Alembic's rule: shorter names are only found whole. */
export const shortestPartialName = 4;

/**
 * Prepares the search for partial names: sorted once, each search is then a binary search, so that
 * resolving many prefixes stays linear.
 */
export function indexPrefixes(names: Names): PrefixSearch {
  const places = new Map<string, number>();
  for (const name of names.keys()) if (name.length >= shortestPartialName) places.set(name, places.size);
  const sorted = [...places.keys()].sort();
  return (prefix) => {
    const first = findFirst(sorted, (name) => name >= prefix);
    const end = findFirst(sorted, (name) => name >= prefix && !name.startsWith(prefix));
    const found = sorted.slice(first, end);
    return found.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  };
}

/** The first place from which on the names fulfil the test; before it none does. */
function findFirst(sorted: readonly string[], test: (name: string) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(sorted[middle] ?? "")) high = middle;
    else low = middle + 1;
  }
  return low;
}
