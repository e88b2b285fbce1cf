import { createRequire } from "node:module";
import type { Command } from "./command.ts";

/** `--version` */
export const version: Command = ({ output }) => {
  const name = "skillmeat-migrate";
  const version = readVersion();
  output.present({ text: `${name} ${version}`, document: { name, version, node: process.versions.node } });
  return Promise.resolve(0);
};

/** By the name of this package, which holds for the source and for the bundle alike. */
function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("@skillmeat/migrate-cli/package.json");
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new TypeError("the package.json of this program has no version");
}
