import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Whether Node.js takes files below a directory for modules only when their names say so (`.mts`, `.mjs`): the
 * nearest package.json has another type, or none, and then every start warns.
 *
 * @see https://nodejs.org/api/packages.html#determining-module-system
 */
export function needsModuleExtension(directory: string): boolean {
  const manifest = findManifest(directory);
  return manifest !== undefined && !/"type"\s*:\s*"module"/u.test(readFileSync(manifest, "utf8"));
}

function findManifest(directory: string): string | undefined {
  const path = join(directory, "package.json");
  if (existsSync(path)) return path;
  return dirname(directory) === directory ? undefined : findManifest(dirname(directory));
}
