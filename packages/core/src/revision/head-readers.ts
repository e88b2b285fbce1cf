import { collectAncestors } from "./collect-related.ts";
import { declaresReader, findReader, floorNodes, floorOf } from "./reader-floor.ts";
import { getNode, type RevisionGraph } from "./revision-graph.ts";
import { listNames, type RevisionNode } from "./revision-node.ts";

/** Which code may open a database at a revision, in words that also code understands which does not know it. */
export interface HeadReaders {
  /** A current head. */
  readonly revision: string;
  /** What code has to know, all of it. */
  readonly minimumReaders: readonly string[];
  /**
   * The applied revisions that do not lie below those, oldest first: code whose newest revision is none of them has
   * one more to apply.
   */
  readonly readers: readonly string[];
}

/** Whether a revision that is applied in a database at these heads says which older code may open it. */
export function declareReaders(graph: RevisionGraph, heads: readonly string[]): boolean {
  if (!graph.index.declaresReaders()) return false;
  return collectAncestors(heads.map((id) => findHead(graph, id))).members.some(declaresReader);
}

/** Describes the readers of each head; linear in the revisions that are applied. */
export function listHeadReaders(graph: RevisionGraph, heads: readonly string[]): readonly HeadReaders[] {
  const { index } = graph;
  return heads.map((id) => {
    const node = findHead(graph, id);
    const applied = collectAncestors([node]);
    const minimumReaders = floorOf(node);
    // Code that knows the floor goes on from what lies below it: that is the newest revision of no such code.
    const below = collectAncestors(floorNodes(index, node).flatMap(({ requires }) => requires));
    const between = applied.members.filter((one) => !below.has(one)).toReversed();
    const readers = between.flatMap((reader) => [reader.id, ...listOlder(reader, minimumReaders)]);
    return { revision: id, minimumReaders, readers };
  });
}

/** Where several rows name replaced revisions, they are written anew one after the other. */
function findHead({ index }: RevisionGraph, id: string): RevisionNode {
  return findReader(index, id) ?? getNode(index, id);
}

/** Code that still has the files which a revision has replaced may be at each of them, from the floor on. */
function listOlder({ info }: RevisionNode, minimumReaders: readonly string[]): readonly string[] {
  const replaced = listNames(info.replaces);
  const first = replaced.findIndex((id) => minimumReaders.includes(id));
  return replaced.slice(Math.max(0, first));
}
