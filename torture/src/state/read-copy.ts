import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { readDatabaseState, type DatabaseState } from "./database-state.ts";

/**
 * Reads the state of a database without touching its files. Opening a database repairs it, so a look at the
 * files themselves would take the repair away from the program that comes next.
 *
 * @param directory holds the database with its journal or WAL; no process may have it open.
 */
export async function readStateOfCopy(directory: string, name: string): Promise<DatabaseState> {
  const copy = `${directory}.copy`;
  await cp(directory, copy, { recursive: true });
  try {
    return readDatabaseState(join(copy, name));
  } finally {
    await rm(copy, { recursive: true });
  }
}
