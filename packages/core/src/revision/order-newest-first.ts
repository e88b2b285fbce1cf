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

interface Ordering {
  readonly links: NormalLinks;
  readonly scope: ReadonlySet<RevisionNode>;
  readonly selected: ReadonlySet<RevisionNode>;
  /** Selected, but not yet put in order. */
  readonly remaining: Set<RevisionNode>;
  /** The heads of all lines. */
  readonly held: Set<RevisionNode>;
  /** For a revision that had to wait: what lies above it and was not yet in order then. */
  readonly above: Map<RevisionNode, ReadonlySet<RevisionNode>>;
  first: Line | undefined;
  last: Line | undefined;
}

/**
 * Puts revisions in an order in which each comes before all that it requires: down one line as far as
 * possible, then on with the line that it has to wait for. This is the order in which Alembic lists
 * and undoes revisions; read backwards it is the order in which they are applied.
 *
 * Linear where branches are merged or end; what lies above a fork is looked at once per fork.
 */
export function orderNewestFirst(index: GraphIndex, selection: Selection): readonly RevisionNode[] {
  const ordering = startOrdering(index, selection);
  const ordered: RevisionNode[] = [];
  let line = ordering.first;
  while (line !== undefined) {
    const blocker = findBlocker(ordering, line);
    if (blocker !== undefined) {
      line = blocker;
      continue;
    }
    ordered.push(line.head);
    ordering.remaining.delete(line.head);
    line = advance(ordering, line);
  }
  return ordering.remaining.size === 0 ? ordered : orderWithGaps(index, selection);
}

function startOrdering(index: GraphIndex, { revisions, heads, scope }: Selection): Ordering {
  const ordering: Ordering = {
    links: index.normalLinks(),
    scope,
    selected: revisions,
    remaining: new Set(revisions),
    held: new Set(),
    above: new Map(),
    first: undefined,
    last: undefined,
  };
  for (const head of sortByLoadOrder(new Set(heads))) if (revisions.has(head)) appendLine(ordering, head);
  return ordering;
}

/**
 * Orders a selection of which a part cannot be reached from the heads through selected revisions: puts
 * everything up to its tops in order and picks the selected ones.
 */
function orderWithGaps(index: GraphIndex, { revisions, heads }: Selection): readonly RevisionNode[] {
  const whole = collectAncestors([...heads, ...revisions]);
  const tops = [...whole].filter((node) => !node.requiredBy.some((above) => whole.has(above)));
  const ordered = orderNewestFirst(index, { revisions: whole, heads: tops, scope: whole });
  return ordered.filter((node) => revisions.has(node));
}

function appendLine(ordering: Ordering, head: RevisionNode): void {
  const line: Line = { head, previous: ordering.last, next: undefined };
  if (ordering.last === undefined) ordering.first = line;
  else ordering.last.next = line;
  ordering.last = line;
  ordering.held.add(head);
}

function removeLine(ordering: Ordering, line: Line): void {
  if (line.previous === undefined) ordering.first = line.next;
  else line.previous.next = line.next;
  if (line.next === undefined) ordering.last = line.previous;
  else line.next.previous = line.previous;
}

/** Moves a line down to what its head links to; further links begin lines of their own. */
function advance(ordering: Ordering, line: Line): Line | undefined {
  const { held, remaining } = ordering;
  held.delete(line.head);
  ordering.above.delete(line.head);
  const links = linksOf(ordering.links, line.head);
  const [next, ...others] = links.filter((node) => remaining.has(node) && !held.has(node));
  if (next === undefined) {
    removeLine(ordering, line);
    return line.previous ?? ordering.first;
  }
  line.head = next;
  held.add(next);
  for (const other of others) appendLine(ordering, other);
  return line;
}

/** The first other line whose head lies above the head of this one, and so has to come before it. */
function findBlocker(ordering: Ordering, line: Line): Line | undefined {
  const above = ordering.above.get(line.head) ?? lookAbove(ordering, line.head);
  if (above.size === 0) return undefined;
  let other = ordering.first;
  while (other !== undefined && (other === line || !above.has(other.head))) other = other.next;
  return other;
}

const nothing: ReadonlySet<RevisionNode> = new Set();

function lookAbove(ordering: Ordering, head: RevisionNode): ReadonlySet<RevisionNode> {
  const open = head.requiredBy.filter((node) => isOpen(ordering, node));
  if (open.length === 0) return nothing;
  const above = new Set(open);
  for (const node of above) {
    for (const next of node.requiredBy) if (isOpen(ordering, next)) above.add(next);
  }
  ordering.above.set(head, above);
  return above;
}

/** Whether a revision is part of the order and has not been placed; gaps in the selection are passed. */
function isOpen({ scope, selected, remaining }: Ordering, node: RevisionNode): boolean {
  return scope.has(node) && (remaining.has(node) || !selected.has(node));
}
