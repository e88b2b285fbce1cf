import { hash } from "node:crypto";
import type { Statement } from "../driver/statement.ts";
import type { Step } from "../revision/revision-info.ts";
import { normalizeOperations, normalizeSql } from "../plan/normalize-operations.ts";
import { toolVersion, type Journal, type JournalFacts } from "../version/journal.ts";
import type { Segment } from "./record-revision.ts";
import type { Unit } from "./unit.ts";

/**
 * The statements that note a unit in the journal; they belong into the unit's own transaction. A snapshot is noted
 * as each of the revisions that it stands for, so that an edit of one is found later.
 */
export function journalUnit(
  journal: Journal,
  { step, first, snapshot }: Unit,
  durationMs: number | null,
): readonly Statement[] {
  const at = new Date().toISOString();
  if (snapshot !== undefined) {
    const common = { at, direction: "snapshot", durationMs: null, toolVersion } as const;
    return journal.addAll(snapshot.map(({ revision, checksum }) => ({ ...common, revision, checksum })));
  }
  const facts = journalFacts({ step, first });
  const isTimed = durationMs !== null && step.kind !== "stamp";
  return journal.addAll([{ ...facts, at, durationMs: isTimed ? Math.round(durationMs * 10) / 10 : null }]);
}

/** What is known about a unit before it runs. */
export function journalFacts({ step, first }: Pick<Unit, "step" | "first">): JournalFacts {
  const checksum = step.kind === "upgrade" ? checksumOf(first) : null;
  return { revision: step.revision, direction: step.kind, checksum, toolVersion };
}

/**
 * The checksum of what an upgrade records until it first asks the database something: what comes behind depends on
 * the answer. How its source is laid out does not count.
 */
export function checksumOf({ operations, query }: Segment): string {
  const asked = query === null ? "" : `\n? ${normalizeSql(query.statement.sql)}`;
  return hash("sha256", normalizeOperations(operations) + asked, "hex");
}

/** Notes what was stamped without a run, one line for each revision on the way. */
export function journalStamps(journal: Journal, steps: readonly Step[]): readonly Statement[] {
  const at = new Date().toISOString();
  const common = { direction: "stamp", at, durationMs: null, checksum: null, toolVersion } as const;
  return [journal.create, ...journal.addAll(steps.map(({ revision }) => ({ revision, ...common })))];
}
