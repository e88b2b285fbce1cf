import { readerIsNotBelow, readerPassesFloor } from "./describe-problem.ts";
import type { GraphProblem } from "./graph-problem.ts";
import { declaresReader, findNotBelow, findReader, floorNodes, floorOf } from "./reader-floor.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { listIds, type RevisionNode } from "./revision-node.ts";

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
  const floor = floorNodes(index, node);
  for (const below of node.requires) {
    const open = floorNodes(index, below).filter((reader) => !floor.includes(reader));
    const needed = open.length === 0 ? [] : findNotBelow(floor, open);
    if (needed.length > 0) return readerPassesFloor(node, below, listIds(needed));
  }
  return undefined;
}

function findStrange(index: GraphIndex, node: RevisionNode): readonly string[] {
  const missing = floorOf(node).filter((id) => findReader(index, id) === undefined);
  if (missing.length > 0) return missing;
  // What a neighbour may name, it has been checked for itself.
  const near = new Set([node, ...node.requires.flatMap((below) => [below, ...floorNodes(index, below)])]);
  const far = floorNodes(index, node).filter((reader) => !near.has(reader));
  return far.length === 0 ? [] : listIds(findNotBelow([node], far));
}
