import type { NodeBuiltins } from "./node-builtins.ts";
import { scannerVersion } from "./scan-header.ts";

/** A header in the cache: the fields in the order of `headerFields`; `null` when the text leaves it open. */
export type HeaderRow = readonly unknown[] | null;

/** What is kept about one directory. The lists run parallel and are sorted by name. */
export interface HeaderCache {
  readonly names: readonly string[];
  /** See `stampFile`. */
  readonly stamps: readonly number[];
  readonly headers: readonly HeaderRow[];
  /** The stamps of the directories in the order of the listing; empty when they had not settled. */
  readonly directories: readonly number[];
}

interface CacheFile extends Omit<HeaderCache, "names"> {
  readonly version: number;
  readonly root: string;
  readonly names: string;
}

/** Changes with the format of the file and with what the scanner reads. */
const version = 1_000 + scannerVersion;

/** Cannot stand in a relative path. */
const nameSeparator = "//";

/**
 * Reads the kept headers of a directory.
 *
 * @returns `null` when there are none, when they belong to another version or directory, or when the file
 * could have been written by somebody else
 */
export function readCacheFile(path: string, root: string, { fs }: NodeBuiltins): HeaderCache | null {
  const text = readOwnFile(path, fs);
  const file = text === null ? null : parseCacheFile(text);
  if (file === null || file.version !== version || file.root !== root) return null;
  const names = file.names === "" ? [] : file.names.split(nameSeparator);
  const { stamps, headers, directories } = file;
  const isWhole = names.length === stamps.length && names.length === headers.length;
  return isWhole ? { names, stamps, headers, directories } : null;
}

/**
 * Keeps the headers of a directory. The file appears whole or not at all, readable by its owner only.
 * That it cannot be written (a read-only installation, a full disk) is no error: reading is slower then.
 */
export function writeCacheFile(path: string, root: string, options: WriteOptions): void {
  const { cache, builtins } = options;
  const { fs } = builtins;
  const file: CacheFile = { version, root, ...cache, names: cache.names.join(nameSeparator) };
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    fs.mkdirSync(builtins.path.dirname(path), { recursive: true, mode: 0o700 });
    fs.writeFileSync(temporary, JSON.stringify(file), { flag: "wx", mode: 0o600 });
    fs.renameSync(temporary, path);
  } catch {
    removeIfPossible(temporary, fs);
  }
}

function removeIfPossible(path: string, fs: NodeBuiltins["fs"]): void {
  try {
    fs.rmSync(path, { force: true });
  } catch {
    // It could not be made in the first place.
  }
}

export interface WriteOptions {
  readonly cache: HeaderCache;
  readonly builtins: NodeBuiltins;
}

function readOwnFile(path: string, fs: NodeBuiltins["fs"]): string | null {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    const { uid, mode } = fs.fstatSync(descriptor);
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOurs ? fs.readFileSync(descriptor, "utf8") : null;
  } catch {
    // Not there, or not to be read: then there is no cache.
    return null;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

function parseCacheFile(text: string): CacheFile | null {
  try {
    const file: unknown = JSON.parse(text);
    return isCacheFile(file) ? file : null;
  } catch {
    // Cut off by a power failure: then there is no cache.
    return null;
  }
}

function isCacheFile(value: unknown): value is CacheFile {
  if (typeof value !== "object" || value === null) return false;
  const file: Readonly<Record<string, unknown>> = { ...value };
  const lists = [file["stamps"], file["headers"], file["directories"]];
  return typeof file["names"] === "string" && lists.every(Array.isArray);
}
