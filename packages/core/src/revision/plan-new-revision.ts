import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { findAbsolute, findOne } from "./find-positions.ts";
import { malformedIdentifier, multipleHeads } from "./graph-errors.ts";
import { isMigrationError } from "../errors/migration-error.ts";
import { validateBranchLabel, validateRevisionId } from "./revision-id.ts";
import type { GraphIndex, RevisionGraph } from "./revision-graph.ts";
import { listIds, listNames, type RevisionNode } from "./revision-node.ts";

export interface NewRevisionRequest {
  readonly revision: string;
  /** What the new revision follows: `head` unless given; several make a merge, `base` a new root. */
  readonly head?: string | readonly string[] | undefined;
  /** Allows to follow revisions that others follow already, which makes a branch. */
  readonly splice?: boolean | undefined;
  readonly dependsOn?: string | readonly string[] | undefined;
  readonly branchLabels?: string | readonly string[] | undefined;
  readonly minimumReader?: string | readonly string[] | undefined;
}

/** The links of a new revision as its file states them. */
export interface NewRevision {
  readonly revision: string;
  readonly downRevision: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  /** Full ids; none where the revision breaks older code. */
  readonly minimumReader: readonly string[];
}

/**
 * Works out what a new revision or merge follows and depends on.
 *
 * @throws {SKM_SCRIPT_ID} the id or a label should not be written
 * @throws {SKM_SCRIPT_DUPLICATE} the id is taken, upper and lower case being the same
 * @throws {SKM_GRAPH_DUPLICATE_LABEL} a label is taken
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} `head` while there are several
 * @throws {SKM_GRAPH_NOT_A_HEAD} it would follow a revision that others follow, without `splice`
 * @throws {SKM_USAGE} the same head twice, or `base` as a dependency or minimum reader, and as `resolveRevisions`
 */
export function planNewRevision(graph: RevisionGraph, request: NewRevisionRequest): NewRevision {
  const { index } = graph;
  const { revision, head = "head", splice = false } = request;
  validateRevisionId(revision);
  const heads = findHeads(index, head);
  if (!splice) assertHeads(heads);
  const dependsOn = listNames(request.dependsOn).map((name) => resolveDependency(index, name));
  assertFreeId(index, revision);
  const branchLabels = listNames(request.branchLabels);
  for (const [place, label] of branchLabels.entries()) {
    validateBranchLabel(label);
    if (index.hasName(label) || label === revision || branchLabels.indexOf(label) !== place) {
      throw labelIsTaken(index, label, revision);
    }
  }
  const readers = listNames(request.minimumReader).flatMap((name) => resolveReaders(index, name));
  const minimumReader = listIds(new Set(readers));
  return { revision, downRevision: listIds(heads), dependsOn, branchLabels, minimumReader };
}

function findHeads(index: GraphIndex, head: string | readonly string[]): readonly RevisionNode[] {
  try {
    const found = listNames(head).flatMap((text) => findAbsolute(index, text));
    if (new Set(found).size === found.length) return found;
    const reason = "names the same revision twice";
    throw malformedIdentifier(listNames(head).join(", "), reason, "name each parent once");
  } catch (error) {
    if (!isMigrationError(error, "SKM_GRAPH_MULTIPLE_HEADS")) throw error;
    const { argument, heads } = error.details;
    const hint = 'say which head the new revision follows with --head, or join the heads with "merge heads"';
    throw multipleHeads(String(argument), Array.isArray(heads) ? heads.map(String) : [], hint);
  }
}

function assertHeads(nodes: readonly RevisionNode[]): void {
  const node = nodes.find((candidate) => candidate.children.length > 0);
  if (node === undefined) return;
  throw new MigrationError(
    "SKM_GRAPH_NOT_A_HEAD",
    `revision ${quoteForMessage(node.id)} is not a head: ${quoteForMessage(node.children[0]?.id)} follows it`,
    {
      details: { revision: node.id, children: listIds(node.children) },
      hint: "use --splice to begin a branch there, or follow a head",
    },
  );
}

/** A branch label stays as it is written, everything else becomes a full id. */
function resolveDependency(index: GraphIndex, name: string): string {
  const node = findOne(index, name);
  if (node === undefined) {
    throw malformedIdentifier(name, "cannot be a dependency", "name a revision or a branch label");
  }
  return index.branchLabels().get(node)?.includes(name) === true ? name : node.id;
}

function resolveReaders(index: GraphIndex, name: string): readonly RevisionNode[] {
  const nodes = findAbsolute(index, name);
  if (nodes.length > 0) return nodes;
  throw malformedIdentifier(name, "cannot be a minimum reader", "name a revision");
}

/** @throws {SKM_SCRIPT_DUPLICATE} the id is taken, upper and lower case being the same */
export function assertFreeId(index: GraphIndex, revision: string): void {
  const folded = revision.toLowerCase();
  const taken = index.nodes.find((node) => node.id.toLowerCase() === folded);
  const gone = [...index.replaced.keys()].find((id) => id.toLowerCase() === folded);
  if (taken === undefined && gone === undefined && !index.labels.has(revision)) return;
  const old = gone === undefined ? "it is a branch label" : "a revision that was replaced had it";
  const use = taken === undefined ? old : `revision ${quoteForMessage(taken.id)} has it`;
  throw new MigrationError(
    "SKM_SCRIPT_DUPLICATE",
    `revision id ${quoteForMessage(revision)} is taken: ${use}`,
    {
      details: { revision, existing: taken?.id },
      hint: "choose another id; ids that differ only in upper and lower case collide on some file systems",
    },
  );
}

function labelIsTaken(index: GraphIndex, label: string, revision: string): Error {
  const owner = index.names().get(label)?.id ?? revision;
  return new MigrationError(
    "SKM_GRAPH_DUPLICATE_LABEL",
    `branch label ${quoteForMessage(label)} is taken by revision ${quoteForMessage(owner)}`,
    { details: { label, revision, owner }, hint: "choose another label; ids and labels share one namespace" },
  );
}
