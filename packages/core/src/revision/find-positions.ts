import { findBranch, findOneSymbol, findSymbol } from "./find-revision.ts";
import { unknownName } from "./graph-errors.ts";
import { parseIdentifier, type Identifier } from "./parse-identifier.ts";
import { walkSteps, type Position } from "./relative-walk.ts";
import type { GraphIndex } from "./revision-graph.ts";
import type { RevisionNode } from "./revision-node.ts";

/**
 * Finds the revisions that an identifier means where there is nothing to count from: names and
 * symbols.
 *
 * @throws {SKM_GRAPH_UNKNOWN} it is a relative form, and as `findSymbol`
 */
export function findAbsolute(index: GraphIndex, text: string): readonly RevisionNode[] {
  const identifier = parseIdentifier(index.hasName, text);
  return identifier.kind === "symbol" ? findSymbol(index, identifier) : refuseRelative(index, identifier);
}

/**
 * Finds the one revision that an identifier means; undefined for `base`.
 *
 * @throws {SKM_GRAPH_MULTIPLE_HEADS} it means several, and as {@link findAbsolute}
 */
export function findOne(index: GraphIndex, text: string): RevisionNode | undefined {
  const identifier = parseIdentifier(index.hasName, text);
  return identifier.kind === "symbol" ? findOneSymbol(index, identifier) : refuseRelative(index, identifier);
}

/** Like {@link findAbsolute}, but `-N` and `label@-N` count back from each of the newest revisions. */
export function findPositions(index: GraphIndex, text: string): readonly Position[] {
  const identifier = parseIdentifier(index.hasName, text);
  if (identifier.kind === "symbol") {
    return findSymbol(index, identifier).map((node) => ({ kind: "revision", node }));
  }
  const { label, anchor, steps } = identifier;
  if (anchor !== undefined || steps >= 0) return refuseRelative(index, identifier);
  const heads = index.realHeads();
  const counted =
    label === undefined ? heads : heads.filter((node) => index.branchLabels().get(node)?.includes(label));
  return counted.map((from) => walkSteps(index, { from, steps, text }));
}

function refuseRelative(
  index: GraphIndex,
  { label, anchor = "", relative }: Identifier & { readonly kind: "relative" },
): never {
  if (label !== undefined) findBranch(index, label);
  throw unknownName(
    index.names(),
    `${anchor}${relative}`,
    "there is nothing to count from here: name a revision, a branch label or head",
  );
}
