import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { fromSystemError, systemErrorCode } from "../driver/file-error.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";

/** Makes the directory in which a copy becomes complete, for this user only, beside its final place. */
export function makeUnfinished(path: string): string {
  try {
    return mkdtempSync(join(dirname(path), `${prefixOf(path)}${process.pid}-`));
  } catch (error) {
    throw toMigrationError(fromSystemError(path, error));
  }
}

/** Removes what killed processes of this machine left of copies to the same place. */
export function removeUnfinished(path: string): void {
  const parent = dirname(path);
  const prefix = prefixOf(path);
  for (const name of readdirSync(parent)) {
    const [, pid] = name.startsWith(prefix) ? (/^(\d+)-\w{6}$/.exec(name.slice(prefix.length)) ?? []) : [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** The name of the machine is in it: a process id means nothing on another one that shares the directory. */
function prefixOf(path: string): string {
  return `.${basename(path)}.copy-${hostname().replaceAll(/[^\w.-]/g, "_")}-`;
}

/** Signal 0 only asks. EPERM: it is alive and somebody else's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== "ESRCH";
  }
}
