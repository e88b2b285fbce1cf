import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** One condition map of `exports`. `source` is for this repository only and is not published. */
export interface ExportTarget {
  readonly source?: string;
  readonly types: string;
  readonly default: string;
}

export type ExportMap = Readonly<Record<string, string | ExportTarget>>;

/** The members of a package.json that building and packing read. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: ExportMap;
  readonly files?: readonly string[];
  readonly publishConfig?: { readonly exports?: ExportMap };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Reads the package.json of a folder of this repository. */
export async function readManifest(folder: string): Promise<PackageManifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}
