import { join } from "node:path";
import process from "node:process";
import { run } from "./measure/run.ts";

const root = join(import.meta.dirname, "..", "..");

/** Builds what is measured: the packages as they are published, not their sources. */
export async function buildPackages(): Promise<void> {
  const build = join(root, "tools", "build.mjs");
  for (const folder of ["core", "driver-better-sqlite3", "driver-libsql", "skillmeat-schema", "cli"]) {
    const script = `process.chdir(${JSON.stringify(join(root, "packages", folder))}); await import(${JSON.stringify(build)});`;
    await run(process.execPath, ["--input-type=module", "--eval", script]);
  }
}
