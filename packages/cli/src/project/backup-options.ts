import { dirname, resolve } from "node:path";
import type { BackupOptions } from "@skillmeat/migrate-core";
import type { LoadedConfig } from "../config/load-config.ts";

/** Where the configuration wants backups, and how many. */
export function backupOptions(loaded: LoadedConfig | undefined): BackupOptions {
  const backup = loaded?.config.backup;
  if (loaded === undefined || typeof backup !== "object") return {};
  const { directory, keep } = backup;
  return {
    ...(directory === undefined ? {} : { directory: resolve(dirname(loaded.file), directory) }),
    ...(keep === undefined ? {} : { keep }),
  };
}

/** Whether the configuration wants a backup before every upgrade. */
export function wantsBackup(loaded: LoadedConfig | undefined): boolean {
  const backup = loaded?.config.backup ?? false;
  return backup !== false;
}
