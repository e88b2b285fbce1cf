import { describe, expect, it } from "vitest";
import { upgradePath, type RevisionGraph, type Step } from "../../src/revision/index.ts";
import { branches, diamond, line, makeGraph, plugin } from "./sample-graphs.ts";

const show = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => `${step.revision}: ${step.headsAfter.join(" ")}`);

describe("an upgrade", () => {
  it("is whole steps with sorted rows before and after", () => {
    expect(upgradePath(diamond, ["root0001"], "join0001")).toEqual([
      { kind: "upgrade", revision: "rght0001", headsBefore: ["root0001"], headsAfter: ["rght0001"] },
      {
        kind: "upgrade",
        revision: "left0001",
        headsBefore: ["rght0001"],
        headsAfter: ["left0001", "rght0001"],
      },
      {
        kind: "upgrade",
        revision: "join0001",
        headsBefore: ["left0001", "rght0001"],
        headsAfter: ["join0001"],
      },
    ]);
  });

  it.each<[string, RevisionGraph, readonly string[], string | readonly string[], readonly string[]]>([
    [
      "from nothing to head",
      line,
      [],
      "cccc",
      ["aaaa0001: aaaa0001", "bbbb0002: bbbb0002", "cccc0003: cccc0003"],
    ],
    ["by steps", line, ["bbbb0002"], "+1", ["cccc0003: cccc0003"]],
    ["from a named revision", line, ["aaaa0001"], "bbbb0002+1", ["bbbb0002: bbbb0002", "cccc0003: cccc0003"]],
    ["to before the head", line, ["cccc0003"], "head-1", ["dddd0004: dddd0004"]],
    ["of one branch", branches, ["base0001"], "net@head", ["netw0001: netw0001", "netw0002: netw0002"]],
    ["on one of two branches", branches, ["netw0001", "shop0001"], "net@+1", ["netw0002: netw0002 shop0001"]],
    ["onto a branch by its label", branches, ["base0001"], "shop@+1", ["shop0001: shop0001"]],
    [
      "to several at once",
      branches,
      ["base0001"],
      ["shop0001", "netw0001"],
      ["netw0001: netw0001", "shop0001: netw0001 shop0001"],
    ],
    [
      "with what it depends on",
      plugin,
      [],
      "plug@head",
      ["core0001: core0001", "core0002: core0002", "plug0001: plug0001", "plug0002: plug0002"],
    ],
    ["that leaves an implied row alone", plugin, ["plug0001"], "core@head", ["core0003: core0003 plug0001"]],
    ["to something passed", line, ["dddd0004"], "bbbb0002", []],
    ["to base", line, ["dddd0004"], "base", []],
    ["to where it is", branches, ["netw0002", "shop0002"], "heads", []],
  ])("goes %s", (_name, graph, heads, target, steps) => {
    expect(show(upgradePath(graph, heads, target))).toEqual(steps);
  });

  it.each<[string, RevisionGraph, readonly string[], string | readonly string[], string, object]>([
    ["past the head", line, ["cccc0003"], "+99", "SKM_GRAPH_RANGE", { reached: 2, last: "eeee0005" }],
    ["down", line, ["cccc0003"], "-1", "SKM_GRAPH_RANGE", {}],
    ["nowhere", line, ["cccc0003"], "+0", "SKM_GRAPH_RANGE", {}],
    ["below the base", line, ["cccc0003"], "bbbb0002-2", "SKM_GRAPH_RANGE", {}],
    [
      "two ways at a fork",
      branches,
      ["base0001"],
      "+1",
      "SKM_GRAPH_AMBIGUOUS_WALK",
      { choices: ["shop0001", "netw0001"] },
    ],
    [
      "from two rows",
      branches,
      ["netw0001", "shop0001"],
      "+1",
      "SKM_GRAPH_AMBIGUOUS_WALK",
      { choices: ["netw0001", "shop0001"] },
    ],
    ["down through a merge", diamond, [], "tops0001-2", "SKM_GRAPH_AMBIGUOUS_WALK", { from: "join0001" }],
    ["to one of several heads", branches, [], "head", "SKM_GRAPH_MULTIPLE_HEADS", {}],
    [
      "to a revision and its ancestor",
      line,
      [],
      ["bbbb0002", "dddd0004"],
      "SKM_GRAPH_OVERLAP",
      { ancestor: "bbbb0002" },
    ],
    ["along a range", line, [], "aaaa0001:cccc0003", "SKM_USAGE", {}],
    ["from an unknown row", line, ["ghost"], "head", "SKM_VERSION_UNKNOWN", { unknown: ["ghost"] }],
    ["by steps from an unknown row", line, ["ghost"], "+1", "SKM_VERSION_UNKNOWN", { unknown: ["ghost"] }],
    [
      "from a row and its ancestor",
      line,
      ["aaaa0001", "cccc0003"],
      "head",
      "SKM_VERSION_SHAPE",
      { descendant: "cccc0003" },
    ],
    ["to an unknown revision", line, [], "ghost", "SKM_GRAPH_UNKNOWN", {}],
    [
      "along an id with dots, which relative forms cannot start from",
      makeGraph("1.2.3", "1.2.4 < 1.2.3"),
      [],
      "1.2.3+1",
      "SKM_GRAPH_UNKNOWN",
      {},
    ],
  ])("is refused %s", (_name, graph, heads, target, code, details) => {
    expect(() => upgradePath(graph, heads, target)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining(details) as unknown }),
    );
  });

  it("is frozen, step by step", () => {
    const [step] = upgradePath(line, [], "head");
    expect(Object.isFrozen(step)).toBe(true);
    expect(Object.isFrozen(step?.headsAfter)).toBe(true);
  });
});
