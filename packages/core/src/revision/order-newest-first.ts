import { collectAncestors } from "./collect-related.ts";
import { linksOf, type NormalLinks } from "./normal-links.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { sortByLoadOrder, type RevisionNode } from "./revision-node.ts";
import type { Selection } from "./select-revisions.ts";

/** One line of revisions that is being walked down; the lines stand in a list, oldest line first. */
interface Line {
  head: RevisionNode;
  previous: Line | undefined;
  next: Line | undefined;
}

/** What an order knows of a revision. */
const outside = 0;
/** Between selected revisions, but not selected: lines pass it, but it is not listed. */
const gap = 1;
const waiting = 2;
/** The head of a line. */
const held = 3;
const placed = 4;

/** What is known to lie above a revision and was still to come when it was found. */
interface UpwardSearch {
  readonly from: RevisionNode;
  readonly found: Set<RevisionNode>;
  /** What is found, but not yet looked above. */
  readonly queue: SetIterator<RevisionNode>;
}

interface Ordering {
  readonly links: NormalLinks;
  /** The state of each revision, by its place in load order. */
  readonly states: Uint8Array;
  readonly hasGaps: boolean;
  readonly ranks: () => Uint32Array;
  /** For the revisions that had to wait. */
  readonly searches: Map<RevisionNode, UpwardSearch>;
  first: Line | undefined;
  last: Line | undefined;
}

/**
 * Puts revisions in an order in which each comes before all that it requires: down one line as far as
 * possible, then on with the line that it has to wait for. This is the order in which Alembic lists
 * and undoes revisions; read backwards it is the order in which they are applied.
 *
 * Linear but for forks: what lies above a fork is looked at once, as far as the next line to wait for.
 */
export function orderNewestFirst(index: GraphIndex, selection: Selection): readonly RevisionNode[] {
  const ordering = startOrdering(index, selection);
  const ordered: RevisionNode[] = [];
  let line = ordering.first;
  while (line !== undefined) {
    const blocker = findBlocker(ordering, line);
    if (blocker === undefined) {
      ordered.push(line.head);
      line = advance(ordering, line);
    } else {
      line = blocker;
    }
  }
  return ordered.length === selection.revisions.members.length ? ordered : orderWithGaps(index, selection);
}

function startOrdering(index: GraphIndex, { revisions, heads, scope }: Selection): Ordering {
  const states = new Uint8Array(index.nodes.length);
  for (const node of scope?.members ?? []) states[node.order] = gap;
  for (const node of revisions.members) states[node.order] = waiting;
  const links = index.normalLinks();
  const ordering: Ordering = {
    links,
    states,
    hasGaps: scope !== undefined,
    ranks: index.ranks,
    searches: new Map(),
    first: undefined,
    last: undefined,
  };
  for (const head of sortByLoadOrder(heads)) {
    if (states[head.order] === waiting) appendLine(ordering, head);
  }
  return ordering;
}

/**
 * Orders a selection of which a part cannot be reached from the heads through selected revisions: puts
 * everything up to its tops in order and picks the selected ones.
 */
function orderWithGaps(index: GraphIndex, { revisions, heads }: Selection): readonly RevisionNode[] {
  const whole = collectAncestors([...heads, ...revisions.members]);
  const tops = whole.members.filter((node) => !node.requiredBy.some((above) => whole.has(above)));
  const ordered = orderNewestFirst(index, { revisions: whole, heads: tops });
  return ordered.filter((node) => revisions.has(node));
}

function appendLine(ordering: Ordering, head: RevisionNode): void {
  const line: Line = { head, previous: ordering.last, next: undefined };
  if (ordering.last === undefined) ordering.first = line;
  else ordering.last.next = line;
  ordering.last = line;
  ordering.states[head.order] = held;
}

function removeLine(ordering: Ordering, line: Line): void {
  if (line.previous === undefined) ordering.first = line.next;
  else line.previous.next = line.next;
  if (line.next === undefined) ordering.last = line.previous;
  else line.next.previous = line.previous;
}

/** Moves a line down to what its head links to; further links begin lines of their own. */
function advance(ordering: Ordering, line: Line): Line | undefined {
  const { states, searches, links } = ordering;
  const done = line.head;
  states[done.order] = placed;
  searches.delete(done);
  for (const node of linksOf(links, done)) {
    if (states[node.order] !== waiting) continue;
    if (line.head === done) {
      line.head = node;
      states[node.order] = held;
    } else {
      appendLine(ordering, node);
    }
  }
  if (line.head !== done) return line;
  removeLine(ordering, line);
  return line.previous ?? ordering.first;
}

/** The first other line whose head lies above the head of this one, and so has to come before it. */
function findBlocker(ordering: Ordering, line: Line): Line | undefined {
  if (!line.head.requiredBy.some((node) => isOpen(ordering, node))) return undefined;
  const only = ordering.hasGaps ? undefined : findOnlyOther(ordering, line);
  if (only !== undefined) return only;
  const search = ordering.searches.get(line.head) ?? startSearch(ordering, line.head);
  let other = ordering.first;
  while (other !== undefined && !isAbove(ordering, search, other.head)) other = other.next;
  return other;
}

/** The other one of two lines: what lies above and is still to come can only be on it. */
function findOnlyOther({ first }: Ordering, line: Line): Line | undefined {
  const second = first?.next;
  if (second?.next !== undefined) return undefined;
  return first === line ? second : first;
}

function startSearch(ordering: Ordering, from: RevisionNode): UpwardSearch {
  const found = new Set([from]);
  // A Set also yields what is added while it is iterated: a search can go on where it stopped.
  const search = { from, found, queue: found.values() };
  ordering.searches.set(from, search);
  return search;
}

/** Whether a revision lies above the one from which a search starts; goes no further than needed. */
function isAbove(ordering: Ordering, search: UpwardSearch, node: RevisionNode): boolean {
  const { from, found, queue } = search;
  if (rankOf(ordering, node) <= rankOf(ordering, from)) return false;
  while (!found.has(node)) {
    const next = queue.next();
    if (next.done === true) return false;
    for (const above of next.value.requiredBy) if (isOpen(ordering, above)) found.add(above);
  }
  return true;
}

function rankOf({ ranks }: Ordering, node: RevisionNode): number {
  return ranks()[node.order] ?? 0;
}

/** Whether a revision is part of the order and still to come; gaps in the selection are passed. */
function isOpen({ states }: Ordering, node: RevisionNode): boolean {
  const state = states[node.order];
  return state !== outside && state !== placed;
}
