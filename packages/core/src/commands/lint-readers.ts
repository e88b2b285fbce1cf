import { listBreaks, type SchemaBreak } from "../autogenerate/list-breaks.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { PlanWarning } from "../plan/plan-warning.ts";
import { listNames } from "../revision/revision-node.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { Step } from "../revision/revision-info.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";

/** What a step goes from and to. */
export interface SchemaMove {
  readonly before: DatabaseSchema | undefined;
  readonly after: DatabaseSchema | undefined;
}

/** The ids of older code that a step says may open the database afterwards; none where it breaks it anyway. */
export function olderReaders(graph: RevisionGraph, { kind, revision }: Step): readonly string[] {
  if (kind !== "upgrade") return [];
  return listNames(graph.get(revision).minimumReader).filter((id) => id !== revision);
}

/** Warns of what older code may stumble over that may open the database, as the revision says. */
export function lintReaders(
  readers: readonly string[],
  { before, after }: SchemaMove,
): readonly PlanWarning[] {
  if (before === undefined || after === undefined) return [];
  return listBreaks(before, after).map((found) => ({
    code: "SKM_LINT_READER",
    message: describeBreak(readers, found),
    hint: "make sure that this code does not use it, or raise minimumReader to the first revision whose code does not",
    operation: `minimumReader: ${readers.join(", ")}`,
    table: found.table,
    rows: null,
  }));
}

/** A break in words, with whom it concerns. */
function describeBreak(readers: readonly string[], { message }: SchemaBreak): string {
  const names = readers.map((id) => quoteForMessage(id)).join(" and ");
  return `${message}, and code that knows ${names} may open the database`;
}
