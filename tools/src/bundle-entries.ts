import { relative } from "node:path";
import { build, type Metafile } from "esbuild";
import { entryStem, type PackageEntry } from "./package-entries.ts";
import type { PackageManifest } from "./package-manifest.ts";

/** What is where; all absolute. */
export interface BundlePlace {
  readonly root: string;
  readonly folder: string;
  readonly outdir: string;
}

/**
 * Bundles every entry of a package into one ESM file of its own, plus the files they share and those
 * imported on use.
 *
 * `dependencies` and `peerDependencies` stay imports; workspace packages among `devDependencies` become
 * part of the bundle (their `source` condition is followed). Code of anybody else never gets in: it
 * would be published under our name and licence, and unnoticed.
 * @throws {Error} a file from outside the workspace's `src` folders was pulled in.
 */
export async function bundleEntries(
  place: BundlePlace,
  manifest: PackageManifest,
  entries: readonly PackageEntry[],
): Promise<Metafile> {
  const imported = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const { metafile } = await build({
    absWorkingDir: place.root,
    entryPoints: entries.map((entry) => ({
      in: `${relative(place.root, place.folder)}/${entry.source.replace(/^\.\//, "")}`,
      out: entryStem(entry),
    })),
    outdir: place.outdir,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.18",
    conditions: ["source"],
    external: imported.flatMap((name) => [name, `${name}/*`]),
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  assertOwnSourceOnly(manifest.name, metafile);
  return metafile;
}

function assertOwnSourceOnly(name: string, metafile: Metafile): void {
  const foreign = Object.keys(metafile.inputs).filter((path) => !/^packages\/[^/]+\/src\//.test(path));
  if (foreign.length > 0) {
    throw new Error(
      `${name} would bundle ${foreign.join(", ")}: declare the package under "dependencies" or "peerDependencies"`,
    );
  }
}
