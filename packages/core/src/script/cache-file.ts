import type { Stats } from "node:fs";
import type { NodeBuiltins } from "./node-builtins.ts";

/**
 * Reads the lines of a cache file.
 *
 * @returns `null` when there is none, or when somebody else could have written it
 */
export function readCacheFile(path: string, { fs }: NodeBuiltins): readonly string[] | null {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, readFlags(fs));
    return isOurs(fs.fstatSync(descriptor)) ? fs.readFileSync(descriptor, "utf8").split("\n") : null;
  } catch {
    // Not there, or not to be read: then there is no cache.
    return null;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** A link is not followed, and a pipe does not keep us waiting. Both flags are missing on Windows. */
function readFlags({ constants }: NodeBuiltins["fs"]): number {
  return constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
}

function isOurs(stats: Stats): boolean {
  if (!stats.isFile()) return false;
  return process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0);
}

/**
 * Writes the lines of a cache file, which appears whole or not at all, readable by its owner only. That it
 * cannot be written (a read-only installation, a full disk) is no error: reading is slower then.
 */
export function writeCacheFile(path: string, lines: readonly string[], builtins: NodeBuiltins): void {
  const { fs } = builtins;
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    fs.mkdirSync(builtins.path.dirname(path), { recursive: true, mode: 0o700 });
    fs.writeFileSync(temporary, lines.join("\n"), { flag: "wx", mode: 0o600 });
    fs.renameSync(temporary, path);
  } catch {
    removeIfPossible(temporary, builtins);
  }
}

function removeIfPossible(path: string, { fs }: NodeBuiltins): void {
  try {
    fs.rmSync(path, { force: true });
  } catch {
    // It could not be made in the first place.
  }
}
