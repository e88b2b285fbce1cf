import type { PackageManifest } from "./package-manifest.ts";

/** One published file and the source file it is built from, both relative to the package folder. */
export interface PackageEntry {
  /** `"."`, `"./driver"`, or `"bin:<command>"`. */
  readonly id: string;
  readonly source: string;
  readonly output: string;
  /** The declaration file, `null` for a command. */
  readonly types: string | null;
}

/**
 * Lists what a package publishes, from `exports` and `bin`.
 *
 * An entry's output mirrors its source (`src/a/b.ts` -> `dist/a/b.js`, `dist/a/b.d.ts`), because the
 * declarations that tsc writes do; anything else is refused here rather than found out by a user.
 * @throws {Error} an entry that does not mirror its source, or a package that publishes nothing.
 */
export function listEntries(manifest: PackageManifest): readonly PackageEntry[] {
  const entries: PackageEntry[] = [];
  for (const [id, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === "string") continue;
    const source = target.source ?? "";
    const entry = { id, source, output: target.default, types: target.types };
    assertMirrors(manifest.name, entry);
    entries.push(entry);
  }
  for (const [command, output] of Object.entries(manifest.bin ?? {})) {
    const source = output.replace(/^(\.\/)?dist\//, "./src/").replace(/\.js$/, ".ts");
    entries.push({ id: `bin:${command}`, source, output, types: null });
  }
  if (entries.length === 0) throw new Error(`${manifest.name} has neither exports nor bin`);
  return entries;
}

/** `./src/a/b.ts` -> `a/b`. */
export function entryStem(entry: PackageEntry): string {
  return entry.source.replace(/^(\.\/)?src\//, "").replace(/\.ts$/, "");
}

function assertMirrors(packageName: string, entry: PackageEntry): void {
  const stem = entryStem(entry);
  const expected = {
    ...entry,
    source: `./src/${stem}.ts`,
    output: `./dist/${stem}.js`,
    types: `./dist/${stem}.d.ts`,
  };
  for (const key of ["source", "output", "types"] as const) {
    if (entry[key] !== expected[key]) {
      const place = `${packageName}: exports["${entry.id}"]`;
      throw new Error(`${place} has ${key} "${entry[key]}", expected "${expected[key]}"`);
    }
  }
}
