import { isMigrationError, MigrationError } from "../../errors/migration-error.ts";
import { markClock } from "../../snapshot/clock.ts";
import { readEndState } from "../../snapshot/read-end-state.ts";
import type { EndState } from "../../snapshot/snapshot-document.ts";
import { snapshotStatements } from "../../snapshot/snapshot-statements.ts";
import type { RevisionLibrary } from "../revision-library.ts";
import { explainReplay, type SchemaContext } from "../schema-side.ts";
import { withScratch, type Scratch } from "../scratch.ts";

/**
 * What the revisions up to these heads make of an empty database. Values that say when they ran are marked.
 *
 * @throws {MigrationError} a revision fails, or leaves something that cannot be written down
 * (SKM_SNAPSHOT_REFUSED).
 */
export async function replayState(
  context: SchemaContext,
  library: RevisionLibrary,
  heads: readonly string[],
): Promise<EndState> {
  return await withScratch(context.scratch, async (scratch) => {
    const from = Date.now();
    try {
      await scratch.upgrade(library, heads);
    } catch (error) {
      throw explainReplay(error);
    }
    return markClock(await read(context, scratch), { from, to: Date.now() });
  });
}

/** What a snapshot makes of an empty database. */
export async function applyState(context: SchemaContext, state: EndState): Promise<EndState> {
  return await withScratch(context.scratch, async (scratch) => {
    const from = Date.now();
    await scratch.connection.unit(snapshotStatements(state));
    return markClock(await read(context, scratch), { from, to: Date.now() });
  });
}

async function read({ scratch: { versionTable } }: SchemaContext, scratch: Scratch): Promise<EndState> {
  try {
    return await readEndState(scratch.connection, versionTable.name);
  } catch (error) {
    if (!isMigrationError(error, "SKM_UNSUPPORTED")) throw error;
    throw refuseSnapshot(error.message.replace(/^cannot copy /u, "of "), [], error);
  }
}

/** The error for revisions that no snapshot can stand for. */
export function refuseSnapshot(problem: string, lines: readonly string[], cause?: unknown): MigrationError {
  const shown = lines.slice(0, 20).map((line) => `\n  ${line}`);
  return new MigrationError("SKM_SNAPSHOT_REFUSED", `cannot make a snapshot ${problem}${shown.join("")}`, {
    ...(cause === undefined ? {} : { cause }),
    details: { differences: lines },
    hint: "new databases go on replaying the revisions; a snapshot up to an older revision may be possible",
  });
}
