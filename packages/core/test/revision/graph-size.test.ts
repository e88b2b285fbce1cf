import { describe, expect, it } from "vitest";
import {
  buildGraph,
  downgradePath,
  history,
  listCurrent,
  resolveRevisions,
  upgradePath,
  type RevisionGraph,
  type RevisionInfo,
} from "../../src/revision/index.ts";

const size = 50_000;

const idOf = (place: number): string => `r${String(place).padStart(6, "0")}`;

const chain = (): readonly RevisionInfo[] =>
  Array.from({ length: size }, (_, place) => ({
    revision: idOf(place),
    downRevision: place === 0 ? null : idOf(place - 1),
  }));

/** Blocks of ten: a fork, two sides of four, a merge. */
const blocks = (): readonly RevisionInfo[] =>
  Array.from({ length: size }, (_, place) => {
    const start = place - (place % 10);
    const above = (step: number): string | readonly string[] | null => {
      if (step === 0) return start === 0 ? null : idOf(start - 1);
      if (step === 9) return [idOf(start + 4), idOf(start + 8)];
      return idOf(step === 5 ? start : place - 1);
    };
    return { revision: idOf(place), downRevision: above(place % 10) };
  });

/** Two lines of which each revision of the second depends on its neighbour in the first. */
const ladder = (): readonly RevisionInfo[] =>
  Array.from({ length: size }, (_, place) => ({
    revision: idOf(place),
    downRevision: place < 2 ? null : idOf(place - 2),
    ...(place % 2 === 1 ? { dependsOn: idOf(place - 1) } : {}),
  }));

describe.each([
  ["a line", chain, 1],
  ["forks and merges", blocks, 1],
  ["two lines with dependencies", ladder, 1],
])("50,000 revisions in %s", (_name, make, realHeads) => {
  // Read backwards, so that no parent is loaded before its children.
  const graph = buildGraph(make().toReversed());

  it("are planned up, down and listed without recursion", () => {
    expect(graph.realHeads).toHaveLength(realHeads);
    const up = upgradePath(graph, [], "heads");
    expect(up).toHaveLength(size);
    expect(downgradePath(graph, graph.realHeads, "base")).toHaveLength(size);
    expect(history(graph)).toEqual(up.map((step) => step.revision).reverse());
    expect(listCurrent(graph, graph.realHeads).length).toBeGreaterThan(0);
  });

  it("are found by prefix without looking at all of them each time", () => {
    const texts = Array.from({ length: size }, (_, place) => idOf(place));
    expect(resolveRevisions(graph, texts)).toEqual(texts);
    expect(() => resolveRevisions(graph, "r04999")).toThrow(
      expect.objectContaining({ code: "SKM_GRAPH_AMBIGUOUS" }),
    );
  });
});

it("a cycle of 50,000 revisions is reported", () => {
  const [first, ...rest] = chain();
  const revisions = [{ ...first, revision: idOf(0), downRevision: idOf(size - 1) }, ...rest];
  expect(() => buildGraph(revisions)).toThrow(expect.objectContaining({ code: "SKM_GRAPH_CYCLE" }));
});

it("500 branches at once are planned", () => {
  const revisions = [
    { revision: "root", downRevision: null },
    ...Array.from({ length: 500 }, (_, place) => ({ revision: idOf(place), downRevision: "root" })),
  ];
  expect(upgradePath(buildGraph(revisions), [], "heads").at(-1)?.headsAfter).toHaveLength(500);
});

describe("work that is not needed", () => {
  const count = (infos: readonly RevisionInfo[]) => {
    let reads = 0;
    const counted = infos.map((info) => ({
      ...info,
      get downRevision() {
        reads += 1;
        return info.downRevision;
      },
    }));
    return { counted, reads: () => reads };
  };

  it("is not done: building and planning read each revision a fixed number of times", () => {
    const { counted, reads } = count(blocks());
    upgradePath(buildGraph(counted), [], "head");
    expect(reads()).toBeLessThanOrEqual(2 * size);
  });

  it("is not done: a database at the heads needs no names, labels, links or ranks", () => {
    const graph = buildGraph(blocks());
    const refuse = (): never => {
      throw new Error("not needed");
    };
    const index: RevisionGraph["index"] = {
      ...graph.index,
      names: refuse,
      searchPrefix: refuse,
      branchLabels: refuse,
      normalLinks: refuse,
      ranks: refuse,
    };
    const bare: RevisionGraph = { ...graph, index };
    expect(upgradePath(bare, graph.realHeads, "head")).toEqual([]);
    expect(upgradePath(bare, graph.realHeads, "heads")).toEqual([]);
    expect(() => upgradePath(bare, [], "heads")).toThrow("not needed");
  });
});
