import type { MigrationError } from "../../src/errors/migration-error.ts";

const words: Readonly<Record<string, readonly string[]>> = {
  SKM_GRAPH_UNKNOWN: ["not-found"],
  SKM_GRAPH_AMBIGUOUS: ["ambiguous-prefix"],
  SKM_GRAPH_NO_BRANCH: ["no-such-branch"],
  SKM_GRAPH_NOT_IN_BRANCH: ["not-in-branch"],
  SKM_GRAPH_MULTIPLE_HEADS: ["multiple-heads"],
  SKM_GRAPH_NOT_ANCESTOR: ["range-not-ancestor"],
  SKM_GRAPH_RANGE: ["relative-out-of-range"],
  SKM_GRAPH_AMBIGUOUS_WALK: ["ambiguous-walk"],
  SKM_GRAPH_OVERLAP: ["overlap"],
  SKM_GRAPH_DIRECTION: ["invalid-downgrade-target"],
  SKM_GRAPH_NOT_A_HEAD: ["not-a-head"],
  SKM_GRAPH_MISSING: ["missing-revision"],
  SKM_GRAPH_DUPLICATE_LABEL: ["duplicate-label"],
  SKM_SCRIPT_DUPLICATE: ["duplicate-id"],
  SKM_SCRIPT_ID: ["illegal-character"],
  SKM_VERSION_UNKNOWN: ["not-found"],
  SKM_VERSION_SHAPE: ["overlap"],
  SKM_USAGE: ["range-not-allowed", "bad-history-range", "duplicate-heads-argument"],
};

/** The words that the vectors use for an error of ours. */
export function toVectorWords({ code, details }: MigrationError): readonly string[] {
  return code === "SKM_GRAPH_CYCLE" ? [String(details["kind"])] : (words[code] ?? []);
}
