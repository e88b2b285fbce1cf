import { dirname, resolve } from "node:path";
import type { BackupOptions } from "@skillmeat/migrate-core";
import type { ParsedArguments } from "../arguments/parse-arguments.ts";
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

/** The backup that an upgrade or downgrade makes before, where the call or the configuration wants one. */
export function backupBefore(
  { switches }: ParsedArguments,
  loaded: LoadedConfig | undefined,
): { readonly backup?: BackupOptions } {
  const configured = loaded?.config.backup ?? false;
  return switches.has("backup") || configured !== false ? { backup: backupOptions(loaded) } : {};
}
