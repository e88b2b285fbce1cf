import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { GraphProblem } from "./graph-problem.ts";
import type { Replacement } from "./replaced.ts";
import type { RevisionNode } from "./revision-node.ts";

/** A revision that names itself among those it replaces. */
export function replacesItself({ id, order }: RevisionNode): GraphProblem {
  return {
    code: "SKM_GRAPH_REPLACES",
    kind: "replaces-itself",
    message: `revision ${quoteForMessage(id)} replaces itself`,
    hint: "take its own id out of its replaces; a revision that replaces others needs an id of its own",
    revision: id,
    positions: [order],
    related: [id],
  };
}

/** A revision that is replaced and still there: applied both ways, its work would be done twice. */
export function replacedExists(
  name: string,
  [existing, node]: readonly [RevisionNode, RevisionNode],
): GraphProblem {
  return {
    code: "SKM_GRAPH_REPLACES",
    kind: "replaced-exists",
    message: `revision ${quoteForMessage(node.id)} replaces ${quoteForMessage(name)}, which is still there`,
    hint: "remove the files of all revisions that are replaced, or the file of the one that replaces them",
    revision: node.id,
    positions: [existing.order, node.order],
    related: [name],
  };
}

/** An id that is listed twice, by one revision or by two. */
export function replacedTwice(
  name: string,
  [before, node]: readonly [RevisionNode, RevisionNode],
): GraphProblem {
  const who =
    before === node
      ? `revision ${quoteForMessage(node.id)} replaces ${quoteForMessage(name)} twice`
      : `revisions ${quoteForMessage(before.id)} and ${quoteForMessage(node.id)} both replace ${quoteForMessage(name)}`;
  return {
    code: "SKM_GRAPH_REPLACES",
    kind: "replaced-twice",
    message: who,
    hint: "each id is replaced by one revision, and named once",
    revision: node.id,
    positions: before === node ? [node.order] : [before.order, node.order],
    related: [name],
  };
}

/** A parent or dependency in the middle of what another revision replaces. */
export function replacedLink(
  kind: "replaced-parent" | "replaced-dependency",
  {
    node,
    name,
    replacement,
  }: { readonly node: RevisionNode; readonly name: string; readonly replacement: Replacement },
): GraphProblem {
  const isParent = kind === "replaced-parent";
  const by = quoteForMessage(replacement.node.id);
  return {
    code: "SKM_GRAPH_REPLACED",
    kind,
    message: `revision ${quoteForMessage(node.id)} ${isParent ? "follows" : "depends on"} ${quoteForMessage(name)}, which ${by} has replaced together with all up to ${quoteForMessage(replacement.last)}`,
    hint: `look whether it can run after ${by}, and put that into its ${isParent ? "downRevision" : "dependsOn"}`,
    revision: node.id,
    positions: [node.order],
    related: [name, replacement.node.id],
  };
}
