import { isMigrationError, MigrationError } from "../../errors/migration-error.ts";
import { describeDifference } from "../../snapshot/describe-difference.ts";
import { assertSound } from "../revision-library.ts";
import type { SchemaContext } from "../schema-side.ts";
import { findMismatch } from "./find-mismatch.ts";
import { readSnapshot } from "./read-snapshot.ts";
import { applyState, replayState } from "./replay-state.ts";

/**
 * Proves a snapshot: it stands for the revisions that there are, and an empty database to which it is applied
 * holds what replaying them makes, definitions and rows.
 *
 * @returns what is wrong, as errors; none where all is well.
 */
export async function checkSnapshot(context: SchemaContext): Promise<readonly MigrationError[]> {
  const { snapshot: place } = context;
  if (place === null) return [finding("there is no snapshot", [])];
  const library = assertSound(await context.library());
  try {
    const snapshot = readSnapshot(place);
    const mismatch = await findMismatch(library, snapshot);
    if (mismatch !== null) return [finding(`the snapshot is not of these revisions: ${mismatch}`, [])];
    const made = await replayState(context, library, snapshot.heads);
    const differences = describeDifference(await applyState(context, snapshot.state), made);
    if (differences.length === 0) return [];
    return [finding("the snapshot does not make what the revisions make:", differences)];
  } catch (error) {
    if (isMigrationError(error, "SKM_SNAPSHOT_FILE")) return [finding(error.message, [])];
    throw error;
  }
}

function finding(problem: string, differences: readonly string[]): MigrationError {
  const shown = differences.slice(0, 20).map((line) => `\n  ${line}`);
  return new MigrationError("SKM_CHECK_SNAPSHOT", problem + shown.join(""), {
    details: { differences },
    hint: "write it anew with `snapshot`, or delete it: without it the revisions are replayed",
  });
}
