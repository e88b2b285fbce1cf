import { toMigrationError } from "../driver/to-migration-error.ts";
import type { CommandContext } from "./context.ts";

/** Creates the version table where it is missing. Returns whether it was. */
export async function ensureVersion(context: CommandContext): Promise<boolean> {
  const { session } = context;
  const { versionTable, waitMs } = session.options;
  await session.readHeads("write");
  if (session.knowsVersionTable()) return false;
  try {
    const connection = await session.openForWriting();
    await connection.unit([versionTable.create], { waitMs });
    return true;
  } catch (error) {
    throw toMigrationError(error);
  }
}
