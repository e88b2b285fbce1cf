import type { RunResult } from "../../run/result.ts";
import type { CommandContext } from "../context.ts";
import type { BackupOptions } from "./write-backup.ts";

export interface BackedUpOptions {
  /**
   * Makes a backup before the first revision, if there is one to run, and restores it when only a part of the run
   * could be committed.
   */
  readonly backup?: boolean | BackupOptions;
}

/** Runs with a backup made before where one is wanted. */
export async function backedUp(
  context: CommandContext,
  backup: BackedUpOptions["backup"] = false,
  run: () => Promise<RunResult>,
): Promise<RunResult> {
  if (backup === false) return await run();
  const { runWithBackup } = await import("../on-demand.ts");
  return await runWithBackup(context, backup === true ? {} : backup, run);
}
