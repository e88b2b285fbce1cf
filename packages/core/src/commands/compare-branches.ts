import { diffSchemas } from "../autogenerate/diff-schemas.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { describeOperation } from "../ops/describe.ts";
import { findOverlaps, type Overlap, type RecordedRevision } from "../plan/find-overlaps.ts";
import { resolveRevisions } from "../revision/resolve-revisions.ts";
import { guardExit } from "../run/exit-guard.ts";
import { prepareUnit } from "../run/unit.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { listApplied } from "./list-applied.ts";
import { assertSound, type RevisionLibrary } from "./revision-library.ts";
import type { SchemaContext } from "./schema-side.ts";
import { withScratch } from "./scratch.ts";

/** What two branches have to do with each other. */
export interface BranchComparison {
  readonly left: string;
  readonly right: string;
  readonly overlaps: readonly Overlap[];
  /**
   * What both orders make of an empty database: `"same"` schema, `"different"` ones, or one of them cannot run;
   * `"unknown"` where there is no database in memory to try it; `"fixed"` where one needs the other.
   */
  readonly orders: "same" | "different" | "impossible" | "unknown" | "fixed";
  /** How the second order's schema differs, or why it cannot run. */
  readonly differences: readonly string[];
}

/**
 * Compares branches before they are merged: what the revisions that each has alone both touch, and whether both
 * orders lead to the same schema, which is tried in memory. No row is there, so that what revisions do to rows
 * is not compared.
 */
export async function compareBranches(
  context: SchemaContext,
  heads: string | readonly string[] = "heads",
): Promise<readonly BranchComparison[]> {
  const library = assertSound(await context.library());
  const ids = [...new Set(resolveRevisions(library.graph, typeof heads === "string" ? heads : [...heads]))];
  const comparisons: BranchComparison[] = [];
  for (const [index, left] of ids.entries()) {
    for (const right of ids.slice(index + 1))
      comparisons.push(await comparePair(context, library, [left, right]));
  }
  return comparisons;
}

async function comparePair(
  context: SchemaContext,
  library: RevisionLibrary,
  [left, right]: readonly [string, string],
): Promise<BranchComparison> {
  const [ofLeft, ofRight] = [listApplied(library.graph, [left]), listApplied(library.graph, [right])];
  const onlyLeft = ofLeft.filter((id) => !ofRight.includes(id));
  const onlyRight = ofRight.filter((id) => !ofLeft.includes(id));
  if (onlyLeft.length === 0 || onlyRight.length === 0) {
    return { left, right, overlaps: [], orders: "fixed", differences: [] };
  }
  const overlaps = findOverlaps(await record(library, onlyLeft), await record(library, onlyRight));
  return { left, right, overlaps, ...(await tryBothOrders(context, library, [left, right])) };
}

/** What the upgrades record until their first question. */
async function record(
  library: RevisionLibrary,
  ids: readonly string[],
): Promise<readonly RecordedRevision[]> {
  const { loadRevision } = library;
  const guard = guardExit(() => undefined);
  const recorded: RecordedRevision[] = [];
  try {
    for (const revision of ids.toReversed()) {
      const step = { kind: "upgrade", revision, headsBefore: [], headsAfter: [] } as const;
      const { first, recording } = await prepareUnit(step, { loadRevision, signal: guard.signal });
      recording?.abandon(new Error("only what was recorded is compared"));
      recorded.push({ revision, operations: first.operations });
    }
  } finally {
    guard.release();
  }
  return recorded;
}

async function tryBothOrders(
  context: SchemaContext,
  library: RevisionLibrary,
  [left, right]: readonly [string, string],
): Promise<Pick<BranchComparison, "orders" | "differences">> {
  if (context.scratch.driver === undefined) return { orders: "unknown", differences: [] };
  const first = await tryOrder(context, library, [left, right]);
  const second = await tryOrder(context, library, [right, left]);
  const failures = [first, second].filter((result) => typeof result === "string");
  if (typeof first === "string" || typeof second === "string") {
    return { orders: "impossible", differences: failures };
  }
  const differences = diffSchemas(first, second).map(describeOperation);
  return { orders: differences.length === 0 ? "same" : "different", differences };
}

/** The schema, or why it cannot be reached. */
async function tryOrder(
  context: SchemaContext,
  library: RevisionLibrary,
  [first, second]: readonly [string, string],
): Promise<DatabaseSchema | string> {
  return await withScratch(context.scratch, async (scratch) => {
    try {
      await scratch.upgrade(library, first);
      await scratch.upgrade(library, [first, second]);
    } catch (error) {
      if (!(error instanceof MigrationError)) throw error;
      return `${first} before ${second}: ${error.message}`;
    }
    return await scratch.readSchema();
  });
}
