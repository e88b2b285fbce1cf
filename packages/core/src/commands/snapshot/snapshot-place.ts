import { loadNodeBuiltins } from "../../script/node-builtins.ts";
import { toAbsolutePath } from "../../script/to-absolute-path.ts";
import { snapshotFileName } from "../../snapshot/snapshot-document.ts";
import type { RevisionLocations } from "../choose-directory.ts";

/** The path of a snapshot's file, what such a file holds as JSON, or `false` for none. */
export type SnapshotOption = string | false | Readonly<Record<string, unknown>>;

/** Where a snapshot may be found. */
export type SnapshotPlace =
  | {
      readonly kind: "file";
      /** Absolute. */
      readonly path: string;
      /** A file that was named has to be there. */
      readonly isNamed: boolean;
    }
  | { readonly kind: "value"; readonly json: Readonly<Record<string, unknown>> };

/** Finds out where a snapshot may be. Nothing is read. */
export function findSnapshotPlace(
  option: SnapshotOption | undefined,
  { directories: [directory] }: RevisionLocations,
): SnapshotPlace | null {
  if (option === false) return null;
  if (typeof option === "object") return { kind: "value", json: option };
  if (option !== undefined) {
    return { kind: "file", path: toAbsolutePath(option, loadNodeBuiltins()), isNamed: true };
  }
  if (directory === undefined) return null;
  const path = loadNodeBuiltins().path.join(directory, snapshotFileName);
  return { kind: "file", path, isNamed: false };
}

/** Whether there is a snapshot, or should be one: only a file that nobody has named may be missing. */
export function mayBeThere(place: SnapshotPlace): boolean {
  return place.kind === "value" || place.isNamed || loadNodeBuiltins().fs.existsSync(place.path);
}
