import { isAbsolute, join, relative } from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { entryStem, type PackageEntry } from "./package-entries.ts";
import type { PackageManifest } from "./package-manifest.ts";
import { plainBuiltin, takePlainBuiltins } from "./plain-builtins.ts";

/** What is where; all absolute. */
export interface BundlePlace {
  readonly root: string;
  readonly folder: string;
  readonly outdir: string;
}

/** A file that was written, relative to the root. */
export interface BundledFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Bundles every entry of a package into one ESM file of its own.
 *
 * In a module that others import, all dependencies stay imports; what several entries share and what is
 * imported on use become files beside them. A command is started again and again, and each file that is
 * found and read counts: it becomes one file with all that it takes from the workspace, and a small first
 * one (see {@link bundleCommand}). Code of anybody else never gets in: it would be published under our name
 * and licence, and unnoticed.
 * @throws {Error} a file from outside the workspace's `src` folders was pulled in.
 */
export async function bundleEntries(
  place: BundlePlace,
  manifest: PackageManifest,
  entries: readonly PackageEntry[],
): Promise<readonly BundledFile[]> {
  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies };
  const thirdParty = Object.keys(dependencies).filter(
    (name) => !dependencies[name]?.startsWith("workspace:"),
  );
  const isCommand = ({ types }: PackageEntry): boolean => types === null;
  const metafiles: Metafile[] = [];
  const modules = entries.filter((entry) => !isCommand(entry));
  if (modules.length > 0) metafiles.push(await bundleModules(place, modules, Object.keys(dependencies)));
  for (const command of entries.filter(isCommand)) {
    metafiles.push(...(await bundleCommand(place, command, thirdParty)));
  }
  for (const metafile of metafiles) assertOwnSourceOnly(manifest.name, metafile);
  return metafiles.flatMap(({ outputs }) =>
    Object.entries(outputs).map(([path, { bytes }]) => ({ path, bytes })),
  );
}

async function bundleModules(
  place: BundlePlace,
  entries: readonly PackageEntry[],
  imported: readonly string[],
): Promise<Metafile> {
  const { metafile } = await build({
    ...commonOptions(place, imported),
    entryPoints: entries.map((entry) => ({ in: sourcePath(place, entryStem(entry)), out: entryStem(entry) })),
    chunkNames: "chunks/[name]-[hash]",
    splitting: true,
    plugins: [takePlainBuiltins()],
  });
  return metafile;
}

/**
 * What the first file of a command imports dynamically stays a file of its own, because something has to
 * happen before it is loaded: checking the version of Node, switching on the compile cache. Further dynamic
 * imports are inside that file, and run when they are reached.
 */
async function bundleCommand(
  place: BundlePlace,
  command: PackageEntry,
  imported: readonly string[],
): Promise<readonly Metafile[]> {
  const late = new Set<string>();
  const bundleFile = async (stem: string, plugins: Plugin[]): Promise<Metafile> => {
    const entryPoints = [{ in: sourcePath(place, stem), out: stem }];
    const { metafile } = await build({
      ...commonOptions(place, imported),
      // One character beyond Latin-1 makes V8 keep the whole file in two bytes for each character.
      charset: "ascii",
      entryPoints,
      plugins: [takePlainBuiltins(), ...plugins],
    });
    return metafile;
  };
  const metafiles = [await bundleFile(entryStem(command), [keepDynamicImports(late)])];
  for (const stem of late) metafiles.push(await bundleFile(stem, []));
  return metafiles;
}

/** Leaves `import("./x.ts")` in place as `import("./x.js")` and adds `x` to the set. */
function keepDynamicImports(stems: Set<string>): Plugin {
  return {
    name: "keep-dynamic-imports",
    setup(plugin) {
      plugin.onResolve({ filter: /^\.\// }, ({ kind, path }) => {
        if (kind !== "dynamic-import") return undefined;
        const stem = path.replace(/^\.\//, "").replace(/\.ts$/, "");
        stems.add(stem);
        return { path: `./${stem}.js`, external: true };
      });
    },
  };
}

function commonOptions(place: BundlePlace, imported: readonly string[]) {
  return {
    absWorkingDir: place.root,
    outdir: place.outdir,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22.18",
    conditions: ["source"],
    external: imported.flatMap((name) => [name, `${name}/*`]),
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  } as const satisfies BuildOptions;
}

function sourcePath({ root, folder }: BundlePlace, stem: string): string {
  return relative(root, join(folder, "src", `${stem}.ts`));
}

const ownOrBuiltin = new RegExp(`^(?:packages/[^/]+/src/|${plainBuiltin}:node:)`);

function assertOwnSourceOnly(name: string, metafile: Metafile): void {
  const foreign = Object.keys(metafile.inputs).filter((path) => isAbsolute(path) || !ownOrBuiltin.test(path));
  if (foreign.length > 0) {
    const found = foreign.join(", ");
    throw new Error(`${name} would bundle ${found}: declare it under "dependencies" or "peerDependencies"`);
  }
}
