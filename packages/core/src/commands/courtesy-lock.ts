import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import type { Session } from "../run/session.ts";
import { dropLock, readLock, type LockState } from "../version/courtesy-lock.ts";

/** Who holds the courtesy lock; `null` when nobody does. Writes nothing. */
export async function lockStatus(session: Session): Promise<LockState | null> {
  await session.readHeads("read");
  const connection = session.connection();
  // A file that does not exist.
  if (connection === undefined) return null;
  try {
    return connection.capabilities.lock === "server" ? await readLock(connection) : null;
  } catch (error) {
    throw toMigrationError(error);
  }
}

/**
 * Takes the courtesy lock from its holder, who is to be dead. Where it is not, nothing is lost: it gets in line
 * again before its next revision.
 *
 * @returns who held it, `null` when nobody did.
 * @throws {MigrationError} SKM_UNSUPPORTED: the database is a file, which has no such lock.
 */
export async function breakLock(session: Session): Promise<LockState | null> {
  await session.readHeads("write");
  const connection = session.connection();
  if (connection?.capabilities.lock !== "server") {
    throw new MigrationError("SKM_UNSUPPORTED", "a database file has no courtesy lock to be broken", {
      hint: "SQLite's own locks end with the process that holds them: find it and end it",
    });
  }
  try {
    const state = await readLock(connection);
    await dropLock(connection);
    return state;
  } catch (error) {
    throw toMigrationError(error);
  }
}
