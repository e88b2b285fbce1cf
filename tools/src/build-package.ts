import { spawnSync } from "node:child_process";
import { chmod, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { bundleEntries } from "./bundle-entries.ts";
import { copyDeclarations } from "./copy-declarations.ts";
import { entryStem, listEntries } from "./package-entries.ts";
import { readManifest } from "./package-manifest.ts";

const root = dirname(dirname(import.meta.dirname));

/**
 * Writes `dist` of one package anew: bundled JavaScript and the declarations of its entries.
 *
 * `dist` is deleted first, so nothing in it can be older than the sources.
 * @param folder The package folder, absolute.
 */
export async function buildPackage(folder: string): Promise<void> {
  const manifest = await readManifest(folder);
  const entries = listEntries(manifest);
  const outdir = join(folder, "dist");
  emitDeclarations(folder);
  await rm(outdir, { recursive: true, force: true });
  const files = await bundleEntries({ root, folder, outdir }, manifest, entries);
  for (const entry of entries.filter(({ id }) => id.startsWith("bin:"))) {
    await chmod(join(folder, entry.output), 0o755);
  }
  const typed = entries.filter(({ types }) => types !== null).map(entryStem);
  const declarations = await copyDeclarations({ from: join(folder, ".tsc"), to: outdir }, typed);
  const kilobytes = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
  console.log(
    `${basename(folder)}: ${entries.length} entries, ${files.length} files, ${kilobytes} kB, ${declarations.length} declarations`,
  );
}

/** Incremental: does nothing when a type check has just written the same. tsc prints its own findings. */
function emitDeclarations(folder: string): void {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b", "--pretty", "false", folder], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`the declarations of ${basename(folder)} cannot be written`);
}
