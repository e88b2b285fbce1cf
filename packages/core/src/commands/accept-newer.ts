import { isKnownId } from "../revision/assess-heads.ts";
import { assertKnownHeads } from "../revision/assert-known-heads.ts";
import { countsFromRows } from "../revision/parse-identifier.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { RunResult } from "../run/result.ts";
import type { Session } from "../run/session.ts";

/** `+1` says how far to go from where the database is, which nobody knows here. */
export function isRelative({ index }: RevisionGraph, target: string | readonly string[]): boolean {
  return typeof target === "string" && countsFromRows(index.hasName, target);
}

export interface FoundHeads {
  readonly heads: readonly string[];
  /** Whether somebody is ready for a newer database. */
  readonly accepts: boolean;
}

/**
 * Finds out whether a database is newer than the revisions, and may be opened all the same.
 *
 * @returns the heads as they were when that was found out.
 */
export async function findNewer(
  session: Session,
  graph: RevisionGraph,
  { heads, accepts }: FoundHeads,
): Promise<{ readonly heads: readonly string[]; readonly isNewer: boolean }> {
  if (!accepts || heads.every((head) => isKnownId(graph, head))) return { heads, isNewer: false };
  const { judgeHeads } = await import("./on-demand.ts");
  const judged = await judgeHeads(session, graph, heads);
  return { heads: judged.heads, isNewer: judged.standing.kind === "newer" };
}

/** A newer version of the program may have been faster, while this one waited for the lock. */
export async function markNewer(
  session: Session,
  graph: RevisionGraph,
  result: RunResult,
): Promise<RunResult> {
  const { heads, isNewer } = await findNewer(session, graph, { heads: result.headsAfter, accepts: true });
  if (isNewer) return { ...result, outcome: "newer", headsAfter: heads };
  assertKnownHeads(graph, heads);
  return result;
}
