import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { NodeBuiltins } from "./node-builtins.ts";

/** Where a symbolic link in a directory of revision files leads. */
export type LinkTarget =
  | { readonly kind: "file" | "directory"; readonly realPath: string }
  | { readonly kind: "problem"; readonly leadsOutside: boolean; readonly error: MigrationError };

export interface LinkRules {
  readonly builtins: NodeBuiltins;
  readonly root: string;
  /** `root` with symbolic links resolved: the target must lie in it. */
  readonly realRoot: string;
  readonly options: { readonly followSymlinks?: boolean | undefined };
}

/** Resolves a link and refuses those that leave the directory: revision files are code. */
export function resolveLink(path: string, rules: LinkRules): LinkTarget {
  const target = readTarget(path, rules.builtins);
  if (target === null) return { kind: "problem", leadsOutside: false, error: brokenLink(path) };
  if (rules.options.followSymlinks === true || isInside(target.realPath, rules)) return target;
  return { kind: "problem", leadsOutside: true, error: outsideLink(path, target.realPath, rules.root) };
}

function readTarget(path: string, { fs }: NodeBuiltins): Exclude<LinkTarget, { kind: "problem" }> | null {
  try {
    const realPath = fs.realpathSync(path);
    const stats = fs.statSync(realPath);
    if (stats.isDirectory()) return { kind: "directory", realPath };
    return stats.isFile() ? { kind: "file", realPath } : null;
  } catch {
    // Missing, a loop of links, or not to be entered: in every case there is nothing to read.
    return null;
  }
}

function isInside(target: string, { realRoot, builtins: { path } }: LinkRules): boolean {
  const relative = path.relative(realRoot, target);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function outsideLink(path: string, target: string, root: string): MigrationError {
  return new MigrationError(
    "SKM_SCRIPT_OUTSIDE",
    `cannot use revision file ${quoteForMessage(path, 1000)}: it is a symbolic link to ` +
      `${quoteForMessage(target, 1000)}, outside of its directory`,
    {
      details: { path, target, directory: root },
      hint: "copy the file into the directory, or allow links with followSymlinks",
    },
  );
}

function brokenLink(path: string): MigrationError {
  return new MigrationError(
    "SKM_SCRIPT_LOAD",
    `cannot load revision file ${quoteForMessage(path, 1000)}: it is a symbolic link that leads to no file`,
    { details: { path }, hint: "restore the file it points to, or delete the link" },
  );
}
