import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script, constants, runInNewContext } from "node:vm";
import { onTestFinished } from "vitest";

/** The `import()` of Node.js itself: vitest replaces the one in sources by its own, which accepts more. */
export const importNatively = new Script("(url) => import(url)", {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as (url: string) => Promise<Record<string, unknown>>;

/** Makes a directory with these files, which is removed after the test, and returns its path. */
export function makeDirectory(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-script-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) writeInto(directory, name, content);
  return directory;
}

export function writeInto(directory: string, name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** The text of a revision file in the form that most have; `extra` fields are written as they are. */
export function revisionText(revision: string, downRevision: string | null, extra = ""): string {
  return `export default {
  revision: ${JSON.stringify(revision)},
  downRevision: ${JSON.stringify(downRevision)},${extra}
  upgrade(op) { op.execute("SELECT 1"); },
};
`;
}

/** A function that collects garbage at once. */
export function exposeGarbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
