import { duplicateId, duplicateLabel, flawedName, missingName, selfLoop } from "./describe-problem.ts";
import type { GraphProblem } from "./graph-problem.ts";
import { findIdFlaw, findLabelFlaw } from "./revision-id.ts";
import type { RevisionInfo } from "./revision-info.ts";
import { listNames, type RevisionNode } from "./revision-node.ts";

/** Nodes and links as far as they can be made, with all that is wrong but cycles. */
export interface Draft {
  readonly ids: ReadonlyMap<string, RevisionNode>;
  readonly labels: ReadonlyMap<string, RevisionNode>;
  readonly problems: readonly GraphProblem[];
  readonly warnings: readonly GraphProblem[];
  /** Ids that cannot be worked with; what requires them cannot either. */
  readonly broken: ReadonlySet<string>;
  /** Labels that several revisions claim. */
  readonly brokenLabels: ReadonlySet<string>;
}

interface DraftNode extends RevisionNode {
  readonly parents: DraftNode[];
  dependencies: RevisionNode[];
  requires: RevisionNode[];
  readonly children: RevisionNode[];
  requiredBy: RevisionNode[];
}

interface Work {
  readonly ids: Map<string, DraftNode>;
  readonly labels: Map<string, DraftNode>;
  readonly problems: GraphProblem[];
  readonly warnings: GraphProblem[];
  readonly broken: Set<string>;
  readonly brokenLabels: Set<string>;
}

const none: RevisionNode[] = [];

/** Makes nodes of revisions, in load order, and links them. Links to broken or missing names are left out. */
export function draftNodes(infos: readonly RevisionInfo[], ignoredLabels: ReadonlySet<string>): Draft {
  const work: Work = {
    ids: new Map(),
    labels: new Map(),
    problems: [],
    warnings: [],
    broken: new Set(),
    brokenLabels: new Set(),
  };
  for (const [position, info] of infos.entries()) addNode(work, info, position);
  if (work.broken.size > 0) reportDuplicates(work, infos);
  for (const node of work.ids.values()) {
    if (node.info.branchLabels !== undefined) addLabels(work, node, ignoredLabels);
  }
  for (const node of work.ids.values()) linkNode(work, node, ignoredLabels);
  return work;
}

function addNode(work: Work, info: RevisionInfo, position: number): void {
  const id = info.revision;
  const flaw = findIdFlaw(id);
  if (flaw !== undefined) {
    const list = flaw.isFatal ? work.problems : work.warnings;
    list.push(flawedName("id", flaw, { name: id, revision: id, position }));
    if (flaw.isFatal) work.broken.add(id);
  }
  if (typeof id !== "string") return;
  if (work.ids.has(id)) {
    work.broken.add(id);
    return;
  }
  const parents: DraftNode[] = [];
  const children: RevisionNode[] = [];
  // The lists with dependencies are the lists without them until there is a dependency.
  const links = { parents, dependencies: none, requires: parents, children, requiredBy: children };
  work.ids.set(id, { id, info, order: position, ...links });
}

function reportDuplicates({ broken, problems }: Work, infos: readonly RevisionInfo[]): void {
  for (const id of broken) {
    const positions = infos.flatMap((info, position) => (info.revision === id ? [position] : []));
    if (positions.length > 1) problems.push(duplicateId(id, positions));
  }
}

function addLabels(work: Work, node: DraftNode, ignored: ReadonlySet<string>): void {
  for (const label of listNames(node.info.branchLabels)) {
    if (ignored.has(label)) continue;
    const flaw = findLabelFlaw(label);
    if (flaw !== undefined) {
      const list = flaw.isFatal ? work.problems : work.warnings;
      list.push(flawedName("label", flaw, { name: label, revision: node.id, position: node.order }));
    }
    const owner = work.ids.get(label) ?? work.labels.get(label);
    if (owner === undefined) work.labels.set(label, node);
    else work.problems.push(duplicateLabel(label, [owner, node]));
    if (owner !== undefined || flaw?.isFatal === true) work.brokenLabels.add(label);
  }
}

function linkNode(work: Work, node: DraftNode, ignoredLabels: ReadonlySet<string>): void {
  const { downRevision, dependsOn } = node.info;
  if (downRevision !== null) {
    for (const id of takeOnce(listNames(downRevision))) linkParent(work, node, id);
  }
  if (dependsOn === undefined) return;
  for (const name of takeOnce(listNames(dependsOn))) linkDependency(work, node, { name, ignoredLabels });
}

const takeOnce = (names: readonly string[]): Iterable<string> => (names.length > 1 ? new Set(names) : names);

function linkParent(work: Work, node: DraftNode, id: string): void {
  const parent = work.ids.get(id);
  if (parent === undefined) {
    reportMissing(work, node, { kind: "missing-parent", name: id });
  } else if (parent === node) {
    reportSelfLoop(work, node, "self-loop");
  } else {
    node.parents.push(parent);
    parent.children.push(node);
    if (parent.requiredBy !== parent.children) parent.requiredBy.push(node);
  }
}

function linkDependency(
  work: Work,
  node: DraftNode,
  { name, ignoredLabels }: { readonly name: string; readonly ignoredLabels: ReadonlySet<string> },
): void {
  const to = work.ids.get(name) ?? work.labels.get(name);
  if (to === undefined) {
    if (ignoredLabels.has(name)) work.broken.add(node.id);
    else reportMissing(work, node, { kind: "missing-dependency", name });
  } else if (to === node) {
    reportSelfLoop(work, node, "dependency-self-loop");
  } else if (!node.dependencies.includes(to)) {
    addDependency(node, to);
  }
}

function addDependency(node: DraftNode, to: DraftNode): void {
  if (node.dependencies.length === 0) node.dependencies = [];
  node.dependencies.push(to);
  if (node.parents.includes(to)) return;
  if (node.requires === node.parents) node.requires = [...node.parents];
  node.requires.push(to);
  if (to.requiredBy === to.children) to.requiredBy = [...to.children];
  to.requiredBy.push(node);
}

function reportMissing(
  { ids, labels, problems, broken }: Work,
  node: DraftNode,
  { kind, name }: { readonly kind: "missing-parent" | "missing-dependency"; readonly name: string },
): void {
  problems.push(missingName(kind, { node, name, names: [...ids.keys(), ...labels.keys()] }));
  broken.add(node.id);
}

function reportSelfLoop(
  { problems, broken }: Work,
  node: DraftNode,
  kind: "self-loop" | "dependency-self-loop",
): void {
  problems.push(selfLoop(kind, node));
  broken.add(node.id);
}
