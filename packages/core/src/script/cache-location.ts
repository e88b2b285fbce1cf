import type { NodeBuiltins } from "./node-builtins.ts";

const folder = "skillmeat-migrate";

/**
 * Where headers of a directory are kept: `node_modules/.cache/skillmeat-migrate` of the project that the
 * directory belongs to, else the user's cache directory. Never among the revision files.
 *
 * @param root absolute
 * @returns `null` when there is neither
 */
export function findCacheDirectory(root: string, builtins: NodeBuiltins): string | null {
  const { path } = builtins;
  const modules = findNodeModules(root, builtins);
  if (modules !== null) return path.join(modules, ".cache", folder);
  const cache = findUserCache(builtins);
  return cache === null ? null : path.join(cache, folder);
}

/** Names the file in the cache directory; two directories do not share one but by a chance of 2^-53. */
export function nameCacheFile(root: string, recursive: boolean): string {
  const text = `${recursive ? "r" : "f"}:${root}`;
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  // FNV-1a in two lanes; `node:crypto` would cost more than reading the file.
  for (let index = 0; index < text.length; index += 1) {
    high = Math.imul(high ^ text.charCodeAt(index), 0x01000193);
    low = Math.imul(low ^ high, 0x85ebca6b);
  }
  const hex = [high, low].map((lane) => (lane >>> 0).toString(16).padStart(8, "0"));
  return `headers-${hex.join("")}.json`;
}

/** The nearest `node_modules` that belongs to the user: what others own, others may fill. */
function findNodeModules(root: string, { fs, path }: NodeBuiltins): string | null {
  const user = process.getuid?.();
  for (let directory = root; ; directory = path.dirname(directory)) {
    const candidate = path.join(directory, "node_modules");
    const stats = fs.statSync(candidate, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true && (user === undefined || stats.uid === user)) return candidate;
    if (path.dirname(directory) === directory) return null;
  }
}

function findUserCache({ path }: NodeBuiltins): string | null {
  const { env, platform } = process;
  const home = env["HOME"];
  const named = platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_CACHE_HOME"];
  // The XDG Base Directory Specification tells to ignore relative paths.
  if (named !== undefined && path.isAbsolute(named)) return named;
  if (home === undefined || !path.isAbsolute(home)) return null;
  return platform === "darwin" ? path.join(home, "Library", "Caches") : path.join(home, ".cache");
}
