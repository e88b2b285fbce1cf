import { buildGraph, type RevisionGraph, type RevisionInfo } from "../../src/revision/index.ts";

/** A revision in short: `id`, `id < parent, parent`, `id < parent ^ dependency`, `id [label]`. */
export function readRevision(text: string): RevisionInfo {
  const [, revision = "", label, parents, dependencies] =
    /^(\S+)(?: \[([^\]]+)\])?(?: < ([^^]+?))?(?: \^ (.+))?$/u.exec(text) ?? [];
  const down = parents?.split(", ");
  return {
    revision,
    downRevision: down === undefined ? null : down.length === 1 ? (down[0] ?? null) : down,
    branchLabels: label?.split(", "),
    dependsOn: dependencies?.split(", "),
  };
}

export const readRevisions = (...texts: readonly string[]): readonly RevisionInfo[] =>
  texts.map(readRevision);

export const makeGraph = (...texts: readonly string[]): RevisionGraph => buildGraph(readRevisions(...texts));

/** One line of five. */
export const line: RevisionGraph = makeGraph(
  "aaaa0001",
  "bbbb0002 < aaaa0001",
  "cccc0003 < bbbb0002",
  "dddd0004 < cccc0003",
  "eeee0005 < dddd0004",
);

/** Two labelled branches from one base. */
export const branches: RevisionGraph = makeGraph(
  "base0001",
  "shop0001 [shop] < base0001",
  "shop0002 < shop0001",
  "netw0001 [net] < base0001",
  "netw0002 < netw0001",
);

/** Two sides that are merged, and a revision on top. */
export const diamond: RevisionGraph = makeGraph(
  "root0001",
  "left0001 < root0001",
  "rght0001 < root0001",
  "join0001 < left0001, rght0001",
  "tops0001 < join0001",
);

/** Two roots; the plugin depends on the middle of the core, which goes on. */
export const plugin: RevisionGraph = makeGraph(
  "core0001 [core]",
  "core0002 < core0001",
  "core0003 < core0002",
  "plug0001 [plug] ^ core0002",
  "plug0002 < plug0001",
);
