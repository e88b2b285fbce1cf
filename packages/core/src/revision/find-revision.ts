import { isMigrationError } from "../errors/migration-error.ts";
import {
  collectAncestors,
  collectBranchAncestors,
  collectBranchDescendants,
  collectDescendants,
} from "./collect-related.ts";
import {
  ambiguousPrefix,
  malformedIdentifier,
  multipleHeads,
  noSuchBranch,
  notInBranch,
  unknownName,
} from "./graph-errors.ts";
import type { NodeSet } from "./node-set.ts";
import { shortestPartialName } from "./name-index.ts";
import { isBrokenRelative, splitLabel } from "./parse-identifier.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { findStandIn } from "./replaced.ts";
import { listIds, type RevisionNode } from "./revision-node.ts";

/** Which revisions are relatives; undefined means that all are. */
export type Lineage = Pick<NodeSet, "has"> | undefined;

/**
 * Finds the revision that an id, a branch label or a unique prefix of either names. With a label it
 * must lie on that branch, and prefixes are matched on that branch only.
 *
 * @throws {SKM_GRAPH_UNKNOWN} nothing has this name
 * @throws {SKM_GRAPH_AMBIGUOUS} the prefix fits several names
 * @throws {SKM_GRAPH_REPLACED} it lies in the middle of what another revision replaces
 * @throws {SKM_GRAPH_NO_BRANCH} the label names nothing
 * @throws {SKM_GRAPH_NOT_IN_BRANCH} the revision is on another branch
 * @throws {SKM_USAGE} a relative form with something after it
 */
export function findRevision(index: GraphIndex, name: string, label?: string): RevisionNode {
  const branch = label === undefined ? undefined : findBranch(index, label);
  const node =
    index.ids.get(name) ??
    index.labels.get(name) ??
    findStandIn(index, name) ??
    findByPrefix(index, name, label);
  if (branch !== undefined && label !== undefined && !collectRelatives([branch]).has(node)) {
    throw notInBranch(node.id, label);
  }
  return node;
}

/**
 * Finds the revision that stands for a branch: where the label is declared, or a revision by its id.
 *
 * @throws {SKM_GRAPH_NO_BRANCH} there is none, or several fit
 */
export function findBranch(index: GraphIndex, label: string): RevisionNode {
  try {
    return findRevision(index, label);
  } catch (error) {
    if (isMigrationError(error, "SKM_GRAPH_UNKNOWN") || isMigrationError(error, "SKM_GRAPH_AMBIGUOUS")) {
      throw noSuchBranch(index.names(), label, error);
    }
    throw error;
  }
}

/** A label and what stands behind it. */
export interface LabelledSymbol {
  readonly label: string | undefined;
  readonly symbol: string;
}

/**
 * Finds all revisions that a symbol means: a name, `head` (one), `heads` (any number) or `base` (none).
 *
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} `head` while there are several, and as {@link findRevision}
 */
export function findSymbol(index: GraphIndex, labelled: LabelledSymbol): readonly RevisionNode[] {
  const { label, symbol } = labelled;
  if (isName(symbol)) return [findRevision(index, symbol, label)];
  const found = findKeyword(index, labelled);
  if (label !== undefined && found.length > 0) findBranch(index, label);
  return found;
}

/**
 * Finds the one revision that a symbol means; undefined for `base`.
 *
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} it means several, and as {@link findRevision}
 */
export function findOneSymbol(index: GraphIndex, labelled: LabelledSymbol): RevisionNode | undefined {
  const { label, symbol } = labelled;
  if (isName(symbol)) return findRevision(index, symbol, label);
  const found = findKeyword(index, labelled);
  if (found.length > 1) throw severalHeads(labelled, found);
  if (label !== undefined) findBranch(index, label);
  return found[0];
}

const isName = (symbol: string): boolean => symbol !== "base" && symbol !== "head" && symbol !== "heads";

function findKeyword(index: GraphIndex, labelled: LabelledSymbol): readonly RevisionNode[] {
  const { label, symbol } = labelled;
  if (symbol === "base") return [];
  // Without a label "heads" are the rows of a database that has everything: effective heads are implied.
  if (symbol === "heads" && label === undefined) return index.realHeads();
  const found =
    label === undefined ? index.heads() : filterByLineage(index.heads(), findLineage(index, label));
  if (symbol === "head" && found.length > 1) throw severalHeads(labelled, found);
  return found;
}

const severalHeads = ({ label, symbol }: LabelledSymbol, heads: readonly RevisionNode[]): Error =>
  multipleHeads(label === undefined ? symbol : `${label}@${symbol}`, listIds(heads));

/**
 * Collects the relatives of all that an identifier names, its label included; `base` names nothing
 * and so excludes nothing. Label and symbol are looked up each on its own.
 */
export function findLineage(
  index: GraphIndex,
  text: string,
  options: { readonly withDependencies: boolean } = { withDependencies: false },
): Lineage {
  const { label, symbol } = splitLabel(text);
  const keyword = isName(symbol) ? [] : findKeyword(index, { label, symbol });
  const starts = [
    ...(label === undefined ? [] : [findRevision(index, label)]),
    ...(isName(symbol) ? [findRevision(index, symbol)] : keyword),
  ];
  if (starts.length === 0) return undefined;
  return options.withDependencies ? collectAllRelatives(starts) : collectRelatives(starts);
}

/** Keeps the revisions that belong to a lineage. */
export function filterByLineage(nodes: readonly RevisionNode[], lineage: Lineage): readonly RevisionNode[] {
  return lineage === undefined ? nodes : nodes.filter((node) => lineage.has(node));
}

function collectRelatives(nodes: readonly RevisionNode[]): Pick<NodeSet, "has"> {
  const below = collectBranchAncestors(nodes);
  const above = collectBranchDescendants(nodes);
  return { has: (node) => below.has(node) || above.has(node) };
}

function collectAllRelatives(nodes: readonly RevisionNode[]): Pick<NodeSet, "has"> {
  const below = collectAncestors(nodes);
  const above = collectDescendants(nodes);
  return { has: (node) => below.has(node) || above.has(node) };
}

function findByPrefix(index: GraphIndex, name: string, label: string | undefined): RevisionNode {
  const found = index.searchPrefix()(name);
  const lineage = label === undefined ? undefined : findLineage(index, label);
  const fitting = found.filter((candidate) => {
    const node = index.names().get(candidate);
    return node !== undefined && (lineage === undefined || lineage.has(node));
  });
  const [first, ...others] = fitting;
  const node = first === undefined ? undefined : index.names().get(first);
  if (node === undefined) return findReplacedByPrefix(index, name);
  if (others.length > 0) throw ambiguousPrefix(name, fitting);
  return node;
}

/** Old ids are still typed, and stand in logs and tickets. */
function findReplacedByPrefix(index: GraphIndex, name: string): RevisionNode {
  const fitting =
    name.length < shortestPartialName ? [] : [...index.replaced.keys()].filter((id) => id.startsWith(name));
  const [only, ...others] = fitting;
  const node = only === undefined || others.length > 0 ? undefined : findStandIn(index, only);
  if (node !== undefined) return node;
  throw others.length > 0 ? ambiguousPrefix(name, fitting) : explainUnknown(index, name);
}

function explainUnknown(index: GraphIndex, name: string): Error {
  if (isBrokenRelative(name)) {
    return malformedIdentifier(
      name,
      "is not a relative revision",
      "write +N, -N, <revision>+N or <revision>-N, with nothing after the number",
    );
  }
  if (name.includes(":"))
    return unknownName(index.names(), name, "a range cannot stand where one revision is named");
  if (name.includes(","))
    return unknownName(index.names(), name, "give several revisions as separate arguments");
  return unknownName(index.names(), name);
}
