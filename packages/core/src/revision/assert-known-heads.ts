import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { findOverlap } from "./collect-related.ts";
import { listForMessage } from "./graph-errors.ts";
import type { RevisionGraph } from "./revision-graph.ts";
import type { RevisionNode } from "./revision-node.ts";

/**
 * Checks that the rows of a version table are revisions of the graph of which none requires another;
 * only then do they stand for a set of applied revisions.
 *
 * @throws {SKM_VERSION_UNKNOWN} a row is not the full id of a revision
 * @throws {SKM_VERSION_SHAPE} a row is an ancestor of another row
 */
export function assertKnownHeads(graph: RevisionGraph, heads: readonly string[]): void {
  readRows(graph, heads);
}

/** Like {@link assertKnownHeads}, giving the nodes of the rows. */
export function readRows(graph: RevisionGraph, heads: readonly string[]): readonly RevisionNode[] {
  const rows = readKnownRows(graph, heads);
  const overlap = findOverlap(rows);
  if (overlap === undefined) return rows;
  const { ancestor, descendant } = overlap;
  throw new MigrationError(
    "SKM_VERSION_SHAPE",
    `the version table lists both ${quoteForMessage(ancestor.id)} and ${quoteForMessage(descendant.id)}, although the second includes the first`,
    {
      details: { rows: heads, ancestor: ancestor.id, descendant: descendant.id },
      hint: `if the database really is at ${quoteForMessage(descendant.id)}, repair the rows with "stamp --purge ${descendant.id}"`,
    },
  );
}

/**
 * The nodes of version rows that may overlap.
 *
 * @throws {SKM_VERSION_UNKNOWN} a row is not the full id of a revision
 */
export function readKnownRows(graph: RevisionGraph, heads: readonly string[]): readonly RevisionNode[] {
  const rows = heads.map((head) => graph.index.ids.get(head));
  const known = rows.filter((row) => row !== undefined);
  if (known.length === heads.length) return known;
  const unknown = heads.filter((head) => !graph.has(head));
  const text =
    unknown.length === 1
      ? `revision ${listForMessage(unknown)}, which is`
      : `revisions ${listForMessage(unknown)}, which are`;
  throw new MigrationError("SKM_VERSION_UNKNOWN", `the database is at ${text} not among the revision files`, {
    details: { rows: heads, unknown },
    hint: "a newer version of the program or another branch wrote it: use the revision files of that version, or stamp with --purge if you know where the database stands",
  });
}
