import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCopy } from "../../copy/run-copy.ts";
import type { Connection, Driver } from "../../driver/driver.ts";
import { fromSystemError } from "../../driver/file-error.ts";
import { toMigrationError } from "../../driver/to-migration-error.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { writeBackup } from "../backup/write-backup.ts";
import type { SchemaContext } from "../schema-side.ts";

/**
 * Makes a copy of the database in a directory of its own, for this user only, and removes it after the task,
 * whatever happens. A file is copied as a backup is, a server by its rows.
 *
 * @throws {SKM_UNSUPPORTED} there is no driver for the copy.
 */
export async function withCopy<T>(
  context: SchemaContext,
  {
    connection,
    directory = tmpdir(),
  }: { readonly connection: Connection; readonly directory?: string | undefined },
  task: (driver: Driver) => Promise<T>,
): Promise<T> {
  const folder = makeFolder(resolve(directory));
  try {
    const path = join(folder, "copy.db");
    return await task(await copyTo(context, connection, path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function copyTo(
  { session, scratch }: SchemaContext,
  connection: Connection,
  path: string,
): Promise<Driver> {
  const { driver, waitMs } = session.options;
  if (connection.backup !== undefined && driver.forFile !== undefined) {
    await writeBackup(session, connection, { path });
    return driver.forFile(path);
  }
  const maker = driver.forFile === undefined ? scratch.driver : driver;
  const open = (file: string): Driver | undefined => maker?.forFile?.(file);
  const copy = open(path);
  if (copy === undefined) {
    throw new MigrationError("SKM_UNSUPPORTED", "a rehearsal needs a driver for files, for the copy", {
      hint: "pass createMigrator({ scratch }) with a driver for files",
    });
  }
  await runCopy({ from: driver, to: { kind: "file", path, open: (file) => open(file) ?? copy }, waitMs });
  return copy;
}

function makeFolder(directory: string): string {
  try {
    return mkdtempSync(join(directory, "skillmeat-rehearsal-"));
  } catch (error) {
    throw toMigrationError(fromSystemError(directory, error));
  }
}
