import { createMigrator, isMigrationError } from "@skillmeat/migrate-core";
import type { MigrationCase } from "../cases/migration-case.ts";
import { openDriver } from "../cases/open-driver.ts";
import type { JournalMode } from "../child/protocol.ts";

export interface Rerun {
  readonly migrationCase: MigrationCase;
  readonly database: string;
  readonly journalMode: JournalMode;
}

/**
 * Runs the command of a case on what a disturbed process left: from this process, which has never had the
 * database open. Nothing is repaired first.
 *
 * @returns the exit code of the command line.
 */
export async function rerun({ migrationCase, database, journalMode }: Rerun): Promise<number> {
  const { revisions, command } = migrationCase;
  const migrator = createMigrator({ driver: openDriver(database, journalMode), revisions });
  try {
    if (command.kind === "upgrade") await migrator.upgrade(command.target);
    else await migrator.downgrade(command.target);
    return 0;
  } catch (error) {
    if (isMigrationError(error)) return error.exitCode;
    throw error;
  } finally {
    await migrator.close();
  }
}
