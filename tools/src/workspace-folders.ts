import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackageManifest } from "./package-manifest.ts";

/** The folder of this repository. */
export const repositoryRoot: string = dirname(dirname(import.meta.dirname));

export interface WorkspaceFolder {
  /** Absolute. */
  readonly path: string;
  readonly manifest: PackageManifest;
}

/**
 * Every package of the workspace, by name; the root is not one of them.
 * @throws {Error} pnpm-workspace.yaml lists no folders.
 */
export function listWorkspace(root: string = repositoryRoot): readonly WorkspaceFolder[] {
  return globSync(workspacePatterns(root), { cwd: root })
    .map((path) => {
      const manifest: PackageManifest = JSON.parse(readFileSync(join(root, path), "utf8"));
      return { path: join(root, dirname(path)), manifest };
    })
    .toSorted((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
}

/** The `packages` of pnpm-workspace.yaml: its one list of plain strings that is read here. */
function workspacePatterns(root: string): readonly string[] {
  const list = /^packages:\n((?: +- .*\n)+)/m.exec(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"));
  if (list?.[1] === undefined) throw new Error("pnpm-workspace.yaml has no list of packages");
  return list[1]
    .trimEnd()
    .split("\n")
    .map((line) => `${line.replace(/^ +- /, "").replaceAll('"', "")}/package.json`);
}
