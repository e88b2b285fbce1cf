import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { readHeads } from "../version/read-heads.ts";
import type { RunListener } from "./events.ts";
import type { Session } from "./session.ts";
import { readUnderLock, sameHeads } from "./settle-commit.ts";

export interface Confirmation {
  /** The heads before the run. */
  readonly before: readonly string[];
  /** The heads that the run has committed. */
  readonly after: readonly string[];
  /** The heads as they were read along with the last COMMIT; left out where they still have to be. */
  readonly readBack?: readonly string[] | undefined;
  readonly emit: RunListener;
}

/**
 * Reads the heads again after the last COMMIT, on the connection that sent it: success is what the engine says
 * afterwards, not that nothing was thrown.
 *
 * @returns the heads that were read, which may be those of a process that went further.
 * @throws {MigrationError} SKM_COMMIT_UNKNOWN when they cannot be read.
 */
export async function confirmHeads(
  session: Session,
  { before, after, readBack, emit }: Confirmation,
): Promise<readonly string[]> {
  const heads = readBack ?? (await readAgain(session, before, after));
  if (!sameHeads(heads, after)) {
    emit({
      kind: "warning",
      code: "SKM_MOVED_ON",
      message: "another process moved the database on after this run had committed",
    });
  }
  return heads;
}

async function readAgain(session: Session, before: readonly string[], after: readonly string[]) {
  try {
    const connection = await session.openForWriting();
    return connection.capabilities.lock === "server"
      ? (await readUnderLock(connection, session.options)).heads
      : await readHeads(connection, session.options.versionTable);
  } catch (cause) {
    const { message } = toMigrationError(cause);
    throw new MigrationError(
      "SKM_COMMIT_UNKNOWN",
      `the run was committed, but its result could not be read back: ${message}`,
      {
        cause,
        details: { headsBefore: before, headsAfter: after },
        hint: "run `current` when the database can be reached again: it should show the new revision",
      },
    );
  }
}

/**
 * Brings an embedded replica up to date, also when nothing was to do: an earlier run may have got no further
 * than its primary. Does nothing where the connection has no replica.
 *
 * @throws {MigrationError} SKM_REMOTE_REPLICA: the primary is done, and the replica does not show it.
 */
export async function syncReplica(session: Session): Promise<void> {
  try {
    await session.connection()?.sync?.();
  } catch (error) {
    throw toMigrationError(error);
  }
}
