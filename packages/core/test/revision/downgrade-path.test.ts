import { describe, expect, it } from "vitest";
import { downgradePath, type RevisionGraph, type Step } from "../../src/revision/index.ts";
import { branches, diamond, line, makeGraph, plugin } from "./sample-graphs.ts";

const show = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => `${step.revision}: ${step.headsAfter.join(" ")}`);

describe("a downgrade", () => {
  it("is whole steps with sorted rows before and after", () => {
    expect(downgradePath(diamond, ["join0001"], "left0001")).toEqual([
      {
        kind: "downgrade",
        revision: "join0001",
        headsBefore: ["join0001"],
        headsAfter: ["left0001", "rght0001"],
      },
    ]);
  });

  it.each<[string, RevisionGraph, readonly string[], string, readonly string[]]>([
    ["to a revision", line, ["dddd0004"], "bbbb", ["dddd0004: cccc0003", "cccc0003: bbbb0002"]],
    ["by steps", line, ["bbbb0002"], "-1", ["bbbb0002: aaaa0001"]],
    ["by all its steps", line, ["bbbb0002"], "-2", ["bbbb0002: aaaa0001", "aaaa0001: "]],
    ["to base", line, ["bbbb0002"], "base", ["bbbb0002: aaaa0001", "aaaa0001: "]],
    ["to below the head", line, ["eeee0005"], "head-1", ["eeee0005: dddd0004"]],
    ["to above the base", line, ["bbbb0002"], "base+1", ["bbbb0002: aaaa0001"]],
    ["on one of two branches", branches, ["netw0002", "shop0001"], "net@-1", ["netw0002: netw0001 shop0001"]],
    [
      "to the fork, of both branches",
      branches,
      ["netw0001", "shop0001"],
      "base0001",
      ["shop0001: netw0001", "netw0001: base0001"],
    ],
    [
      "to the fork, of one branch",
      branches,
      ["netw0001", "shop0001"],
      "net@base0001",
      ["netw0001: shop0001"],
    ],
    [
      "with what depends on it",
      plugin,
      ["core0003", "plug0001"],
      "core0001",
      ["core0003: plug0001", "plug0001: core0002", "core0002: core0001"],
    ],
    [
      "on a branch that is implied",
      plugin,
      ["plug0001"],
      "core@-1",
      ["plug0001: core0002", "core0002: core0001"],
    ],
    ["nowhere from a row", line, ["bbbb0002"], "bbbb0002", []],
    ["nowhere from nothing", line, [], "base", []],
  ])("goes %s", (_name, graph, heads, target, steps) => {
    expect(show(downgradePath(graph, heads, target))).toEqual(steps);
  });

  it.each<[string, RevisionGraph, readonly string[], string | readonly string[], string, object]>([
    [
      "to a head above the row",
      line,
      ["aaaa0001"],
      "head",
      "SKM_GRAPH_DIRECTION",
      { revision: "eeee0005", current: ["aaaa0001"] },
    ],
    [
      "to a revision of another branch",
      branches,
      ["shop0001"],
      "netw0001",
      "SKM_GRAPH_NOT_ANCESTOR",
      { current: ["shop0001"] },
    ],
    [
      "to a revision while nothing is applied",
      line,
      [],
      "aaaa0001",
      "SKM_GRAPH_NOT_ANCESTOR",
      { current: [] },
    ],
    [
      "to what is only depended on",
      makeGraph("core", "plug ^ core"),
      ["plug"],
      "core",
      "SKM_GRAPH_NOT_ANCESTOR",
      { current: ["plug"] },
    ],
    [
      "to where the label leads away from",
      branches,
      ["netw0001", "shop0001"],
      "base0001@base0001",
      "SKM_GRAPH_DIRECTION",
      {},
    ],
    ["by more steps than there are", line, ["bbbb0002"], "-3", "SKM_GRAPH_RANGE", { reached: 2, steps: -3 }],
    ["by steps from nothing", line, [], "-1", "SKM_GRAPH_RANGE", {}],
    ["up", line, ["bbbb0002"], "+1", "SKM_GRAPH_RANGE", {}],
    [
      "through a merge",
      diamond,
      ["join0001"],
      "-1",
      "SKM_GRAPH_AMBIGUOUS_WALK",
      { choices: ["left0001", "rght0001"] },
    ],
    ["by steps on a branch where nothing is applied", branches, [], "net@-1", "SKM_GRAPH_RANGE", {}],
    [
      "by steps on a branch with two rows",
      branches,
      ["netw0001", "shop0001"],
      "base0001@-1",
      "SKM_GRAPH_AMBIGUOUS_WALK",
      {},
    ],
    ["to several heads", branches, ["netw0002", "shop0002"], "heads", "SKM_GRAPH_MULTIPLE_HEADS", {}],
    ["to two targets", line, ["dddd0004"], ["aaaa0001", "bbbb0002"], "SKM_USAGE", {}],
    ["along a range", line, ["dddd0004"], "dddd0004:base", "SKM_USAGE", {}],
    ["from an unknown row", line, ["ghost"], "base", "SKM_VERSION_UNKNOWN", { unknown: ["ghost"] }],
    [
      "from a row and its ancestor",
      line,
      ["aaaa0001", "cccc0003"],
      "base",
      "SKM_VERSION_SHAPE",
      { ancestor: "aaaa0001" },
    ],
  ])("is refused %s", (_name, graph, heads, target, code, details) => {
    expect(() => downgradePath(graph, heads, target)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining(details) as unknown }),
    );
  });

  it("by steps from several rows is refused and lists a form for each of them", () => {
    const graph = makeGraph("aaaa", "bbbb [shop] < aaaa", "cccc < aaaa", "dddd [net] < aaaa");
    expect(() => downgradePath(graph, ["bbbb", "cccc", "dddd"], "-1")).toThrow(
      expect.objectContaining({
        code: "SKM_GRAPH_AMBIGUOUS_WALK",
        hint: 'say which branch is meant: "shop@-1", "cccc@-1", "net@-1"',
      }),
    );
    expect(show(downgradePath(graph, ["bbbb", "cccc", "dddd"], "cccc@-1"))).toEqual(["cccc: bbbb dddd"]);
  });
});
