import { isMigrationError, MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { RunResult } from "../../run/result.ts";
import type { CommandContext } from "../context.ts";
import { readDataVersion, replaceWith } from "./restore-backup.ts";
import { clearOlder, writeBackup, type BackupOptions } from "./write-backup.ts";

/**
 * Runs with a backup made before. A run that fails leaves the database as it was, so nothing has to be restored;
 * but where each revision is a transaction, a part of it may stay, and then the backup is put back, unless
 * somebody else has written since.
 *
 * There is nothing to back up where there is no database yet.
 */
export async function runWithBackup(
  context: CommandContext,
  options: BackupOptions,
  run: () => Promise<RunResult>,
): Promise<RunResult> {
  const { session, emit } = context;
  const connection = session.connection();
  if (connection === undefined) return await run();
  const written = await writeBackup(session, connection, options);
  const { path, bytes } = written;
  emit({ kind: "backup", path, bytes, removed: clearOlder(written, options) });
  const version = await readDataVersion(session);
  try {
    return await run();
  } catch (error) {
    if (!isPartial(error)) throw error;
    const isAlone = session.connection() === connection && (await readDataVersion(session)) === version;
    if (!isAlone) throw withHint(error, path);
    await replaceWith(session, path);
    emit({ kind: "restored", path });
    throw restored(error, path);
  }
}

function isPartial(error: unknown): error is MigrationError {
  if (!isMigrationError(error)) return false;
  const { applied } = error.details;
  return error.code !== "SKM_COMMIT_UNKNOWN" && Array.isArray(applied) && applied.length > 0;
}

/** Nothing stays of the run, so it is "failed, database unchanged" again. */
function restored(error: MigrationError, path: string): MigrationError {
  return new MigrationError(
    error.code,
    `${error.message}; the backup ${quoteForMessage(path)} has been restored: the database is as it was before the run`,
    {
      cause: error,
      details: { ...error.details, backup: path, restored: true },
      exitCode: 7,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    },
  );
}

function withHint(error: MigrationError, path: string): MigrationError {
  return new MigrationError(error.code, error.message, {
    cause: error,
    details: { ...error.details, backup: path, restored: false },
    exitCode: error.exitCode,
    hint: `another program has written since the backup, so it was not restored; to lose that: \`restore ${path}\``,
  });
}
