import { describe, expect, it } from "vitest";
import { describeRevision, type RevisionGraph } from "../../src/revision/index.ts";
import { branches, diamond, makeGraph, plugin } from "./sample-graphs.ts";

const labelsOf = (graph: RevisionGraph, id: string): readonly string[] =>
  describeRevision(graph, id).branchLabels;

describe("the facts of a revision", () => {
  it("tell its neighbours with and without dependencies", () => {
    expect(describeRevision(plugin, "core0002")).toEqual({
      revision: "core0002",
      isHead: false,
      isRealHead: false,
      isBase: false,
      isRealBase: false,
      isBranchPoint: false,
      isMergePoint: false,
      parents: ["core0001"],
      dependencies: [],
      normalParents: ["core0001"],
      children: ["core0003"],
      allChildren: ["core0003", "plug0001"],
      branchLabels: ["core"],
    });
    expect(describeRevision(plugin, "plug0001")).toMatchObject({
      isBase: true,
      isRealBase: false,
      dependencies: ["core0002"],
      normalParents: ["core0002"],
    });
  });

  it("tell a branch point and a merge point", () => {
    expect(describeRevision(diamond, "root0001")).toMatchObject({ isBranchPoint: true, isMergePoint: false });
    expect(describeRevision(diamond, "join0001")).toMatchObject({ isBranchPoint: false, isMergePoint: true });
  });

  it("leave dependencies out that an ancestor has named already", () => {
    const graph = makeGraph("core", "aaaa ^ core", "bbbb < aaaa", "cccc < bbbb ^ core", "dddd ^ core");
    expect(describeRevision(graph, "cccc").normalParents).toEqual(["bbbb"]);
    expect(describeRevision(graph, "dddd").normalParents).toEqual(["core"]);
  });

  it("are refused for an unknown id", () => {
    expect(() => describeRevision(diamond, "root")).toThrow(
      expect.objectContaining({ code: "SKM_GRAPH_UNKNOWN" }),
    );
  });
});

describe("a branch label", () => {
  it("spreads to all descendants, but not below the fork", () => {
    expect(labelsOf(branches, "shop0002")).toEqual(["shop"]);
    expect(labelsOf(branches, "netw0002")).toEqual(["net"]);
    expect(labelsOf(branches, "base0001")).toEqual([]);
  });

  it("spreads down a straight line to its base", () => {
    const graph = makeGraph("aaaa", "bbbb < aaaa", "cccc [lab] < bbbb", "dddd < cccc");
    expect(["aaaa", "bbbb", "cccc", "dddd"].map((id) => labelsOf(graph, id))).toEqual([
      ["lab"],
      ["lab"],
      ["lab"],
      ["lab"],
    ]);
  });

  it("does not spread down when its own descendants fork", () => {
    const graph = makeGraph("aaaa", "bbbb [lab] < aaaa", "cccc < bbbb", "dddd < bbbb");
    expect(labelsOf(graph, "aaaa")).toEqual([]);
    expect(labelsOf(graph, "dddd")).toEqual(["lab"]);
  });

  it("stands sorted beside others of the branch", () => {
    const graph = makeGraph("aaaa [zeta]", "bbbb [alpha] < aaaa");
    expect(labelsOf(graph, "bbbb")).toEqual(["alpha", "zeta"]);
  });
});
