import { duplicateId, duplicateLabel, flawedName, missingName, selfLoop } from "./describe-problem.ts";
import { replacedExists, replacedLink, replacedTwice, replacesItself } from "./describe-replaced.ts";
import type { GraphProblem } from "./graph-problem.ts";
import { findIdFlaw, findLabelFlaw } from "./revision-id.ts";
import type { RevisionInfo } from "./revision-info.ts";
import type { Replaced, Replacement } from "./replaced.ts";
import { listNames, type RevisionNode } from "./revision-node.ts";

/** Nodes and links as far as they can be made, with all that is wrong but cycles. */
export interface Draft {
  /** In load order. */
  readonly nodes: readonly RevisionNode[];
  readonly ids: ReadonlyMap<string, RevisionNode>;
  readonly labels: ReadonlyMap<string, RevisionNode>;
  readonly replaced: Replaced;
  readonly problems: readonly GraphProblem[];
  readonly warnings: readonly GraphProblem[];
  /** Ids that cannot be worked with; what requires them cannot either. */
  readonly broken: ReadonlySet<string>;
  /** Labels that several revisions claim. */
  readonly brokenLabels: ReadonlySet<string>;
}

interface DraftNode extends RevisionNode {
  info: RevisionInfo;
  parents: RevisionNode[];
  dependencies: RevisionNode[];
  requires: RevisionNode[];
  children: RevisionNode[];
  requiredBy: RevisionNode[];
}

interface Work {
  readonly nodes: DraftNode[];
  readonly ids: Map<string, DraftNode>;
  readonly labels: Map<string, DraftNode>;
  readonly replaced: Map<string, Replacement & { readonly node: DraftNode }>;
  readonly problems: GraphProblem[];
  readonly warnings: GraphProblem[];
  readonly broken: Set<string>;
  readonly brokenLabels: Set<string>;
}

// Shared by all nodes until they get a list of their own; never written to.
const none: RevisionNode[] = [];

/** Makes nodes of revisions, in load order, and links them. Links to broken or missing names are left out. */
export function draftNodes(infos: readonly RevisionInfo[], ignoredLabels: ReadonlySet<string>): Draft {
  const work: Work = {
    nodes: [],
    ids: new Map(),
    labels: new Map(),
    replaced: new Map(),
    problems: [],
    warnings: [],
    broken: new Set(),
    brokenLabels: new Set(),
  };
  let position = 0;
  for (const info of infos) {
    addNode(work, info, position);
    position += 1;
  }
  if (work.broken.size > 0) reportDuplicates(work, infos);
  for (const node of work.nodes) {
    if (node.info.replaces !== undefined) addReplaced(work, node);
  }
  for (const node of work.nodes) {
    if (node.info.branchLabels !== undefined) addLabels(work, node, ignoredLabels);
  }
  for (const node of work.nodes) linkNode(work, node, ignoredLabels);
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
  const node: DraftNode = {
    id,
    info,
    order: position,
    parents: none,
    dependencies: none,
    requires: none,
    children: none,
    requiredBy: none,
  };
  work.ids.set(id, node);
  work.nodes.push(node);
}

function reportDuplicates({ broken, problems }: Work, infos: readonly RevisionInfo[]): void {
  for (const id of broken) {
    const positions = infos.flatMap((info, position) => (info.revision === id ? [position] : []));
    if (positions.length > 1) problems.push(duplicateId(id, positions));
  }
}

function addReplaced(work: Work, node: DraftNode): void {
  const names = listNames(node.info.replaces);
  const last = names.at(-1);
  for (const name of names) {
    const existing = work.ids.get(name);
    const before = work.replaced.get(name)?.node;
    if (existing === undefined && before === undefined) {
      work.replaced.set(name, { node, last: last ?? name, isLast: name === last });
      continue;
    }
    work.broken.add(node.id);
    if (existing === node) work.problems.push(replacesItself(node));
    else if (existing !== undefined) work.problems.push(replacedExists(name, [existing, node]));
    else if (before !== undefined) {
      work.broken.add(before.id);
      work.problems.push(replacedTwice(name, [before, node]));
    }
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
    const owner = work.ids.get(label) ?? work.labels.get(label) ?? work.replaced.get(label)?.node;
    if (owner === undefined) work.labels.set(label, node);
    else work.problems.push(duplicateLabel(label, [owner, node]));
    if (owner !== undefined || flaw?.isFatal === true) work.brokenLabels.add(label);
  }
}

function linkNode(work: Work, node: DraftNode, ignoredLabels: ReadonlySet<string>): void {
  if (work.replaced.size > 0) node.info = nameStandIns(work, node.info);
  const { downRevision, dependsOn } = node.info;
  if (typeof downRevision === "string") linkParent(work, node, downRevision);
  else if (downRevision !== null) for (const id of new Set(downRevision)) linkParent(work, node, id);
  node.requires = node.parents;
  if (dependsOn === undefined) return;
  for (const name of new Set(listNames(dependsOn))) linkDependency(work, node, { name, ignoredLabels });
}

/** Names the revision that stands for the last of those it replaces, so that nobody has to know of the old id. */
function nameStandIns({ replaced }: Work, info: RevisionInfo): RevisionInfo {
  const standIn = (name: string): string => {
    const found = replaced.get(name);
    return found?.isLast === true ? found.node.id : name;
  };
  const { downRevision, dependsOn } = info;
  if ([...listNames(downRevision), ...listNames(dependsOn)].every((name) => standIn(name) === name))
    return info;
  const rename = (names: string | readonly string[]): string | readonly string[] =>
    typeof names === "string" ? standIn(names) : Object.freeze([...new Set(names.map(standIn))]);
  return Object.freeze({
    ...info,
    downRevision: downRevision === null ? null : rename(downRevision),
    dependsOn: dependsOn === undefined ? undefined : rename(dependsOn),
  });
}

function linkParent(work: Work, node: DraftNode, id: string): void {
  const parent = work.ids.get(id);
  if (parent === undefined) {
    reportMissing(work, node, { kind: "missing-parent", name: id });
  } else if (parent === node) {
    reportSelfLoop(work, node, "self-loop");
  } else {
    const isShared = parent.requiredBy === parent.children;
    node.parents = append(node.parents, parent);
    parent.children = append(parent.children, node);
    parent.requiredBy = isShared ? parent.children : append(parent.requiredBy, node);
  }
}

/** Adds to a list of its own; most lists hold one node, and a literal of one takes the least memory. */
function append(list: RevisionNode[], node: RevisionNode): RevisionNode[] {
  if (list.length === 0) return [node];
  list.push(node);
  return list;
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
  node.dependencies = append(node.dependencies, to);
  if (node.parents.includes(to)) return;
  node.requires = append(node.requires === node.parents ? [...node.parents] : node.requires, to);
  to.requiredBy = append(to.requiredBy === to.children ? [...to.children] : to.requiredBy, node);
}

function reportMissing(
  { ids, labels, replaced, problems, broken }: Work,
  node: DraftNode,
  { kind, name }: { readonly kind: "missing-parent" | "missing-dependency"; readonly name: string },
): void {
  const replacement = replaced.get(name);
  if (replacement !== undefined) {
    const as = kind === "missing-parent" ? "replaced-parent" : "replaced-dependency";
    problems.push(replacedLink(as, { node, name, replacement }));
  } else problems.push(missingName(kind, { node, name, names: [...ids.keys(), ...labels.keys()] }));
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
