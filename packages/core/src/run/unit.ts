import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Step } from "../revision/revision-info.ts";
import { listNames } from "../revision/revision-node.ts";
import type { Revision } from "../script/revision.ts";
import type { StepResult } from "./result.ts";
import { recordRevision, type Recording, type RevisionBody, type Segment } from "./record-revision.ts";

/** A step with all it needs to run inside a transaction. */
export interface Unit {
  readonly step: Step;
  readonly message: string | undefined;
  /** The ids that the revision follows; empty at a base and for a stamp. */
  readonly downRevisions: readonly string[];
  /** `null` for a stamp, which runs no body. */
  readonly recording: Recording | null;
  /** What the body recorded up to its first question or its end. */
  readonly first: Segment;
  /** The revisions that are not run, because the unit is a snapshot of what they make of an empty database. */
  readonly snapshot?: readonly SnapshotPart[];
}

/** A revision that a snapshot stands for, with the checksum of its upgrade. */
export interface SnapshotPart {
  readonly revision: string;
  readonly checksum: string;
}

const nothing: Segment = Object.freeze({ operations: Object.freeze([]), query: null });

export interface PrepareOptions {
  readonly loadRevision: (id: string) => Promise<Revision>;
  /** Makes the unit of a step that is a snapshot. */
  readonly prepareSnapshot?: ((step: Step) => Unit) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Loads the revision of a step and runs its body as far as it gets without a database, so that what can
 * fail without a database fails before the transaction begins.
 *
 * @throws {MigrationError} SKM_IRREVERSIBLE when a revision to be undone has no downgrade; what loading
 * and recording throw.
 */
export async function prepareUnit(step: Step, options: PrepareOptions): Promise<Unit> {
  if (step.kind === "stamp") {
    return { step, message: undefined, downRevisions: [], recording: null, first: nothing };
  }
  if (step.snapshot !== undefined) return snapshotOf(step, options);
  const revision = await options.loadRevision(step.revision);
  const recording = recordRevision(step.revision, bodyOf(revision, step.kind));
  const first = await advance(recording, options.signal);
  const downRevisions = listNames(revision.downRevision);
  return { step, message: revision.message, downRevisions, recording, first };
}

function snapshotOf(step: Step, { prepareSnapshot }: PrepareOptions): Unit {
  if (prepareSnapshot !== undefined) return prepareSnapshot(step);
  throw new MigrationError("SKM_INTERNAL", "a step is a snapshot, and nobody has one");
}

async function advance(recording: Recording, signal: AbortSignal): Promise<Segment> {
  try {
    return await recording.advance(signal);
  } catch (error) {
    recording.abandon(error);
    throw error;
  }
}

function bodyOf(revision: Revision, direction: "upgrade" | "downgrade"): RevisionBody {
  if (direction === "upgrade") return (op) => revision.upgrade(op);
  if (revision.downgrade === undefined) throw irreversible(revision.revision);
  return (op) => revision.downgrade?.(op);
}

function irreversible(revision: string): MigrationError {
  return new MigrationError(
    "SKM_IRREVERSIBLE",
    `cannot downgrade past revision ${quoteForMessage(revision)}: it has no downgrade()`,
    {
      details: { revision },
      hint: "write a downgrade() for it, or restore a backup from before it was applied",
    },
  );
}

/** What a unit did, once it is committed. */
export function stepResult(unit: Unit, durationMs: number, statements: number): StepResult {
  const { kind, revision, headsBefore, headsAfter, snapshot } = unit.step;
  const result = { kind, revision, message: unit.message, headsBefore, headsAfter, durationMs, statements };
  return snapshot === undefined ? result : { ...result, snapshot };
}
