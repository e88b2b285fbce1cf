import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { MigrationError } from "@skillmeat/migrate-core";
import type { Environment } from "../database/read-environment.ts";

/** How an editor is started; the paths of files follow `args`. */
export interface Editor {
  /** As it was chosen, for messages. */
  readonly command: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly needsShell: boolean;
}

const usual = ["sensible-editor", "editor", "nano", "vim", "vi"];

/**
 * Finds the editor: `$EDITOR`, else `$VISUAL`, as Alembic does, else one that is usually there. Like git, it lets
 * a shell read the variable, so that it can hold arguments and quotes.
 *
 * @throws {MigrationError} SKM_EDITOR
 */
export function findEditor(env: Environment): Editor {
  const chosen = [env["EDITOR"], env["VISUAL"]].find((value) => value !== undefined && value.trim() !== "");
  if (process.platform === "win32") {
    const command = chosen ?? "notepad";
    return { command, program: command, args: [], needsShell: true };
  }
  if (chosen !== undefined) {
    return { command: chosen, program: "/bin/sh", args: ["-c", `${chosen} "$@"`, chosen], needsShell: false };
  }
  const directories = (env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  const program = usual.find((name) => directories.some((directory) => canRun(join(directory, name))));
  if (program !== undefined) return { command: program, program, args: [], needsShell: false };
  throw new MigrationError("SKM_EDITOR", "there is no editor", {
    hint: "set EDITOR to the command of one, such as `nano` or `code --wait`",
  });
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: the next candidate may be.
    return false;
  }
}
