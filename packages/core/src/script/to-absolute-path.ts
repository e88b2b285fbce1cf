import type { NodeBuiltins } from "./node-builtins.ts";

/** Resolves a directory of revision files, given as a path or a `file:` URL, against the working directory. */
export function toAbsolutePath(directory: string | URL, { path, url }: NodeBuiltins): string {
  if (typeof directory !== "string") return url.fileURLToPath(directory);
  if (directory === "") throw new TypeError("the directory of revision files is an empty string");
  return path.resolve(directory);
}
