import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

/** `from "./x.ts"`, `import("./x.ts")` and `import "./x.ts"` as tsc prints them in declarations. */
const relativeImport = /(\bfrom |\bimport\(|\bimport )"(\.{1,2}\/[^"]+)\.ts"/g;

export interface DeclarationPlace {
  /** Where tsc wrote. */
  readonly from: string;
  /** What is published. */
  readonly to: string;
}

/**
 * Copies the declaration files that the entries reach, and no others, so that internals are not published.
 *
 * tsc's `rewriteRelativeImportExtensions` changes JavaScript only; declarations keep `./x.ts`, which names
 * a file that is not in the package. They are rewritten to `./x.js` here.
 * @param stems Entries as paths without extension, such as `"driver/index"`.
 * @returns the stems of all files written, sorted.
 */
export async function copyDeclarations(
  place: DeclarationPlace,
  stems: readonly string[],
): Promise<readonly string[]> {
  const pending = [...stems];
  const done = new Set<string>();
  for (let stem = pending.pop(); stem !== undefined; stem = pending.pop()) {
    if (done.has(stem)) continue;
    done.add(stem);
    const text = await readFile(join(place.from, `${stem}.d.ts`), "utf8");
    pending.push(...reachedStems(stem, text));
    const target = join(place.to, `${stem}.d.ts`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, rewriteImports(text));
  }
  return [...done].toSorted();
}

/** Turns the relative `.ts` imports of a declaration text into `.js`. */
export function rewriteImports(text: string): string {
  return text.replaceAll(relativeImport, '$1"$2.js"');
}

function reachedStems(stem: string, text: string): readonly string[] {
  return [...text.matchAll(relativeImport)].map((match) =>
    normalize(join(dirname(stem), match[2] ?? "")).replaceAll("\\", "/"),
  );
}
