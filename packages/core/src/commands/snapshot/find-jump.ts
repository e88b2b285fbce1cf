import { isMigrationError } from "../../errors/migration-error.ts";
import type { Connection } from "../../driver/driver.ts";
import type { Step } from "../../revision/revision-info.ts";
import { upgradePath } from "../../revision/upgrade-path.ts";
import { isEmptyDatabase } from "../../run/empty-database.ts";
import { sameHeads } from "../../run/settle-commit.ts";
import type { Unit } from "../../run/unit.ts";
import { snapshotUnit } from "../../snapshot/snapshot-unit.ts";
import type { EndState, Snapshot } from "../../snapshot/snapshot-document.ts";
import type { CommandContext } from "../context.ts";
import type { RevisionLibrary } from "../revision-library.ts";
import { findMismatch } from "./find-mismatch.ts";
import { readSnapshot } from "./read-snapshot.ts";
import type { SnapshotPlace } from "./snapshot-place.ts";

/** The steps of an upgrade that begins with a snapshot. */
export interface Jump {
  readonly steps: readonly Step[];
  readonly prepareSnapshot: (step: Step) => Unit;
}

export interface JumpRequest {
  readonly library: RevisionLibrary;
  readonly place: SnapshotPlace;
  /** The steps from base to the goal, without a snapshot. */
  readonly steps: readonly Step[];
  /**
   * When a server is asked whether the database is empty: before the run, which takes a request, or by the run
   * itself, which asks in any case and is planned again if it is not.
   */
  readonly asksServer: "before" | "in the run";
}

/**
 * Looks whether a snapshot can take the place of the first steps. It can where the database is empty and the
 * snapshot stands for revisions that all are to be applied; where it should and cannot, that is said in a warning.
 *
 * @returns `null` when the revisions are to be replayed.
 */
export async function findJump(context: CommandContext, request: JumpRequest): Promise<Jump | null> {
  const { library, steps } = request;
  const { session } = context;
  if (!(await mayBeEmpty(context, request.asksServer))) return null;
  const snapshot = await readUsable(context, request);
  if (snapshot === null) return null;
  const goal = steps.at(-1)?.headsAfter ?? [];
  const isWhole = sameHeads(goal, snapshot.heads);
  const rest = isWhole ? [] : upgradePath(library.graph, snapshot.heads, [...goal]);
  const problem =
    rest.length + snapshot.revisions.length === steps.length
      ? findLimit(snapshot.state, session.connection())
      : "the revisions behind it cannot be told apart from those that it stands for";
  if (problem !== null) return skip(context, problem);
  return {
    steps: [jumpStep(snapshot), ...rest],
    prepareSnapshot: (step) => snapshotUnit(step, snapshot),
  };
}

async function mayBeEmpty(
  { session }: CommandContext,
  asksServer: JumpRequest["asksServer"],
): Promise<boolean> {
  const connection = session.connection();
  if (connection === undefined) return true;
  if (connection.capabilities.lock === "server" && asksServer === "in the run") return true;
  return await isEmptyDatabase(connection, session.options);
}

/** `null` for a snapshot that is not to be used, in silence where it stands for more than is asked for. */
async function readUsable(
  context: CommandContext,
  { library, place, steps }: JumpRequest,
): Promise<Snapshot | null> {
  try {
    const snapshot = readSnapshot(place);
    const wanted = new Set(steps.map(({ revision }) => revision));
    const isBeyond = snapshot.revisions.some(
      ({ revision }) => !wanted.has(revision) && library.graph.index.ids.has(revision),
    );
    if (isBeyond || snapshot.revisions.length === 0) return null;
    const isWhole = sameHeads(steps.at(-1)?.headsAfter ?? [], snapshot.heads);
    const mismatch = await findMismatch(library, snapshot, isWhole ? steps : undefined);
    return mismatch === null ? snapshot : skip(context, mismatch);
  } catch (error) {
    if (!isMigrationError(error, "SKM_SNAPSHOT_FILE")) throw error;
    return skip(context, error.message);
  }
}

function skip({ emit }: CommandContext, problem: string): null {
  emit({
    kind: "warning",
    code: "SKM_SNAPSHOT_SKIPPED",
    message: `the snapshot is not used, and the revisions are replayed: ${problem}`,
  });
  return null;
}

/** What an engine does not let a snapshot write. */
function findLimit(state: EndState, connection: Connection | undefined): string | null {
  if (connection === undefined) return null;
  const { capabilities } = connection;
  if (capabilities.lock === "server" && state.statistics.length > 0)
    return "a server takes no statistics of ANALYZE";
  const settings = { user_version: state.userVersion, application_id: state.applicationId };
  // Asked only where it matters: an engine may have to try what it can set.
  const refused = Object.entries(settings).find(
    ([name, value]) => value !== 0 && !capabilities.settablePragmas.includes(name),
  );
  return refused === undefined ? null : `this engine does not set ${refused[0]}`;
}

function jumpStep({ heads, revisions }: Snapshot): Step {
  return {
    kind: "upgrade",
    revision: revisions.at(-1)?.revision ?? "",
    headsBefore: [],
    headsAfter: heads,
    snapshot: { revisions: revisions.length },
  };
}
