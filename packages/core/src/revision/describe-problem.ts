import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Cycle } from "./find-cycles.ts";
import { listForMessage } from "./graph-errors.ts";
import type { GraphProblem } from "./graph-problem.ts";
import { maxNameLength, type NameFlaw } from "./revision-id.ts";
import { listIds, listNames, type RevisionNode } from "./revision-node.ts";
import { suggestNames } from "./suggest-names.ts";

const nameHint = `use 1 to ${maxNameLength} letters a-z, digits and "_"; base, current, head and heads are reserved`;

/** A revision id or branch label that cannot or should not be used. */
export function flawedName(
  kind: "id" | "label",
  flaw: NameFlaw,
  place: { readonly name: unknown; readonly revision: string; readonly position: number },
): GraphProblem {
  const { name, revision, position } = place;
  const what =
    kind === "id"
      ? `revision id ${quoteForMessage(name)}`
      : `branch label ${quoteForMessage(name)} of revision ${quoteForMessage(revision)}`;
  const message = `${what} ${flaw.message}`;
  return {
    code: "SKM_SCRIPT_ID",
    kind,
    message,
    hint: nameHint,
    revision,
    positions: [position],
    related: [],
  };
}

/** Several revisions with one id. */
export function duplicateId(revision: string, positions: readonly number[]): GraphProblem {
  return {
    code: "SKM_SCRIPT_DUPLICATE",
    kind: "duplicate-id",
    message: `revision id ${quoteForMessage(revision)} is used by ${positions.length} revisions`,
    hint: "give each revision an id of its own, or remove the copy",
    revision,
    positions,
    related: [],
  };
}

/** A label that is also the label or the id of another revision. */
export function duplicateLabel(
  label: string,
  [owner, other]: readonly [RevisionNode, RevisionNode],
): GraphProblem {
  const isId = owner.id === label;
  const use = isId ? "is also a revision id" : `is also used by revision ${quoteForMessage(owner.id)}`;
  return {
    code: "SKM_GRAPH_DUPLICATE_LABEL",
    kind: "duplicate-label",
    message: `branch label ${quoteForMessage(label)} of revision ${quoteForMessage(other.id)} ${use}`,
    hint: "ids and labels share one namespace: rename one of them",
    revision: other.id,
    positions: [owner.order, other.order],
    related: [label, owner.id],
  };
}

/** A parent or dependency that does not exist. */
export function missingName(
  kind: "missing-parent" | "missing-dependency",
  {
    node,
    name,
    names,
  }: { readonly node: RevisionNode; readonly name: string; readonly names: readonly string[] },
): GraphProblem {
  const verb = kind === "missing-parent" ? "follows" : "depends on";
  const near = suggestNames(name, names);
  const field =
    kind === "missing-parent" ? "downRevision takes full ids" : "dependsOn takes full ids and branch labels";
  const found = near.length === 0 ? "" : `; did you mean ${listForMessage(near)}?`;
  return {
    code: "SKM_GRAPH_MISSING",
    kind,
    message: `revision ${quoteForMessage(node.id)} ${verb} ${quoteForMessage(name)}, which does not exist`,
    hint: `${field}${found === "" ? ": restore the missing revision file or correct the name" : found}`,
    revision: node.id,
    positions: [node.order],
    related: [name],
  };
}

/** A revision that requires itself. */
export function selfLoop(kind: "self-loop" | "dependency-self-loop", node: RevisionNode): GraphProblem {
  const isParent = kind === "self-loop";
  return {
    code: "SKM_GRAPH_CYCLE",
    kind,
    message: `revision ${quoteForMessage(node.id)} ${isParent ? "follows" : "depends on"} itself`,
    hint: `correct its ${isParent ? "downRevision" : "dependsOn"}`,
    revision: node.id,
    positions: [node.order],
    related: [node.id],
  };
}

/** Revisions that require one another. */
export function cyclicRevisions({ kind, path, members }: Cycle): GraphProblem {
  const [first = members[0]] = path;
  const round = [...path, ...(first === undefined ? [] : [first])];
  const shown = listIds(round.length > 12 ? round.slice(0, 12) : round).map((id) => quoteForMessage(id, 100));
  const tail = round.length > shown.length ? " -> …" : "";
  const field = kind === "cycle" ? "downRevision" : "downRevision or dependsOn";
  return {
    code: "SKM_GRAPH_CYCLE",
    kind,
    message: `revisions form a ${kind === "cycle" ? "cycle" : "cycle by dependency"}: ${shown.join(" -> ")}${tail}`,
    hint: `each follows the next one named: correct the ${field} of one of them`,
    revision: first?.id ?? "",
    positions: members.map((node) => node.order),
    related: listIds(members),
  };
}

/** `minimumReader` names what the revision does not follow. */
export function readerIsNotBelow(
  node: RevisionNode,
  strange: readonly string[],
  names: readonly string[],
): GraphProblem {
  const near = strange.flatMap((id) => (names.includes(id) ? [] : suggestNames(id, names)));
  const found = near.length === 0 ? "" : `; did you mean ${listForMessage(near)}?`;
  return {
    code: "SKM_GRAPH_READER",
    kind: "strange-reader",
    message: `minimumReader of revision ${quoteForMessage(node.id)} names ${listForMessage(strange)}, which it does not follow`,
    hint: `minimumReader takes the full id of the oldest revision whose code may open the database${found}`,
    revision: node.id,
    positions: [node.order],
    related: strange,
  };
}

/** `minimumReader` lets code open a revision that cannot open what the revision follows. */
export function readerPassesFloor(
  node: RevisionNode,
  below: RevisionNode,
  needed: readonly string[],
): GraphProblem {
  return {
    code: "SKM_GRAPH_READER",
    kind: "low-reader",
    message: `revision ${quoteForMessage(node.id)} may be opened by code that knows ${listForMessage(listNames(node.info.minimumReader))}, but ${quoteForMessage(below.id)}, which it follows, only by code that knows ${listForMessage(needed)}`,
    hint: `set minimumReader to ${listForMessage(needed)} or to a later revision${listNames(node.info.downRevision).length > 1 ? "; a merge may name several" : ""}, or declare it for ${quoteForMessage(below.id)} too`,
    revision: node.id,
    positions: [node.order],
    related: [below.id, ...needed],
  };
}
