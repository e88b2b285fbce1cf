import { DriverError } from "../driver/driver-error.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { readSettled } from "../revision/replaced.ts";
import { guardExit } from "../run/exit-guard.ts";
import { checksumOf } from "../run/journal-unit.ts";
import { prepareUnit } from "../run/unit.ts";
import { buildJournal, parseJournal, type JournalEntry } from "../version/journal.ts";
import type { CommandContext } from "./context.ts";
import { listApplied } from "./list-applied.ts";
import { assertSound } from "./revision-library.ts";

/** An applied revision whose upgrade is another one now. */
export interface EditedRevision {
  readonly revision: string;
  readonly path: string | null;
  /** When it was applied, UTC. */
  readonly appliedAt: string;
  /** The checksum of what was applied, and of what is there now. */
  readonly expected: string;
  readonly found: string;
}

/** The lines of the journal, oldest first; none where the database has no journal. Writes nothing. */
export async function readJournal({ session }: CommandContext): Promise<readonly JournalEntry[]> {
  await session.readHeads("read");
  const connection = session.connection();
  if (connection === undefined) return [];
  const journal = session.options.journal ?? buildJournal();
  try {
    const { rows } = await connection.query(journal.exists);
    return rows.length === 0 ? [] : parseJournal((await connection.query(journal.read)).rows);
  } catch (error) {
    throw error instanceof DriverError ? toMigrationError(error) : error;
  }
}

/**
 * Finds applied revisions whose upgrade was edited since. Layout, comments and line ends do not count, nor does
 * what an upgrade records after its first question to the database. Revisions that the journal does not know as
 * upgraded, or as part of a snapshot, are not looked at. Imports the revisions that it compares.
 */
export async function findEditedRevisions(context: CommandContext): Promise<readonly EditedRevision[]> {
  const library = assertSound(await context.library());
  const last = new Map((await readJournal(context)).map((entry) => [entry.revision, entry]));
  const heads = readSettled(library.graph, await context.session.readHeads("read"));
  const applied = listApplied(library.graph, heads);
  const guard = guardExit(() => undefined);
  const edited: EditedRevision[] = [];
  try {
    for (const revision of applied) {
      const entry = last.get(revision);
      if (entry === undefined || entry.direction === "downgrade" || entry.checksum === null) continue;
      const step = { kind: "upgrade", revision, headsBefore: [], headsAfter: [] } as const;
      const { loadRevision } = library;
      const { first, recording } = await prepareUnit(step, { loadRevision, signal: guard.signal });
      recording?.abandon(new Error("only what was recorded is compared"));
      const found = checksumOf(first);
      if (found === entry.checksum) continue;
      const path = library.pathOf(revision);
      edited.push({ revision, path, appliedAt: entry.at, expected: entry.checksum, found });
    }
  } finally {
    guard.release();
  }
  return edited;
}
