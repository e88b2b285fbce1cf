import { quoteForMessage } from "../errors/quote-for-message.ts";
import { assertNever } from "../util/assert-never.ts";
import { lazy } from "../util/lazy.ts";
import { filterByLineage, findLineage, type Lineage } from "./find-revision.ts";
import { ambiguousWalk, listForMessage, outOfRange } from "./graph-errors.ts";
import type { GraphIndex } from "./revision-graph.ts";
import { listIds, listNames, type RevisionNode } from "./revision-node.ts";

/** Where a walk arrives. `start` is before the first revision, `end` past the last one or below the base. */
export type Position =
  | { readonly kind: "revision"; readonly node: RevisionNode }
  | { readonly kind: "start" }
  | { readonly kind: "base" }
  | { readonly kind: "end"; readonly left: number; readonly last: RevisionNode | undefined };

export interface Walk {
  /** Undefined starts before the first revision. */
  readonly from: RevisionNode | undefined;
  /** Up when positive, down when negative. */
  readonly steps: number;
  /** On the way up, only children on this branch are seen. */
  readonly label?: string | undefined;
  /** Stops at the last revision or the base instead of failing. */
  readonly clamp?: boolean;
  /** The identifier, for messages. */
  readonly text: string;
}

/**
 * Walks a number of steps along down revisions. Every step needs exactly one way to go.
 *
 * @throws {SKM_GRAPH_AMBIGUOUS_WALK} a step has several ways to go
 */
export function walkSteps(index: GraphIndex, walk: Walk): Position {
  const isUp = walk.steps > 0;
  const lineage = lazy(() => (walk.label === undefined ? undefined : findLineage(index, walk.label)));
  const up = (from: Position): Position | undefined => stepUp(from, { index, walk, lineage });
  let at: Position = walk.from === undefined ? { kind: "start" } : { kind: "revision", node: walk.from };
  for (let left = Math.abs(walk.steps); left > 0; left -= 1) {
    const next: Position | undefined = isUp ? up(at) : stepDown(index, at, walk);
    if (next === undefined) {
      if (walk.clamp === true) return at;
      return { kind: "end", left, last: at.kind === "revision" ? at.node : undefined };
    }
    at = next;
  }
  return at;
}

interface WayUp {
  readonly index: GraphIndex;
  readonly walk: Walk;
  readonly lineage: () => Lineage;
}

function stepUp(at: Position, { index, walk, lineage }: WayUp): Position | undefined {
  const children =
    at.kind === "revision" ? at.node.children : index.nodes.filter((node) => node.parents.length === 0);
  const open = children.length === 0 ? children : filterByLineage(children, lineage());
  const [next, ...others] = open;
  if (others.length > 0) {
    throw ambiguousWalk(
      walk.text,
      at.kind === "revision" ? `${quoteForMessage(at.node.id)} leads to` : "the bases are",
      {
        from: at.kind === "revision" ? at.node.id : undefined,
        choices: listIds(open),
        hint: "name the revision to go to, or the branch: <branch label or revision>@+N",
      },
    );
  }
  return next && { kind: "revision", node: next };
}

function stepDown(index: GraphIndex, at: Position, walk: Walk): Position | undefined {
  if (at.kind === "base" || at.kind === "end") return undefined;
  const below = at.kind === "revision" ? at.node.parents : index.heads();
  const [next, ...others] = below;
  if (others.length > 0 || isMerge(at)) throw severalWaysDown(at, below, walk);
  return next === undefined ? { kind: "base" } : { kind: "revision", node: next };
}

/** Also true of a revision that names the same parent twice. */
const isMerge = (at: Position): boolean =>
  at.kind === "revision" && listNames(at.node.info.downRevision).length > 1;

function severalWaysDown(at: Position, below: readonly RevisionNode[], walk: Walk): Error {
  const choices = listIds(below);
  if (at.kind !== "revision") {
    return ambiguousWalk(walk.text, "the heads are", { choices, hint: "name the revision to count from" });
  }
  return ambiguousWalk(walk.text, `${quoteForMessage(at.node.id)} merges`, {
    from: at.node.id,
    choices,
    hint: `name the parent to go back to: ${listForMessage(choices)}; it undoes the merge and leaves all parents applied`,
  });
}

/**
 * Reads the node that a walk has arrived at; undefined for the base.
 *
 * @throws {SKM_GRAPH_RANGE} the walk went past the end
 */
export function arriveAt(position: Position, walk: Walk): RevisionNode | undefined {
  switch (position.kind) {
    case "revision":
      return position.node;
    case "base":
      return undefined;
    case "start":
      throw outOfRange(walk.text, "names no revision: it stays before the first one", "name a revision");
    case "end":
      throw wentPastEnd(position, walk);
    default:
      return assertNever(position);
  }
}

function wentPastEnd(
  { left, last }: { readonly left: number; readonly last: RevisionNode | undefined },
  { steps, text }: Walk,
): Error {
  const reached = Math.abs(steps) - left;
  const edge = steps < 0 || last === undefined ? "the base" : `head ${quoteForMessage(last.id)}`;
  return outOfRange(
    text,
    `goes ${left} past ${edge}`,
    reached === 0
      ? "there is nothing further in this direction"
      : `at most ${reached} steps are possible here`,
    { steps, reached, last: last?.id },
  );
}
