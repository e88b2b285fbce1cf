import { isMigrationError } from "../../errors/migration-error.ts";
import type { CommandContext } from "../context.ts";
import { readSnapshot } from "../snapshot/read-snapshot.ts";
import { mayBeThere } from "../snapshot/snapshot-place.ts";

/** A snapshot that stands for revisions which a squash replaces: new databases are not made from it any more. */
export interface StaleSnapshot {
  /** `null` for one that the program passes as an object. */
  readonly path: string | null;
}

/** @param gone the revisions whose files go. Nothing is written. */
export function findStaleSnapshot(
  { snapshot: place }: Pick<CommandContext, "snapshot">,
  gone: readonly string[],
): StaleSnapshot | null {
  if (place === null || !mayBeThere(place)) return null;
  try {
    const { heads, revisions } = readSnapshot(place);
    const ids = new Set([...heads, ...revisions.map(({ revision }) => revision)]);
    if (!gone.some((id) => ids.has(id))) return null;
    return { path: place.kind === "file" ? place.path : null };
  } catch (error) {
    // One that cannot be read was none before, as `upgrade` and `check` say.
    if (isMigrationError(error, "SKM_SNAPSHOT_FILE")) return null;
    throw error;
  }
}
