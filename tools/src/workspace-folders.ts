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

/** Every package of the workspace, by name. */
export function listWorkspace(root: string = repositoryRoot): readonly WorkspaceFolder[] {
  return globSync(["packages/*/package.json", "tools/package.json", "benchmarks/package.json"], { cwd: root })
    .map((path) => {
      const manifest: PackageManifest = JSON.parse(readFileSync(join(root, path), "utf8"));
      return { path: join(root, dirname(path)), manifest };
    })
    .toSorted((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
}
