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
 * @throws {SKM_VERSION_REPLACED} a row lies in the middle of what another revision replaces
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
 * The nodes of version rows that may overlap, each once. A row at the end of what another revision replaces
 * stands for that one.
 *
 * @throws {SKM_VERSION_UNKNOWN} a row is not the full id of a revision
 * @throws {SKM_VERSION_REPLACED} a row lies in the middle of what another revision replaces
 */
export function readKnownRows(graph: RevisionGraph, heads: readonly string[]): readonly RevisionNode[] {
  const { ids, replaced } = graph.index;
  const rows = heads.map((head) => ids.get(head) ?? replaced.get(head)?.node);
  const known = rows.filter((row) => row !== undefined);
  if (known.length === heads.length) {
    assertNotBetween(graph, heads);
    return [...new Set(known)];
  }
  const unknown = heads.filter((head) => !ids.has(head) && !replaced.has(head));
  const text =
    unknown.length === 1
      ? `revision ${listForMessage(unknown)}, which is`
      : `revisions ${listForMessage(unknown)}, which are`;
  throw new MigrationError("SKM_VERSION_UNKNOWN", `the database is at ${text} not among the revision files`, {
    details: { rows: heads, unknown },
    hint: "a newer version of the program wrote it, and did not say who may open it, or another branch did: use the revision files of that version, or stamp with --purge if you know where the database stands",
  });
}

/** Between the ends, a part of the work of the new revision is done and a part is not: it cannot go on from there. */
function assertNotBetween({ index }: RevisionGraph, heads: readonly string[]): void {
  const between = heads.filter((head) => index.replaced.get(head)?.isLast === false);
  const [row] = between;
  const found = row === undefined ? undefined : index.replaced.get(row);
  if (row === undefined || found === undefined) return;
  const [last, by] = [quoteForMessage(found.last), quoteForMessage(found.node.id)];
  throw new MigrationError(
    "SKM_VERSION_REPLACED",
    `the database is at revision ${quoteForMessage(row)}, which ${by} has replaced together with all up to ${last}`,
    {
      details: { rows: heads, between, replacedBy: found.node.id, last: found.last },
      hint: `upgrade it to ${last} with the release that still has the old files, then come back: there it is at ${by} without running anything`,
    },
  );
}
