import { describe, expect, it } from "vitest";
import {
  listCurrent,
  resolveRevision,
  resolveRevisions,
  type RevisionGraph,
} from "../../src/revision/index.ts";
import { branches, diamond, line, makeGraph, plugin } from "./sample-graphs.ts";

describe("an identifier", () => {
  it.each<[string, RevisionGraph, string, readonly string[]]>([
    ["a full id", line, "cccc0003", ["cccc0003"]],
    ["a unique prefix", line, "cc", ["cccc0003"]],
    ["the only head", line, "head", ["eeee0005"]],
    ["all heads", branches, "heads", ["shop0002", "netw0002"]],
    ["base, which is nothing", line, "base", []],
    ["a label, which is where it is declared", branches, "shop", ["shop0001"]],
    ["the head of a branch", branches, "net@head", ["netw0002"]],
    ["the heads above a revision", branches, "base0001@heads", ["shop0002", "netw0002"]],
    ["the base of a branch", branches, "net@base", []],
    ["a revision checked to be on a branch", branches, "net@netw0001", ["netw0001"]],
    [
      "a prefix on a branch",
      makeGraph("one1 [one]", "two1 [two]", "aab1 < one1", "aab2 < two1"),
      "two@aab",
      ["aab2"],
    ],
    ["a branch named by a prefix of its label", makeGraph("aaaa [shopping]"), "shopp@head", ["aaaa"]],
    ["head without a label before the @", line, "@head", ["eeee0005"]],
    ["a label that looks like a relative form", makeGraph("aaaa [v2-3]"), "v2-3", ["aaaa"]],
    ["heads without those that are implied", plugin, "heads", ["core0003", "plug0002"]],
    ["an exact id among longer ones", makeGraph("abc", "abcdef < abc"), "abc", ["abc"]],
    ["head of nothing", makeGraph(), "head", []],
  ])("may be %s", (_name, graph, text, ids) => {
    expect(resolveRevisions(graph, text)).toEqual(ids);
  });

  it("may be several, in the order given", () => {
    expect(resolveRevisions(branches, ["net@head", "base", "shop0001"])).toEqual(["netw0002", "shop0001"]);
  });

  it.each<[string, RevisionGraph, string | readonly string[], string, object]>([
    ["an unknown name", line, "cccd0003", "SKM_GRAPH_UNKNOWN", { suggestions: ["cccc0003"] }],
    [
      "an ambiguous prefix",
      branches,
      "shop0",
      "SKM_GRAPH_AMBIGUOUS",
      { candidates: ["shop0001", "shop0002"] },
    ],
    [
      "several heads for one",
      branches,
      "head",
      "SKM_GRAPH_MULTIPLE_HEADS",
      { heads: ["shop0002", "netw0002"] },
    ],
    ["an unknown branch", branches, "shp@netw0001", "SKM_GRAPH_NO_BRANCH", { suggestions: ["shop"] }],
    ["a revision of another branch", branches, "shop@netw0001", "SKM_GRAPH_NOT_IN_BRANCH", { label: "shop" }],
    ["a relative form without rows", line, "head-1", "SKM_GRAPH_UNKNOWN", { identifier: "head-1" }],
    ["empty text", line, "", "SKM_USAGE", {}],
    ["an empty symbol", branches, "shop@", "SKM_USAGE", {}],
    ["space before", line, " head", "SKM_USAGE", {}],
    ["space after", line, "head ", "SKM_USAGE", {}],
    ["something after a relative form", line, "+1x", "SKM_USAGE", {}],
    ["two relative forms in one", line, "aaaa0001+1+1", "SKM_USAGE", {}],
    ["a bad one among good ones", line, ["head", "+1x"], "SKM_USAGE", {}],
    ["current without rows", line, "current", "SKM_GRAPH_UNKNOWN", {}],
    ["a shorter name by its prefix", makeGraph("abc"), "ab", "SKM_GRAPH_UNKNOWN", { suggestions: ["abc"] }],
  ])("is refused when it is %s", (_name, graph, text, code, details) => {
    expect(() => resolveRevisions(graph, text)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining(details) as unknown }),
    );
  });

  it("is refused when it is no string", () => {
    expect(() => resolveRevisions(line, [null as unknown as string])).toThrow(
      expect.objectContaining({ code: "SKM_USAGE" }),
    );
  });
});

describe("with version rows, an identifier", () => {
  it.each<[string, readonly string[]]>([
    ["current", ["cccc0003"]],
    ["+1", ["dddd0004"]],
    ["-1", ["bbbb0002"]],
    ["-3", []],
    ["current-1", ["bbbb0002"]],
    ["current+2", ["eeee0005"]],
    ["head-1", ["dddd0004"]],
    ["bbbb0002+2", ["dddd0004"]],
    ["head", ["eeee0005"]],
  ])("may count from them: %s", (text, ids) => {
    expect(resolveRevisions(line, text, ["cccc0003"])).toEqual(ids);
  });

  it("is refused when a row is unknown", () => {
    expect(() => resolveRevisions(line, "current", ["ghost"])).toThrow(
      expect.objectContaining({ code: "SKM_VERSION_UNKNOWN" }),
    );
  });
});

describe("one revision", () => {
  it("is found, and is undefined for base", () => {
    expect(resolveRevision(line, "head")).toBe("eeee0005");
    expect(resolveRevision(line, "base")).toBeUndefined();
  });

  it("is refused where several are meant", () => {
    expect(() => resolveRevision(branches, "heads")).toThrow(
      expect.objectContaining({ code: "SKM_GRAPH_MULTIPLE_HEADS" }),
    );
  });
});

describe("the current revisions", () => {
  it("are the rows and the heads that these imply", () => {
    const graph = makeGraph("aaaa", "bbbb < aaaa", "cccc ^ bbbb");
    expect(listCurrent(graph, ["cccc"])).toEqual(["bbbb", "cccc"]);
    expect(listCurrent(diamond, ["join0001"])).toEqual(["join0001"]);
    expect(listCurrent(line, [])).toEqual([]);
  });
});
