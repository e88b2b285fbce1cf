import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildNewFile } from "../../copy/new-file.ts";
import { readFilePath } from "../../copy/read-source.ts";
import type { Connection } from "../../driver/driver.ts";
import { fromSystemError } from "../../driver/file-error.ts";
import { toMigrationError } from "../../driver/to-migration-error.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { Session } from "../../run/session.ts";
import { sameHeads } from "../../run/settle-commit.ts";
import { readVersionState } from "../../version/read-heads.ts";
import { makeBackupName } from "./backup-name.ts";

export interface BackupOptions {
  /** Where backups are kept, the directory of the database unless told; made when it is missing. */
  readonly directory?: string;
  /** How many backups of the database stay in the directory, from 1 on; 3 unless told. */
  readonly keep?: number;
}

export interface BackupRequest extends BackupOptions {
  /** The file to write, which must not exist; a name is made unless told, and only made names are cleared away. */
  readonly path?: string;
}

export interface BackupResult {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** The revisions that it is at. */
  readonly heads: readonly string[];
  /** Older backups that were deleted. */
  readonly removed: readonly string[];
}

/** A backup that stands beside all older ones still. */
export interface WrittenBackup extends Omit<BackupResult, "removed"> {
  /** The file that it is a copy of. */
  readonly database: string;
}

export const keptUnlessTold = 3;

/**
 * Writes a copy of the database as it is at one moment, whoever writes meanwhile, for this user only, and reads
 * it before it gets its name: undamaged, at the same revisions, with as many objects. It is on the disk when this
 * returns.
 *
 * @throws {SKM_UNSUPPORTED} the database is no file.
 * @throws {SKM_BACKUP} the copy is not what it should be.
 */
export async function writeBackup(
  session: Session,
  connection: Connection,
  { path, directory, keep = keptUnlessTold }: BackupRequest,
): Promise<WrittenBackup> {
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new TypeError(`keep must be a number from 1 on, and is ${keep}`);
  if (connection.backup === undefined) throw noWriter(session.options.driver.name);
  const database = await readFilePath(connection);
  if (database === "") throw noFile();
  const { heads } = await readVersionState(connection, session.options.versionTable);
  const folder = directory === undefined ? dirname(database) : resolve(directory);
  const random = randomBytes(4).toString("hex");
  const target =
    path === undefined
      ? join(folder, makeBackupName({ database, heads, now: new Date(), random }))
      : resolve(path);
  if (path === undefined) makeFolder(folder);
  assertFree(target);
  try {
    await buildNewFile(target, async (unfinished) => {
      await connection.backup?.(unfinished);
      await assertSound(session, unfinished, { heads, connection });
    });
  } catch (error) {
    throw toMigrationError(error, { action: "cannot write a backup" });
  }
  return { path: target, bytes: statSync(target).size, heads, database };
}

function noFile(): MigrationError {
  return new MigrationError(
    "SKM_UNSUPPORTED",
    "a backup is a copy of a file, and this database is in memory",
    {
      hint: "use `copy` to write it to a file",
    },
  );
}

function assertFree(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw new MigrationError(
    "SKM_BACKUP",
    `cannot write the backup ${quoteForMessage(path)}: it exists already`,
    {
      details: { path },
      hint: "choose another name",
    },
  );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toMigrationError(fromSystemError(folder, error));
  }
}

interface Expectation {
  readonly heads: readonly string[];
  readonly connection: Connection;
}

/** Opens the copy as somebody would who needs it. Objects may have come or gone meanwhile, revisions may not. */
async function assertSound(
  session: Session,
  path: string,
  { heads, connection }: Expectation,
): Promise<void> {
  const { driver, versionTable } = session.options;
  if (driver.forFile === undefined) throw noReader(driver.name);
  const copy = await driver.forFile(path).connect({ readOnly: true, create: false });
  try {
    const problem = await findDamage(copy);
    if (problem !== undefined) throw notSound(problem);
    const found = await readVersionState(copy, versionTable);
    if (!sameHeads(found.heads, heads)) {
      const now = await readVersionState(connection, versionTable);
      const what = sameHeads(now.heads, heads) ? "is at" : "was migrated meanwhile, it is at";
      throw notSound(
        `it ${what} ${found.heads.join(", ") || "base"} instead of ${heads.join(", ") || "base"}`,
      );
    }
  } finally {
    await copy.close();
  }
}

/** The first complaint of `integrity_check`, `undefined` when there is none (pragma.html#pragma_integrity_check). */
export async function findDamage(connection: Connection): Promise<string | undefined> {
  const { rows } = await connection.query({ sql: "SELECT integrity_check FROM pragma_integrity_check" });
  const first = String(rows[0]?.[0] ?? "ok");
  return first === "ok" ? undefined : first;
}

function notSound(problem: string): MigrationError {
  return new MigrationError("SKM_BACKUP", `the backup is not what it should be: ${problem}`, {
    details: { problem },
    hint: "nothing was kept; run `PRAGMA integrity_check` on the database itself",
  });
}

function noWriter(driver: string): MigrationError {
  return new MigrationError(
    "SKM_UNSUPPORTED",
    `the driver ${quoteForMessage(driver)} cannot write a backup`,
    {
      hint: "use another driver for the file, or `copy`",
    },
  );
}

function noReader(driver: string): MigrationError {
  return new MigrationError(
    "SKM_UNSUPPORTED",
    `the driver ${quoteForMessage(driver)} cannot open another file, which checking a backup needs`,
    { hint: "use a driver for files" },
  );
}
