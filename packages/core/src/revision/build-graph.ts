import { MigrationError } from "../errors/migration-error.ts";
import { checkReaders } from "./check-readers.ts";
import { collectDescendants } from "./collect-related.ts";
import { cyclicRevisions } from "./describe-problem.ts";
import { draftNodes, type Draft } from "./draft-nodes.ts";
import { findCycles } from "./find-cycles.ts";
import type { GraphProblem } from "./graph-problem.ts";
import { createGraph, type RevisionGraph } from "./revision-graph.ts";
import type { RevisionInfo } from "./revision-info.ts";
import { listIds } from "./revision-node.ts";

/** A graph of what can be worked with, and everything that is wrong with the rest. */
export interface GraphInspection {
  /** The revisions that have no problem and require none that has. */
  readonly graph: RevisionGraph;
  /** Empty when the graph holds all revisions. */
  readonly problems: readonly GraphProblem[];
}

/**
 * Builds the graph of all revisions; linear in revisions and links.
 *
 * @param revisions in load order, which settles the order of everything that is not related
 * @throws {SKM_SCRIPT_ID} {SKM_SCRIPT_DUPLICATE} {SKM_GRAPH_DUPLICATE_LABEL} {SKM_GRAPH_MISSING}
 *   {SKM_GRAPH_CYCLE} {SKM_GRAPH_READER} the code of the first problem; `details.problems` lists all of them
 */
export function buildGraph(revisions: Iterable<RevisionInfo>): RevisionGraph {
  const { graph, problems } = inspectRevisions(revisions);
  if (problems.length > 0) throw describeProblems(problems);
  return graph;
}

/**
 * Builds the graph of the healthy revisions and reports the problems of the others, so that commands
 * that only look can still show the branches that are in order. Never throws.
 *
 * @param revisions in load order
 */
export function inspectRevisions(revisions: Iterable<RevisionInfo>): GraphInspection {
  const infos = [...revisions];
  const draft = draftNodes(infos, new Set());
  const cycles = findCycles(draft.nodes);
  const problems = Object.freeze([...draft.problems, ...cycles.map(cyclicRevisions)]);
  if (problems.length === 0) {
    const graph = createGraph(draft);
    return { graph, problems: Object.freeze(checkReaders(graph.index)) };
  }
  const inCycles = cycles.flatMap((cycle) => cycle.members.map((node) => node.id));
  const broken = new Set([...draft.broken, ...inCycles]);
  const graph = keepHealthy(infos, draft.brokenLabels, { nodes: draft.nodes, broken });
  const readers = checkReaders(graph.index).map((problem) => relocate(problem, infos));
  return { graph, problems: Object.freeze([...problems, ...readers]) };
}

/** Among the healthy revisions it has another place than among all. */
function relocate(problem: GraphProblem, infos: readonly RevisionInfo[]): GraphProblem {
  return { ...problem, positions: [infos.findIndex((info) => info.revision === problem.revision)] };
}

/** Leaves out the broken revisions and what requires them, until nothing that is left is broken. */
function keepHealthy(
  infos: readonly RevisionInfo[],
  ignoredLabels: ReadonlySet<string>,
  { nodes, broken }: Pick<Draft, "nodes" | "broken">,
): RevisionGraph {
  const roots = nodes.filter((node) => broken.has(node.id));
  const dropped = new Set([...broken, ...listIds(collectDescendants(roots).members)]);
  const left = infos.filter((info) => typeof info.revision === "string" && !dropped.has(info.revision));
  const draft = draftNodes(left, ignoredLabels);
  return draft.broken.size === 0 ? createGraph(draft) : keepHealthy(left, ignoredLabels, draft);
}

/** All problems as one error with the code of the first. */
function describeProblems(problems: readonly GraphProblem[]): MigrationError {
  const [first] = problems;
  if (first === undefined) return new MigrationError("SKM_INTERNAL", "there are no problems to describe");
  const shown = problems.slice(0, 20).map((problem) => problem.message);
  const rest = problems.length - shown.length;
  const message =
    problems.length === 1
      ? first.message
      : `the revisions have ${problems.length} problems: ${shown.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
  return new MigrationError(first.code, message, {
    details: { kind: first.kind, problems },
    hint: first.hint,
  });
}
