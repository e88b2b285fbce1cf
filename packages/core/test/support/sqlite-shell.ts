import { spawnSync } from "node:child_process";

export interface ShellOutcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with the sqlite3 shell, as a user would; `"-bail"` stops it at the first error. */
export function runShell(path: string, script: string, ...options: readonly "-bail"[]): ShellOutcome {
  const { error, status, stdout, stderr } = spawnSync("sqlite3", ["-batch", ...options, path], {
    input: script,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  return { exit: status, stdout, stderr };
}

/** Everything that a database holds, as SQL. */
export function dump(path: string): string {
  return runShell(path, ".dump\n").stdout;
}
