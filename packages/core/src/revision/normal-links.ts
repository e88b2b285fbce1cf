import { collectReachable } from "./collect-related.ts";
import type { NodeSet } from "./node-set.ts";
import type { RevisionNode } from "./revision-node.ts";

/** For the revisions with dependencies: their parents, then the dependencies that are not implied. */
export type NormalLinks = ReadonlyMap<RevisionNode, readonly RevisionNode[]>;

/**
 * Drops the dependencies that an ancestor on the same branch has already named; such a dependency is
 * followed from the ancestor. The order of plans follows these links, as Alembic's does.
 */
export function buildNormalLinks(nodes: readonly RevisionNode[]): NormalLinks {
  const withDependencies = nodes.filter((node) => node.dependencies.length > 0);
  const implied = findImplied(withDependencies);
  return new Map(
    withDependencies.map((node) => {
      const own = node.dependencies.filter((to) => !implied.get(to)?.has(node));
      return [node, [...new Set([...node.parents, ...own])]] as const;
    }),
  );
}

/** For each dependency that several revisions name: the revisions above another one that names it. */
function findImplied(withDependencies: readonly RevisionNode[]): ReadonlyMap<RevisionNode, NodeSet> {
  const namers = new Map<RevisionNode, RevisionNode[]>();
  for (const node of withDependencies) {
    for (const to of node.dependencies) {
      const list = namers.get(to);
      if (list === undefined) namers.set(to, [node]);
      else list.push(node);
    }
  }
  const shared = [...namers].filter(([, list]) => list.length > 1);
  return new Map(
    shared.map(([to, list]) => [
      to,
      collectReachable(
        list.flatMap((node) => node.children),
        (node) => node.children,
      ),
    ]),
  );
}

/** The links that a plan follows from a revision. */
export function linksOf(links: NormalLinks, node: RevisionNode): readonly RevisionNode[] {
  return links.get(node) ?? node.parents;
}
