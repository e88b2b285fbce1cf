import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import { collectAncestors } from "../../revision/collect-related.ts";
import { findOne } from "../../revision/find-positions.ts";
import { listForMessage, notAncestor } from "../../revision/graph-errors.ts";
import { parseRange } from "../../revision/parse-identifier.ts";
import { declaresReader } from "../../revision/reader-floor.ts";
import type { GraphIndex, RevisionGraph } from "../../revision/revision-graph.ts";
import type { RevisionInfo } from "../../revision/revision-info.ts";
import { listIds, listNames, type RevisionNode } from "../../revision/revision-node.ts";

/** Revisions of one line that are to become one. */
export interface Stretch {
  /** Oldest first; two or more. */
  readonly revisions: readonly string[];
  readonly last: string;
  /** The version rows of a database on which the first of them, and all that any of them depends on, can run. */
  readonly before: readonly string[];
  readonly downRevision: RevisionInfo["downRevision"];
  /** What lies outside and has to be applied before, as it is written. */
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  /** That of the last one: a database there is as it was. Left out, it is the last one itself, see `floorOf`. */
  readonly minimumReader: RevisionInfo["minimumReader"];
  /** The ids of the revisions, and of those that they have replaced themselves, oldest first. */
  readonly replaces: readonly string[];
}

/**
 * Finds the revisions of a range, both ends included, and makes sure that one revision can stand for them.
 *
 * @throws {SKM_SQUASH_RANGE} it is one revision, branches or merges inside, or others need a part of it
 * @throws {SKM_GRAPH_NOT_ANCESTOR} the start does not lie below the end
 * @throws {SKM_USAGE} it is no range, and as `findOne`
 */
export function findStretch({ index }: RevisionGraph, range: string): Stretch {
  const { start, end } = parseRange(range);
  const first = start === undefined ? undefined : findOne(index, start);
  const last = findOne(index, end ?? "head");
  if (last === undefined) throw notStraight(range, "it ends at the base", []);
  if (first !== undefined && !collectAncestors([last]).has(first)) throw notAncestor(first.id, last.id);
  const nodes = walkDown(range, { first, last });
  assertAlone(range, nodes);
  const dependencies = findDependencies(index, nodes);
  const parents = nodes[0]?.parents ?? [];
  return {
    revisions: listIds(nodes),
    last: last.id,
    before: topmost([...parents, ...dependencies.values()]),
    downRevision: nodes[0]?.info.downRevision ?? null,
    dependsOn: [...dependencies.keys()],
    minimumReader: takeOverReader(index, last),
    branchLabels: nodes.flatMap(({ info }) => listNames(info.branchLabels)),
    replaces: nodes.flatMap(({ id, info }) => [...listNames(info.replaces), id]),
  };
}

/** Where the last one has replaced others itself, the last of these is its floor, and stays it. */
function takeOverReader(index: GraphIndex, last: RevisionNode): RevisionInfo["minimumReader"] {
  const { minimumReader, replaces } = last.info;
  if (declaresReader(last) || !index.declaresReaders()) return minimumReader;
  return listNames(replaces).at(-1);
}

interface Ends {
  /** `undefined`: the base of the line. */
  readonly first: RevisionNode | undefined;
  readonly last: RevisionNode;
}

function walkDown(range: string, { first, last }: Ends): readonly RevisionNode[] {
  const nodes = [last];
  for (let node = last; node !== first;) {
    const [parent, ...others] = node.parents;
    if (others.length > 0) {
      const what = `${quoteForMessage(node.id)} joins ${listForMessage(listIds(node.parents))}`;
      throw notStraight(range, what, listIds(node.parents));
    }
    if (parent === undefined) break;
    nodes.unshift(parent);
    node = parent;
  }
  if (nodes.length > 1) return nodes;
  throw notStraight(range, `it holds one revision, ${quoteForMessage(last.id)}`, []);
}

/** Of what a later file needs, only the end of the stretch is left: there the new revision is. */
function assertAlone(range: string, nodes: readonly RevisionNode[]): void {
  const inside = new Set(nodes);
  for (const node of nodes.slice(0, -1)) {
    const others = node.requiredBy.filter((other) => !inside.has(other));
    const [other] = others;
    if (other === undefined) continue;
    const verb = node.children.includes(other) ? "follows" : "depends on";
    const what = `${quoteForMessage(other.id)} ${verb} ${quoteForMessage(node.id)}, which is not its end`;
    throw notStraight(range, what, listIds(others));
  }
}

function findDependencies(
  { ids, labels }: GraphIndex,
  nodes: readonly RevisionNode[],
): ReadonlyMap<string, RevisionNode> {
  const inside = new Set(nodes);
  const found = new Map<string, RevisionNode>();
  for (const { info } of nodes) {
    for (const name of listNames(info.dependsOn)) {
      const node = ids.get(name) ?? labels.get(name);
      if (node !== undefined && !inside.has(node) && ![...found.values()].includes(node))
        found.set(name, node);
    }
  }
  return found;
}

/** Those that no other one of them requires. */
function topmost(nodes: readonly RevisionNode[]): readonly string[] {
  const below = collectAncestors(nodes.flatMap((node) => node.requires));
  return [...new Set(listIds(nodes.filter((node) => !below.has(node))))];
}

function notStraight(range: string, reason: string, revisions: readonly string[]): MigrationError {
  return new MigrationError("SKM_SQUASH_RANGE", `cannot squash ${quoteForMessage(range)}: ${reason}`, {
    details: { range, reason, revisions },
    hint: "name the first and the last of several revisions that follow each other, with nothing that begins or ends between them: <from>:<to>",
  });
}
