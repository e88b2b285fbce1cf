import { lazy } from "../util/lazy.ts";
import { spreadBranchLabels, type BranchLabels } from "./branch-labels.ts";
import { unknownName } from "./graph-errors.ts";
import type { GraphProblem } from "./graph-problem.ts";
import { indexPrefixes, type Names, type PrefixSearch } from "./name-index.ts";
import { buildNormalLinks, type NormalLinks } from "./normal-links.ts";
import type { Replaced } from "./replaced.ts";
import { rankNodes } from "./rank-nodes.ts";
import { declaresReader } from "./reader-floor.ts";
import type { RevisionInfo } from "./revision-info.ts";
import { listIds, listNames, type RevisionNode } from "./revision-node.ts";

/**
 * All revisions and how they follow one another; immutable, free of cycles and missing parents. Made
 * by `buildGraph`. What is not needed to know the heads is computed on first use.
 */
export interface RevisionGraph {
  /** Ids without children, in load order. */
  readonly heads: readonly string[];
  /** Ids that nothing depends on either: the rows of a database that is at `heads`. */
  readonly realHeads: readonly string[];
  /** Ids without a down revision, in load order. */
  readonly bases: readonly string[];
  /** Bases that depend on nothing either. */
  readonly realBases: readonly string[];
  /** Ids with several children, in load order. */
  readonly branchPoints: readonly string[];
  /** Ids with several down revisions, in load order. */
  readonly mergePoints: readonly string[];
  /** The revisions in load order. */
  readonly revisions: readonly RevisionInfo[];
  /** Names that work but should not be used; see `findIdFlaw`. */
  readonly warnings: readonly GraphProblem[];
  has(id: string): boolean;
  /**
   * The revision with exactly this id.
   * @throws {SKM_GRAPH_UNKNOWN} there is none
   */
  get(id: string): RevisionInfo;
  /** For the functions of this folder. */
  readonly index: GraphIndex;
}

/** The graph as the functions of this folder walk it. */
export interface GraphIndex {
  /** In load order. */
  readonly nodes: readonly RevisionNode[];
  readonly ids: ReadonlyMap<string, RevisionNode>;
  /** Where each branch label is declared. */
  readonly labels: ReadonlyMap<string, RevisionNode>;
  /** What stands for the ids that are replaced. */
  readonly replaced: Replaced;
  /** Nodes without children, in load order. */
  readonly heads: () => readonly RevisionNode[];
  /** Heads that nothing depends on either, in load order. */
  readonly realHeads: () => readonly RevisionNode[];
  /** Whether any revision says which older code may open a database. */
  readonly declaresReaders: () => boolean;
  /** Whether a text is the whole name of a revision, of one that is replaced, or of a branch. */
  readonly hasName: (name: string) => boolean;
  readonly names: () => Names;
  readonly searchPrefix: () => PrefixSearch;
  readonly branchLabels: () => BranchLabels;
  readonly normalLinks: () => NormalLinks;
  /** See `rankNodes`. */
  readonly ranks: () => Uint32Array;
}

/** What a graph is made of; checked by the caller. */
export interface GraphParts {
  /** In load order, each at the place that its `order` says. */
  readonly nodes: readonly RevisionNode[];
  readonly ids: ReadonlyMap<string, RevisionNode>;
  readonly labels: ReadonlyMap<string, RevisionNode>;
  readonly replaced: Replaced;
  readonly warnings: readonly GraphProblem[];
}

/** Wraps checked nodes as a graph. */
export function createGraph({ nodes, ids, labels, replaced, warnings }: GraphParts): RevisionGraph {
  const names = lazy((): Names => new Map([...ids, ...labels]));
  const index: GraphIndex = Object.freeze({
    nodes,
    ids,
    labels,
    replaced,
    heads: lazy(() => nodes.filter((node) => node.children.length === 0)),
    realHeads: lazy(() => nodes.filter((node) => node.requiredBy.length === 0)),
    declaresReaders: lazy(() => nodes.some(declaresReader)),
    hasName: (name: string) => ids.has(name) || labels.has(name) || replaced.has(name),
    names,
    searchPrefix: lazy(() => indexPrefixes(names())),
    branchLabels: lazy(() => spreadBranchLabels(nodes, labels)),
    normalLinks: lazy(() => buildNormalLinks(nodes)),
    ranks: lazy(() => rankNodes(nodes)),
  });
  const select = (test: (node: RevisionNode) => boolean): (() => readonly string[]) =>
    lazy(() => Object.freeze(listIds(nodes.filter(test))));
  const heads = lazy(() => Object.freeze(listIds(index.heads())));
  const realHeads = lazy(() => Object.freeze(listIds(index.realHeads())));
  const bases = select(isBase);
  const realBases = select((node) => isBase(node) && node.dependencies.length === 0);
  const branchPoints = select((node) => node.children.length > 1);
  const mergePoints = select(isMergePoint);
  const revisions = lazy(() => Object.freeze(nodes.map((node) => node.info)));
  return Object.freeze({
    get heads() {
      return heads();
    },
    get realHeads() {
      return realHeads();
    },
    get bases() {
      return bases();
    },
    get realBases() {
      return realBases();
    },
    get branchPoints() {
      return branchPoints();
    },
    get mergePoints() {
      return mergePoints();
    },
    get revisions() {
      return revisions();
    },
    warnings: Object.freeze([...warnings]),
    has: (id: string) => ids.has(id),
    get: (id: string) => getNode(index, id).info,
    index,
  });
}

const isBase = (node: RevisionNode): boolean => node.parents.length === 0;

const isMergePoint = (node: RevisionNode): boolean => listNames(node.info.downRevision).length > 1;

/**
 * The node with exactly this id.
 * @throws {SKM_GRAPH_UNKNOWN} there is none
 */
export function getNode(index: GraphIndex, id: string): RevisionNode {
  const node = index.ids.get(id);
  if (node === undefined) throw unknownName(index.names(), id);
  return node;
}
