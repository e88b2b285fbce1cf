import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { RevisionGraph } from "../../revision/revision-graph.ts";
import type { Step } from "../../revision/revision-info.ts";
import { upgradePath } from "../../revision/upgrade-path.ts";
import { guardExit } from "../../run/exit-guard.ts";
import { checksumOf } from "../../run/journal-unit.ts";
import { sameHeads } from "../../run/settle-commit.ts";
import { prepareUnit } from "../../run/unit.ts";
import { digestSource } from "../../snapshot/revision-sources.ts";
import type { Snapshot, SnapshotRevision } from "../../snapshot/snapshot-document.ts";
import type { RevisionLibrary } from "../revision-library.ts";

/**
 * Says why a snapshot does not stand for the revisions that there are, or `null` when it does: they are the same,
 * linked the same way, and their files are what they were, line ends apart. Files are read and not imported;
 * revisions without a file are asked what they do.
 *
 * @param known the steps from base to the heads of the snapshot, where they have been found already.
 * @throws what loading a revision without a file throws.
 */
export async function findMismatch(
  library: RevisionLibrary,
  snapshot: Snapshot,
  known?: readonly Step[],
): Promise<string | null> {
  const { graph } = library;
  const { heads, revisions } = snapshot;
  const parts = new Set(revisions.map(({ revision }) => revision));
  const gone = [...parts, ...heads].find((id) => !graph.index.ids.has(id));
  if (gone !== undefined) return `revision ${quoteForMessage(gone)} is not among the revisions any more`;
  const path = known ?? upgradePath(graph, [], [...heads]);
  const added = path.find(({ revision }) => !parts.has(revision));
  if (added !== undefined) {
    return `revision ${quoteForMessage(added.revision)} has come in since, and stands before ${heads.join(", ")}`;
  }
  const isSame = path.length === parts.size && sameHeads(path.at(-1)?.headsAfter ?? [], heads);
  if (!isSame || !canRunInOrder(graph, [...parts])) return "the revisions are linked another way";
  return await findEdited(library, revisions);
}

/** The links of a revision without a file are in no digest: what it follows has to have run before it. */
function canRunInOrder({ index }: RevisionGraph, ids: readonly string[]): boolean {
  const before = new Set<string>();
  return ids.every((id) => {
    before.add(id);
    return (index.ids.get(id)?.requires ?? []).every((node) => before.has(node.id));
  });
}

async function findEdited(
  library: RevisionLibrary,
  revisions: readonly SnapshotRevision[],
): Promise<string | null> {
  const guard = guardExit(() => undefined);
  try {
    for (const part of revisions) {
      if (await isUnchanged(library, part, guard.signal)) continue;
      return `revision ${quoteForMessage(part.revision)} was edited since`;
    }
    return null;
  } finally {
    guard.release();
  }
}

async function isUnchanged(
  library: RevisionLibrary,
  { revision, source, checksum }: SnapshotRevision,
  signal: AbortSignal,
): Promise<boolean> {
  const path = library.pathOf(revision);
  if (path !== null && source !== null) return digestSource(path) === source;
  return (await checksumOfRevision(library, revision, signal)) === checksum;
}

/** The checksum that a journal would keep. Imports the revision. */
export async function checksumOfRevision(
  { loadRevision }: RevisionLibrary,
  revision: string,
  signal: AbortSignal,
): Promise<string> {
  const step = { kind: "upgrade", revision, headsBefore: [], headsAfter: [] } as const;
  const { first, recording } = await prepareUnit(step, { loadRevision, signal });
  recording?.abandon(new Error("only what was recorded is compared"));
  return checksumOf(first);
}
