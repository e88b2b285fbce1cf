import { readerIsNotBelow, readerPassesFloor } from "./describe-problem.ts";
import type { GraphProblem } from "./graph-problem.ts";
import { declaresReader, findNotBelow, findReader, floorNodes, floorOf } from "./reader-floor.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { listIds, listNames, type RevisionNode } from "./revision-node.ts";

/**
 * Finds revisions whose `minimumReader` cannot be so: it names what they do not follow, or lets code open them
 * that cannot open what they follow. Floors only rise along a branch, so that a database can be opened by code
 * that knows the floor of its newest revision, and nothing else has to be asked.
 */
export function checkReaders(index: GraphIndex): readonly GraphProblem[] {
  if (!index.declaresReaders()) return [];
  return index.nodes.filter(declaresReader).flatMap((node) => checkNode(index, node) ?? []);
}

function checkNode(index: GraphIndex, node: RevisionNode): GraphProblem | undefined {
  const strange = findStrange(index, node);
  if (strange.length > 0) return readerIsNotBelow(node, strange, [...index.ids.keys()]);
  const floor = listReaders(index, node);
  for (const below of node.requires) {
    const needed = listReaders(index, below).filter((reader) => !isCovered(reader, floor));
    if (needed.length > 0)
      return readerPassesFloor(
        node,
        below,
        needed.map(({ id }) => id),
      );
  }
  return undefined;
}

/** A minimum reader, and where it stands among the ids that one revision goes by. */
interface Reader {
  readonly id: string;
  readonly node: RevisionNode;
  /** A later id is a greater one; its own is the greatest. */
  readonly place: number;
}

function listReaders(index: GraphIndex, node: RevisionNode): readonly Reader[] {
  return floorOf(node).flatMap((id) => {
    const reader = findReader(index, id);
    if (reader === undefined) return [];
    const replaced = listNames(reader.info.replaces);
    const place = reader.id === id ? replaced.length : replaced.indexOf(id);
    return [{ id, node: reader, place }];
  });
}

/** Whether code that knows all of these also knows a reader. */
function isCovered({ node, place }: Reader, floor: readonly Reader[]): boolean {
  if (floor.some((one) => one.node === node && one.place >= place)) return true;
  const others = floor.filter((one) => one.node !== node).map((one) => one.node);
  return others.length > 0 && findNotBelow(others, [node]).length === 0;
}

function findStrange(index: GraphIndex, node: RevisionNode): readonly string[] {
  const missing = floorOf(node).filter((id) => findReader(index, id) === undefined);
  if (missing.length > 0) return missing;
  // What a neighbour may name, it has been checked for itself.
  const near = new Set([node, ...node.requires.flatMap((below) => [below, ...floorNodes(index, below)])]);
  const far = floorNodes(index, node).filter((reader) => !near.has(reader));
  return far.length === 0 ? [] : listIds(findNotBelow([node], far));
}
