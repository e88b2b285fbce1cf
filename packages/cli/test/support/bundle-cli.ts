import { join } from "node:path";
import { build } from "esbuild";

const folder = join(import.meta.dirname, "..", "..");

/** Where the bundle is: in the package but outside node_modules, where the package knows its own name. */
export const bundleDirectory: string = join(folder, ".tsc", "test-bundle");

/**
 * Bundles the command line from the sources of all packages before the tests of this package run. A process
 * that runs the bundle starts several times faster than one that runs the sources, and the tests start many.
 */
export async function setup(): Promise<void> {
  await build({
    absWorkingDir: folder,
    entryPoints: ["src/bin.ts"],
    outdir: bundleDirectory,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.18",
    conditions: ["source"],
    external: ["better-sqlite3"],
    logLevel: "warning",
  });
}
