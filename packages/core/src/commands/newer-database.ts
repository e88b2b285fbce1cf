import { DriverError } from "../driver/driver-error.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import type { MigrationError } from "../errors/migration-error.ts";
import { assessHeads, isKnownId, newerDatabase, type Standing } from "../revision/assess-heads.ts";
import { listHeadReaders } from "../revision/head-readers.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { Session } from "../run/session.ts";
import { sameHeads } from "../run/settle-commit.ts";
import { readHeadReaders } from "../version/reader-table.ts";
import type { CommandContext } from "./context.ts";
import { assertSound } from "./revision-library.ts";

export interface JudgedHeads {
  /** As they were read along with what the database says about them. */
  readonly heads: readonly string[];
  readonly standing: Standing;
}

/** How a database stands to the revisions, with its current heads, sorted. */
export type DatabaseStanding = Standing & { readonly heads: readonly string[] };

/**
 * Judges version rows that were read. The database is only asked about rows that the revisions do not know.
 * Writes nothing.
 */
export async function judgeHeads(
  session: Session,
  graph: RevisionGraph,
  heads: readonly string[],
): Promise<JudgedHeads> {
  const connection = session.connection();
  if (connection === undefined || heads.every((head) => isKnownId(graph, head))) {
    return { heads, standing: assessHeads(graph, heads, []) };
  }
  try {
    const told = await readHeadReaders(connection, session.options.versionTable.readers);
    const now = told?.heads ?? heads;
    return { heads: now, standing: assessHeads(graph, now, told?.records ?? []) };
  } catch (error) {
    throw error instanceof DriverError ? toMigrationError(error) : error;
  }
}

/**
 * How the database stands to the revisions; nothing is known of one that does not exist. Writes nothing.
 *
 * @throws what is wrong with the revision files, where a row is unknown to them.
 */
export async function readStanding(context: CommandContext): Promise<DatabaseStanding> {
  const rows = await context.session.readHeads("read");
  const { heads, standing } = await judgeHeads(context.session, await readGraph(context, rows), rows);
  return { heads, ...standing };
}

/** A revision that is unknown because its file is broken makes no database newer: then that is said instead. */
async function readGraph(context: CommandContext, rows: readonly string[]): Promise<RevisionGraph> {
  const library = await context.library();
  const isKnown = rows.every((row) => isKnownId(library.graph, row));
  return isKnown ? library.graph : assertSound(library).graph;
}

/**
 * Refuses a database that says itself that it is newer than the revisions. One that says nothing may be another
 * tool's.
 *
 * @throws {SKM_DATABASE_NEWER}
 */
export async function assertNotNewer(
  session: Session,
  graph: RevisionGraph,
  rows: readonly string[],
): Promise<void> {
  const { heads, standing } = await judgeHeads(session, graph, rows);
  if (standing.kind === "newer" || standing.kind === "too-new") throw newerDatabase(heads, standing);
}

/** A head about whose readers the database says something else than its revision says now. */
export interface OutdatedReaders {
  readonly revision: string;
  /** What code has to know to open the database: as it was noted, and as the revision has it. */
  readonly noted: readonly string[];
  readonly declared: readonly string[];
}

/** Finds heads whose revision was edited in this after it was applied. Writes nothing. */
export async function findOutdatedReaders(
  { session }: CommandContext,
  graph: RevisionGraph,
): Promise<readonly OutdatedReaders[]> {
  const connection = session.connection();
  if (connection === undefined) return [];
  try {
    const told = await readHeadReaders(connection, session.options.versionTable.readers);
    const records = (told?.records ?? []).filter(({ revision }) => isKnownId(graph, revision));
    return records.flatMap(({ revision, minimumReaders: noted }): readonly OutdatedReaders[] => {
      const declared = listHeadReaders(graph, [revision])[0]?.minimumReaders ?? [];
      const isSame = sameHeads(noted.toSorted(), declared.toSorted());
      return isSame ? [] : [{ revision, noted, declared }];
    });
  } catch (error) {
    throw error instanceof DriverError ? toMigrationError(error) : error;
  }
}

/**
 * Says of a database whose revisions are unknown that it is newer, where it says so itself.
 *
 * @param error SKM_VERSION_UNKNOWN
 * @returns the error to be thrown instead.
 * @throws what is wrong with the revision files.
 */
export async function explainUnknown(
  context: CommandContext,
  error: MigrationError,
): Promise<MigrationError> {
  const { rows } = error.details;
  if (!Array.isArray(rows)) return error;
  const names = rows.map(String);
  const { heads, standing } = await judgeHeads(context.session, await readGraph(context, names), names);
  return standing.kind === "newer" || standing.kind === "too-new" ? newerDatabase(heads, standing) : error;
}
