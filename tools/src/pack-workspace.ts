import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createPackageFromTarballData, type Package } from "@arethetypeswrong/core";
import type { PackageManifest } from "./package-manifest.ts";
import { listWorkspace, repositoryRoot } from "./workspace-folders.ts";

/** A package as npm would receive it. */
export interface PackedPackage {
  readonly name: string;
  /** Of the workspace, absolute. */
  readonly folder: string;
  readonly tarball: string;
  /** As published: `publishConfig` applied, `workspace:` and `catalog:` replaced. */
  readonly manifest: PackageManifest;
  /** Paths inside the package, sorted. */
  readonly files: readonly string[];
  readonly contents: Package;
  /** The text of one file. */
  readonly readText: (path: string) => string;
}

/** Packs every public package of the workspace with pnpm. They must have been built. */
export function packWorkspace(destination: string): readonly PackedPackage[] {
  const root: { readonly packageManager: string } = JSON.parse(
    readFileSync(join(repositoryRoot, "package.json"), "utf8"),
  );
  const pack = ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", destination];
  execFileSync("npx", ["--yes", root.packageManager, ...pack], { cwd: repositoryRoot, stdio: "pipe" });
  const packed = globSync("*.tgz", { cwd: destination }).map((file) => readTarball(join(destination, file)));
  return packed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readTarball(tarball: string): PackedPackage {
  const contents = createPackageFromTarballData(readFileSync(tarball));
  const prefix = `/node_modules/${contents.packageName}/`;
  const readText = (path: string): string => contents.readFile(prefix + path);
  const manifest: PackageManifest = JSON.parse(readText("package.json"));
  const folder = listWorkspace().find((each) => each.manifest.name === manifest.name)?.path;
  if (folder === undefined) throw new Error(`${manifest.name} is not in the workspace`);
  const files = contents.listFiles().map((path) => path.slice(prefix.length));
  return { name: manifest.name, folder, tarball, manifest, files: files.toSorted(), contents, readText };
}
