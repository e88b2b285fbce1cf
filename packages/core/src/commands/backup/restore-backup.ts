import { statSync } from "node:fs";
import { resolve } from "node:path";
import { runCopy } from "../../copy/run-copy.ts";
import { toMigrationError } from "../../driver/to-migration-error.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { Session } from "../../run/session.ts";
import { sameHeads } from "../../run/settle-commit.ts";
import { readVersionState } from "../../version/read-heads.ts";
import type { CommandContext } from "../context.ts";
import { isCrashed, withHint } from "./crashed-writer.ts";
import { clearOlder } from "./kept-backups.ts";
import { findDamage, writeBackup, type BackupOptions } from "./write-backup.ts";

export interface RestoreOptions extends BackupOptions {
  /** Makes a backup of what is replaced first; `true` unless told. */
  readonly backup?: boolean;
}

export interface RestoreResult {
  /** The backup of what was replaced; `null` when there was nothing, or none was wanted. */
  readonly replaced: string | null;
  /** Older backups that were deleted, once the database was restored. */
  readonly removed: readonly string[];
  readonly heads: readonly string[];
  readonly tables: number;
  readonly rows: number;
}

/**
 * Makes the database what a backup is, in one transaction of SQLite: programs that have it open see the one or
 * the other, its journal is SQLite's own affair, and a failure leaves it as it was. No file is replaced.
 *
 * @throws {SKM_BACKUP} the backup is damaged.
 */
export async function restoreBackup(
  { session }: CommandContext,
  path: string,
  { backup = true, ...options }: RestoreOptions = {},
): Promise<RestoreResult> {
  const source = resolve(path);
  const heads = await inspect(session, source);
  // For writing: where a killed process left a transaction, that is rolled back before anything is replaced.
  await session.readHeads("write");
  const connection = session.connection();
  const before = connection === undefined ? undefined : await readDataVersion(session);
  const saved =
    connection === undefined || !backup ? undefined : await writeBackup(session, connection, options);
  if (before !== undefined && (await readDataVersion(session)) !== before) throw changed(source);
  const { tables, rows } = await replaceWith(session, source);
  const now = await session.readHeads("read");
  if (!sameHeads(now, heads)) {
    throw new MigrationError(
      "SKM_VERSION_MOVED",
      "another process changed the database after it was restored",
      {
        details: { expected: heads, found: now },
      },
    );
  }
  const removed = saved === undefined ? [] : clearOlder(saved, options, source);
  return { replaced: saved?.path ?? null, removed, heads, tables, rows };
}

/** Replaces everything in the database of the session by what a file holds. */
export async function replaceWith(
  session: Session,
  source: string,
): Promise<Pick<RestoreResult, "tables" | "rows">> {
  const { driver, waitMs, signal } = session.options;
  // Some engines let one connection have the file.
  await session.close();
  const result = await runCopy({
    from: fileDriver(session, source),
    to: { kind: "database", driver },
    replace: true,
    // What a backup of an empty database is: its file was looked at before.
    emptySource: "allow",
    waitMs,
    ...(signal === undefined ? {} : { signal }),
  });
  return { tables: result.tables.length, rows: result.rows };
}

/** Changes when another connection commits, and only then (pragma.html#pragma_data_version). */
export async function readDataVersion(session: Session): Promise<number | undefined> {
  const found = await session.connection()?.query({ sql: "SELECT data_version FROM pragma_data_version" });
  return found === undefined ? undefined : Number(found.rows[0]?.[0]);
}

/** Reads the backup before anything is touched. */
async function inspect(session: Session, path: string): Promise<readonly string[]> {
  try {
    // SQLite takes a file of no bytes for a database of no tables; a backup has at least a page.
    if (statSync(path, { throwIfNoEntry: false })?.size === 0) throw damaged(path, "it holds no bytes");
    const connection = await fileDriver(session, path).connect({ readOnly: true, create: false });
    try {
      const problem = await findDamage(connection);
      if (problem !== undefined) throw damaged(path, problem);
      return (await readVersionState(connection, session.options.versionTable)).heads;
    } finally {
      await connection.close();
    }
  } catch (error) {
    const failure = toMigrationError(error, { action: "cannot read the backup" });
    throw isCrashed(failure)
      ? withHint(
          failure,
          "it is a copy of files in the middle of a transaction: open it once with `sqlite3`, its -journal or -wal beside it, then restore it",
        )
      : failure;
  }
}

function fileDriver({ options: { driver } }: Session, path: string) {
  if (driver.forFile !== undefined) return driver.forFile(path);
  throw new MigrationError(
    "SKM_UNSUPPORTED",
    `the driver ${quoteForMessage(driver.name)} cannot open the backup, which is another file`,
    { hint: "use a driver for files, or `copy` for a server" },
  );
}

function damaged(path: string, problem: string): MigrationError {
  return new MigrationError("SKM_BACKUP", `the backup ${quoteForMessage(path)} is damaged: ${problem}`, {
    details: { path, problem },
    hint: "the database was not touched; take another backup",
  });
}

function changed(path: string): MigrationError {
  return new MigrationError(
    "SKM_BACKUP",
    `another program wrote to the database while it was backed up; ${quoteForMessage(path)} was not restored`,
    { details: { path }, hint: "stop the programs that write to it, then restore again" },
  );
}
