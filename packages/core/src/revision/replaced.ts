import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { GraphIndex, RevisionGraph } from "./revision-graph.ts";
import type { Step } from "./revision-info.ts";
import type { RevisionNode } from "./revision-node.ts";
import { makeStep, sortHeads } from "./step-heads.ts";

/** The revision that does the work of one whose file is gone. */
export interface Replacement {
  readonly node: RevisionNode;
  /** The newest id of the stretch that is replaced: a database there is at `node`. */
  readonly last: string;
  /** Whether this is that id. */
  readonly isLast: boolean;
}

/** What stands for each id that is replaced. */
export type Replaced = ReadonlyMap<string, Replacement>;

/**
 * The revision that stands for a replaced id; undefined when nothing replaces it.
 *
 * @throws {SKM_GRAPH_REPLACED} it lies in the middle of what is replaced, where there is no revision any more
 */
export function findStandIn(index: GraphIndex, name: string): RevisionNode | undefined {
  const found = index.replaced.get(name);
  if (found === undefined || found.isLast) return found?.node;
  const { node, last } = found;
  throw new MigrationError(
    "SKM_GRAPH_REPLACED",
    `revision ${quoteForMessage(name)} is gone: ${quoteForMessage(node.id)} has replaced it together with all up to ${quoteForMessage(last)}`,
    {
      details: { identifier: name, replacedBy: node.id, last },
      hint: `name ${quoteForMessage(node.id)}, or use the release that still has the old files`,
    },
  );
}

/** Version rows with the ids that are there today, and the steps that write them so. */
export interface SettledRows {
  /** Sorted where a row was translated. */
  readonly heads: readonly string[];
  /** A stamp for each row that names the last of the revisions that another one replaces. */
  readonly steps: readonly Step[];
}

/**
 * Puts the revisions that are there today in the place of rows that stand at the end of what they replace.
 * Nothing has to run for that. All other rows stay, also those that nobody knows.
 */
export function settleRows({ index }: RevisionGraph, rows: readonly string[]): SettledRows {
  if (!rows.some((row) => index.replaced.get(row)?.isLast)) return { heads: rows, steps: [] };
  const steps: Step[] = [];
  let headsBefore = sortHeads(rows);
  for (const row of sortHeads(rows)) {
    const found = index.replaced.get(row);
    if (found?.isLast !== true) continue;
    const { id } = found.node;
    const headsAfter = sortHeads(new Set(headsBefore.map((head) => (head === row ? id : head))));
    steps.push(makeStep("stamp", id, { headsBefore, headsAfter }));
    headsBefore = headsAfter;
  }
  return { heads: headsBefore, steps };
}

/** The rows as {@link settleRows} would write them, for those who only look. */
export function readSettled(graph: RevisionGraph, rows: readonly string[]): readonly string[] {
  return settleRows(graph, rows).heads;
}
