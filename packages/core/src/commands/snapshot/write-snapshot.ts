import { setTimeout as sleep } from "node:timers/promises";
import { upgradePath } from "../../revision/upgrade-path.ts";
import { guardExit } from "../../run/exit-guard.ts";
import { describeDifference } from "../../snapshot/describe-difference.ts";
import { renderSnapshot, sealSnapshot } from "../../snapshot/render-snapshot.ts";
import { digestSource } from "../../snapshot/revision-sources.ts";
import type { EndState, Snapshot, SnapshotRevision } from "../../snapshot/snapshot-document.ts";
import { assertResolvable } from "../resolve-early.ts";
import { assertSound, type RevisionLibrary } from "../revision-library.ts";
import type { SchemaContext } from "../schema-side.ts";
import { checksumOfRevision } from "./find-mismatch.ts";
import { applyState, refuseSnapshot, replayState } from "./replay-state.ts";
import { writeSnapshotFile } from "./write-snapshot-file.ts";

export interface SnapshotRequest {
  /** The newest revisions that it stands for, `heads` unless told. */
  readonly target?: string | readonly string[];
}

export interface SnapshotResult {
  readonly outcome: "written" | "unchanged";
  /** The file; `null` where the migrator was given no directory and no path. */
  readonly path: string | null;
  /** What stands in the file. */
  readonly text: string;
  readonly heads: readonly string[];
  /** How many revisions it stands for. */
  readonly revisions: number;
  /** Statements that create something, and rows that are inserted. */
  readonly objects: number;
  readonly rows: number;
}

/**
 * Makes a snapshot: replays the revisions in two empty databases, of which the second comes in another second of
 * the clock, and tries out what they make in a third one. The database of the project is not opened.
 *
 * @throws {MigrationError} SKM_SNAPSHOT_REFUSED: what the revisions make is not the same each time, or cannot be
 * written down.
 */
export async function snapshot(
  context: SchemaContext,
  { target = "heads" }: SnapshotRequest = {},
): Promise<SnapshotResult> {
  const made = await makeSnapshot(context, target, untilNextSecond);
  const text = renderSnapshot(made);
  const { snapshot: place } = context;
  const path = place?.kind === "file" ? place.path : null;
  const { state, heads, revisions } = made;
  return {
    outcome: path === null ? "written" : writeSnapshotFile(path, text),
    path,
    text,
    heads,
    revisions: revisions.length,
    objects: state.schema.length + state.triggers.length,
    rows: state.rows.reduce((sum, { rows }) => sum + rows.length, 0),
  };
}

/** @param pause waits until what revisions write down as the time of day has changed. */
export async function makeSnapshot(
  context: SchemaContext,
  target: string | readonly string[],
  pause: () => Promise<void>,
): Promise<Snapshot> {
  const library = assertSound(await context.library());
  const { graph } = library;
  const targets = typeof target === "string" ? target : [...target];
  if (graph.heads.length > 0) assertResolvable(graph, targets);
  const steps = graph.heads.length === 0 ? [] : upgradePath(graph, [], targets);
  const heads = steps.at(-1)?.headsAfter ?? [];
  if (heads.length === 0) throw refuseSnapshot("of no revision at all", []);
  const ids = steps.map(({ revision }) => revision);
  const revisions = await describeRevisions(library, ids);
  const state = await replayTwice(context, library, { heads, pause });
  await assertSteady(library, revisions);
  const differences = describeDifference(await applyState(context, state), state);
  if (differences.length > 0) {
    throw refuseSnapshot("that makes of an empty database what the revisions do:", differences);
  }
  return sealSnapshot(heads, revisions, state);
}

interface Replay {
  readonly heads: readonly string[];
  readonly pause: () => Promise<void>;
}

async function replayTwice(
  context: SchemaContext,
  library: RevisionLibrary,
  { heads, pause }: Replay,
): Promise<EndState> {
  const state = await replayState(context, library, heads);
  // Only rows hold what the clock says.
  if (state.rows.length > 0) await pause();
  const again = await replayState(context, library, heads);
  const differences = describeDifference(again, state);
  if (differences.length === 0) return state;
  throw refuseSnapshot("of these revisions: what they make is not the same each time:", differences);
}

/** CURRENT_TIMESTAMP has a resolution of one second (sqlite.org/lang_datefunc.html). */
async function untilNextSecond(): Promise<void> {
  await sleep(1001 - (Date.now() % 1000));
}

/** A revision without a file is known by what it records: that must not be another thing each time. */
async function assertSteady(library: RevisionLibrary, revisions: readonly SnapshotRevision[]): Promise<void> {
  const fleeting = revisions.filter(({ source }) => source === null);
  const again = await describeRevisions(
    library,
    fleeting.map(({ revision }) => revision),
  );
  const changed = fleeting.filter(({ checksum }, index) => checksum !== again[index]?.checksum);
  if (changed.length === 0) return;
  throw refuseSnapshot(
    "of these revisions: they have no file, and do not record the same operations each time:",
    changed.map(({ revision }) => revision),
  );
}

async function describeRevisions(
  library: RevisionLibrary,
  ids: readonly string[],
): Promise<readonly SnapshotRevision[]> {
  const guard = guardExit(() => undefined);
  const described: SnapshotRevision[] = [];
  try {
    for (const revision of ids) {
      const path = library.pathOf(revision);
      const checksum = await checksumOfRevision(library, revision, guard.signal);
      described.push({ revision, source: path === null ? null : digestSource(path), checksum });
    }
  } finally {
    guard.release();
  }
  return described;
}
