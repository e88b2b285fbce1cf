import { rmSync } from "node:fs";
import type { Connection } from "../../driver/driver.ts";
import { isMigrationError, MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { RunListener } from "../../run/events.ts";
import type { RunResult } from "../../run/result.ts";
import type { CommandContext } from "../context.ts";
import { clearOlder, findSame, listOthers } from "./kept-backups.ts";
import { readDataVersion, replaceWith } from "./restore-backup.ts";
import { keptUnlessTold, writeBackup, type BackupOptions, type WrittenBackup } from "./write-backup.ts";

/**
 * Runs with a backup made before. A run that fails leaves the database as it was, so nothing has to be restored;
 * but where each revision is a transaction, a part of it may stay, and then the backup is put back, unless
 * somebody else has written since.
 *
 * Older backups are cleared away only once the run has succeeded: runs that fail again and again would else push
 * out everything that was kept before.
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
  const backup = await makeBackup(context, connection, options);
  const { path } = backup.written;
  const version = await readDataVersion(session);
  const isAlone = async (): Promise<boolean> =>
    session.connection() === connection && (await readDataVersion(session)) === version;
  let result: RunResult;
  try {
    result = await run();
  } catch (error) {
    if (!isPartial(error)) {
      if (isRolledBack(error))
        await clear(emit, async () => ((await isAlone()) ? dropSurplus(backup, options) : []));
      throw error;
    }
    if (!(await isAlone())) throw withHint(error, path);
    await replaceWith(session, path);
    emit({ kind: "restored", path });
    throw restored(error, path);
  }
  await clear(emit, () => clearOlder(backup.written, options));
  return result;
}

interface RunBackup {
  readonly written: WrittenBackup;
  /** It was there before. */
  readonly reused: boolean;
}

/** Uses a backup that is there when it has the same bytes as a new one: a copy of it would push another one out. */
async function makeBackup(
  { session, emit }: CommandContext,
  connection: Connection,
  options: BackupOptions,
): Promise<RunBackup> {
  const written = await writeBackup(session, connection, options);
  const same = findSame(written);
  if (same !== undefined) rmSync(written.path);
  const path = same ?? written.path;
  emit({ kind: "backup", path, bytes: written.bytes, reused: same !== undefined });
  return { written: { ...written, path }, reused: same !== undefined };
}

/**
 * What a failed run that changed nothing leaves: its backup where there is room for it, else the older ones. The
 * database itself is what the backup is.
 */
function dropSurplus({ written, reused }: RunBackup, options: BackupOptions): readonly string[] {
  if (reused || listOthers(written).length < (options.keep ?? keptUnlessTold)) return [];
  rmSync(written.path, { force: true });
  return [written.path];
}

/** The run is over, well or not; that a file cannot be deleted changes nothing about that. */
async function clear(
  emit: RunListener,
  remove: () => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  try {
    for (const path of await remove()) emit({ kind: "backup-deleted", path });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `a backup that is not kept could not be deleted: ${reason}`;
    emit({ kind: "warning", code: "SKM_BACKUP_LEFT", message });
  }
}

/** Exit codes of failures after which the database is as it was: busy, rolled back, refused for safety. */
const unchanged: ReadonlySet<number> = new Set([6, 7, 9]);

function isRolledBack(error: unknown): boolean {
  return isMigrationError(error) && unchanged.has(error.exitCode);
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
