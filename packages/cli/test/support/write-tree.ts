import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes files by their paths below a directory, in the place of all that its subdirectories hold. */
export function writeTree(root: string, files: Readonly<Record<string, string>>): void {
  for (const entry of readdirSync(root, { withFileTypes: true }))
    if (entry.isDirectory()) rmSync(join(root, entry.name), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
