import { MigrationError } from "../errors/migration-error.ts";
import { collectAncestors } from "./collect-related.ts";
import { listForMessage } from "./graph-errors.ts";
import type { HeadReaders } from "./head-readers.ts";
import type { RevisionGraph } from "./revision-graph.ts";
import { findReader } from "./reader-floor.ts";
import { listIds, listNames, type RevisionNode } from "./revision-node.ts";

/** How the version rows of a database stand to the revisions of the code. */
export type Standing =
  /** All rows are revisions of the code. */
  | { readonly kind: "known" }
  /** The database says nothing about rows that the code does not know. */
  | { readonly kind: "unknown"; readonly unknown: readonly string[] }
  /** Newer than the code, which may open it all the same: it lacks nothing that the code has. */
  | {
      readonly kind: "newer";
      readonly unknown: readonly string[];
      readonly minimumReaders: readonly string[];
    }
  /** Newer than the code, which must not open it. */
  | {
      readonly kind: "too-new";
      readonly unknown: readonly string[];
      readonly minimumReaders: readonly string[];
      /** Those of the minimum readers that the code does not know. */
      readonly missing: readonly string[];
      /** Heads of the code that are not applied; none where a minimum reader is missing. */
      readonly pending: readonly string[];
    };

/** Whether an id is that of a revision, or of one that another has replaced. */
export function isKnownId({ index }: RevisionGraph, id: string): boolean {
  return findReader(index, id) !== undefined;
}

/** What is applied at a row: at one in the middle of what a revision has replaced, only what that follows. */
function listApplied({ index }: RevisionGraph, row: string): readonly RevisionNode[] {
  const own = index.ids.get(row);
  if (own !== undefined) return [own];
  const found = index.replaced.get(row);
  if (found === undefined) return [];
  return found.isLast ? [found.node] : found.node.requires;
}

/**
 * Judges version rows by what the database says about those that the code does not know.
 *
 * @param records one for each row of which the database says who may open it; others are ignored
 */
export function assessHeads(
  graph: RevisionGraph,
  heads: readonly string[],
  records: readonly HeadReaders[],
): Standing {
  const { index } = graph;
  const unknown = heads.filter((head) => !isKnownId(graph, head));
  if (unknown.length === 0) return { kind: "known" };
  const told = unknown.map((head) => records.find(({ revision }) => revision === head));
  const found = told.filter((record) => record !== undefined);
  if (found.length < told.length) return { kind: "unknown", unknown };
  const minimumReaders = [...new Set(found.flatMap((record) => record.minimumReaders))];
  const missing = minimumReaders.filter((id) => !isKnownId(graph, id));
  const known = collectAncestors(heads.flatMap((head) => listApplied(graph, head)));
  const readers = new Set(found.flatMap((record) => record.readers));
  const isApplied = (node: RevisionNode): boolean =>
    known.has(node) || readers.has(node.id) || readers.has(listNames(node.info.replaces).at(-1) ?? node.id);
  const pending = listIds(index.realHeads().filter((node) => !isApplied(node)));
  if (missing.length === 0 && pending.length === 0) return { kind: "newer", unknown, minimumReaders };
  return {
    kind: "too-new",
    unknown,
    minimumReaders,
    missing,
    // What lies below the minimum readers is not told.
    pending: missing.length > 0 ? [] : pending,
  };
}

/** Why code does not work with a database that is newer than it. */
export function newerDatabase(
  heads: readonly string[],
  standing: Extract<Standing, { readonly kind: "newer" | "too-new" }>,
): MigrationError {
  const { unknown, minimumReaders } = standing;
  const at = `the database is at ${unknown.length === 1 ? "revision" : "revisions"} ${listForMessage(unknown)}, newer than the revision files`;
  const details = { rows: heads, unknown, minimumReaders, readable: standing.kind === "newer" };
  if (standing.kind === "newer") {
    return new MigrationError("SKM_DATABASE_NEWER", `${at}; they may open it, but not change it`, {
      details,
      hint: 'to work with it as it is, use `upgrade --allow-newer`, or upgrade(…, { newer: "allow" }); to change it, update the program that these revision files belong to',
    });
  }
  const { missing, pending } = standing;
  const reason =
    missing.length > 0
      ? `only code that knows ${listForMessage(missing)} may open it`
      : `it lacks ${listForMessage(pending)}`;
  return new MigrationError("SKM_DATABASE_NEWER", `${at}: ${reason}`, {
    details: { ...details, missing, pending },
    hint:
      missing.length > 0
        ? `update the program that these revision files belong to, to a version that knows ${listForMessage(missing)}`
        : "it was changed by another line of revisions: use the revision files of both, joined by `merge`",
  });
}
