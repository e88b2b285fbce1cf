import { MigrationError } from "../../errors/migration-error.ts";
import type { CommandContext } from "../context.ts";
import { isCrashed, withHint } from "./crashed-writer.ts";
import { clearOlder } from "./kept-backups.ts";
import { writeBackup, type BackupRequest, type BackupResult } from "./write-backup.ts";

/**
 * Writes a backup of the database, which is opened for reading.
 *
 * @throws {SKM_DB_MISSING} there is no database.
 */
export async function backup({ session }: CommandContext, request: BackupRequest): Promise<BackupResult> {
  try {
    await session.readHeads("read");
  } catch (error) {
    throw isCrashed(error)
      ? withHint(
          error,
          "a backup only reads, and leaves that to a program that writes: open the database once with the program that it belongs to, or with `sqlite3`, then make the backup",
        )
      : error;
  }
  const connection = session.connection();
  if (connection !== undefined) {
    const written = await writeBackup(session, connection, request);
    const { path, bytes, heads } = written;
    return { path, bytes, heads, removed: clearOlder(written, request) };
  }
  throw new MigrationError("SKM_DB_MISSING", "there is no database to back up", {
    hint: "check the path with --url",
  });
}
