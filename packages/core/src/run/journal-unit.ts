import type { Statement } from "../driver/statement.ts";
import { normalizeOperations, normalizeSql } from "../plan/normalize-operations.ts";
import { toolVersion, type Journal } from "../version/journal.ts";
import type { Segment } from "./record-revision.ts";
import type { Unit } from "./unit.ts";

/** The statement that notes a unit in the journal; it belongs into the unit's own transaction. */
export async function journalUnit(
  journal: Journal,
  { step, first }: Unit,
  durationMs: number | null,
): Promise<Statement> {
  return journal.add({
    revision: step.revision,
    direction: step.kind,
    at: new Date().toISOString(),
    durationMs: durationMs === null || step.kind === "stamp" ? null : Math.round(durationMs * 10) / 10,
    checksum: step.kind === "upgrade" ? await checksumOf(first) : null,
    toolVersion,
  });
}

/**
 * The checksum of what an upgrade records until it first asks the database something: what comes behind depends on
 * the answer. How its source is laid out does not count.
 */
export async function checksumOf({ operations, query }: Segment): Promise<string> {
  const asked = query === null ? "" : `\n? ${normalizeSql(query.statement.sql)}`;
  const bytes = new TextEncoder().encode(normalizeOperations(operations) + asked);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
