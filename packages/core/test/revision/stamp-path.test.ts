import { describe, expect, it } from "vitest";
import { stampPath, type RevisionGraph, type Step } from "../../src/revision/index.ts";
import { branches, diamond, line, plugin } from "./sample-graphs.ts";

const show = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => `${step.revision}: ${step.headsAfter.join(" ")}`);

describe("a stamp", () => {
  it("is whole steps with sorted rows before and after", () => {
    expect(stampPath(branches, ["netw0001"], ["shop0001", "netw0002"])).toEqual([
      {
        kind: "stamp",
        revision: "shop0001",
        headsBefore: ["netw0001"],
        headsAfter: ["netw0001", "shop0001"],
      },
      {
        kind: "stamp",
        revision: "netw0002",
        headsBefore: ["netw0001", "shop0001"],
        headsAfter: ["netw0002", "shop0001"],
      },
    ]);
  });

  it.each<[string, RevisionGraph, readonly string[], string | readonly string[], readonly string[]]>([
    ["an empty table", line, [], "head", ["eeee0005: eeee0005"]],
    ["up", line, ["bbbb0002"], "dddd", ["dddd0004: dddd0004"]],
    ["down", line, ["dddd0004"], "bbbb0002", ["bbbb0002: bbbb0002"]],
    ["to where it is", line, ["dddd0004"], "dddd0004", []],
    ["several rows to their merge", diamond, ["left0001", "rght0001"], "join0001", ["join0001: join0001"]],
    [
      "a merge to one side, which forgets the other",
      diamond,
      ["join0001"],
      "left0001",
      ["left0001: left0001"],
    ],
    [
      "one branch and leaves the other",
      branches,
      ["netw0001", "shop0001"],
      "net@head",
      ["netw0002: netw0002 shop0001"],
    ],
    [
      "to a dependency, which takes the row that depends on it",
      plugin,
      ["plug0001"],
      "core0002",
      ["core0002: core0002"],
    ],
    ["away", branches, ["netw0001", "shop0001"], "base", ["netw0001: shop0001", "shop0001: "]],
    ["one branch away", branches, ["netw0001", "shop0001"], "net@base", ["netw0001: shop0001"]],
    ["the same revision twice", line, [], ["cccc0003", "cccc"], ["cccc0003: cccc0003"]],
    ["one back", line, ["cccc0003"], "-1", ["bbbb0002: bbbb0002"]],
    ["one on", line, ["cccc0003"], "+1", ["dddd0004: dddd0004"]],
    ["back to nothing", line, ["aaaa0001"], "-1", ["aaaa0001: "]],
    ["one back on a branch", branches, ["netw0002", "shop0001"], "net@-1", ["netw0001: netw0001 shop0001"]],
  ])("moves %s", (_name, graph, heads, target, steps) => {
    expect(show(stampPath(graph, heads, target))).toEqual(steps);
  });

  it.each<[string, RevisionGraph, readonly string[], string | readonly string[], string]>([
    ["a revision with its ancestor", line, [], ["aaaa0001", "eeee0005"], "SKM_GRAPH_OVERLAP"],
    ["a revision with what it depends on", plugin, [], ["plug0001", "core0001"], "SKM_GRAPH_OVERLAP"],
    ["one of several heads", branches, [], "head", "SKM_GRAPH_MULTIPLE_HEADS"],
    ["over an unknown row", line, ["ghost"], "head", "SKM_VERSION_UNKNOWN"],
    ["something unknown", line, ["aaaa0001"], "ghost", "SKM_GRAPH_UNKNOWN"],
    ["one back from several rows", branches, ["netw0002", "shop0001"], "-1", "SKM_GRAPH_AMBIGUOUS_WALK"],
    ["a form that counts from a revision", line, [], "head-1", "SKM_GRAPH_UNKNOWN"],
  ])("is refused for %s", (_name, graph, heads, target, code) => {
    expect(() => stampPath(graph, heads, target)).toThrow(expect.objectContaining({ code }));
  });
});
