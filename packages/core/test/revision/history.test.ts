import { describe, expect, it } from "vitest";
import {
  history,
  listDowngradeRange,
  listRange,
  parseRange,
  type RevisionGraph,
} from "../../src/revision/index.ts";
import { branches, diamond, line, makeGraph, plugin } from "./sample-graphs.ts";

const short = (ids: readonly string[]): string => ids.map((id) => id.slice(0, 1)).join("");

describe("the history of a line", () => {
  it.each<[string | undefined, readonly string[], string]>([
    [undefined, [], "edcba"],
    [":", [], "edcba"],
    ["bbbb:dddd", [], "dcb"],
    ["cccc:", [], "edc"],
    [":cccc", [], "cba"],
    [" bbbb:dddd ", [], "dcb"],
    ["-2:", [], "edc"],
    [":+2", [], "ba"],
    ["bbbb:+2", [], "dcb"],
    [":head-3", [], "ba"],
    [":current", ["cccc0003"], "cba"],
    ["current:", ["cccc0003"], "edc"],
    ["current:+1", ["cccc0003"], "dc"],
    ["-1:current", ["cccc0003"], "cb"],
    ["-9:current", ["cccc0003"], "cba"],
    ["current-1:current+1", ["cccc0003"], "dcb"],
    ["current-1:", ["cccc0003"], "edcb"],
    [":current-1", ["cccc0003"], "ba"],
    [":current-3", ["cccc0003"], ""],
    [":current", [], "edcba"],
    ["current:", [], "edcba"],
  ])("of range %s at %j", (range, heads, ids) => {
    expect(short(history(line, range, heads))).toBe(ids);
  });

  it.each<[string, string]>([
    ["dddd:bbbb", "SKM_GRAPH_NOT_ANCESTOR"],
    ["cccc", "SKM_USAGE"],
    ["a:b:c", "SKM_USAGE"],
    ["@head:", "SKM_USAGE"],
    ["+1x:", "SKM_USAGE"],
    ["nope:", "SKM_GRAPH_UNKNOWN"],
    ["current:current", "SKM_GRAPH_UNKNOWN"],
    [":-1", "SKM_GRAPH_RANGE"],
    ["+1:", "SKM_GRAPH_UNKNOWN"],
  ])("is refused for range %s", (range, code) => {
    expect(() => history(line, range, ["cccc0003"])).toThrow(expect.objectContaining({ code }));
  });
});

describe("the history of branches", () => {
  it.each<[string, RevisionGraph, string | undefined, readonly string[]]>([
    [
      "is one branch after the other",
      branches,
      undefined,
      ["shop0002", "shop0001", "netw0002", "netw0001", "base0001"],
    ],
    ["ends at a head with what is below", branches, ":net@head", ["netw0002", "netw0001", "base0001"]],
    ["starts at a label with what is above", branches, "shop:", ["shop0002", "shop0001"]],
    ["keeps to a branch from its base", branches, "net@base:", ["netw0002", "netw0001", "base0001"]],
    [
      "finishes a side before it goes below the fork",
      diamond,
      undefined,
      ["tops0001", "join0001", "left0001", "rght0001", "root0001"],
    ],
    [
      "has dependencies below what depends on them",
      plugin,
      ":plug@head",
      ["plug0002", "plug0001", "core0002", "core0001"],
    ],
    ["leaves dependencies out that the start excludes", plugin, "plug:", ["plug0002", "plug0001"]],
  ])("%s", (_name, graph, range, ids) => {
    expect(history(graph, range)).toEqual(ids);
  });

  it("starts at a revision of another branch only by name of its own", () => {
    expect(() => history(branches, "net:shop@head")).toThrow(
      expect.objectContaining({ code: "SKM_GRAPH_NOT_ANCESTOR" }),
    );
  });

  it("lists what a gap in the range separates", () => {
    // tttt is reached only by way of xxxx, which does not follow the start by down revision.
    const graph = makeGraph("ssss", "tttt < ssss", "xxxx ^ tttt", "uuuu < ssss ^ xxxx");
    expect(history(graph, "ssss:uuuu")).toEqual(["uuuu", "tttt", "ssss"]);
  });
});

describe("a range", () => {
  it("is taken apart, sides that are left out being undefined", () => {
    expect(parseRange("a:b")).toEqual({ start: "a", end: "b" });
    expect(parseRange(":")).toEqual({ start: undefined, end: undefined });
    expect(parseRange("a:")).toEqual({ start: "a", end: undefined });
  });

  it("leaves out its lower end unless asked for it", () => {
    const ends = { upper: "dddd0004", lower: "bbbb0002" };
    expect(short(listRange(line, ends))).toBe("dc");
    expect(short(listRange(line, { ...ends, inclusive: true }))).toBe("dcb");
  });

  it("needs no common branch when the base is implied", () => {
    const ends = { upper: "netw0002", lower: "shop0002" };
    expect(() => listRange(branches, ends)).toThrow(
      expect.objectContaining({ code: "SKM_GRAPH_NOT_ANCESTOR" }),
    );
    expect(listRange(branches, { ...ends, implicitBase: true })).toEqual(["netw0002", "netw0001"]);
  });

  it("downwards is what a downgrade undoes", () => {
    const ends = { upper: "head", lower: "bbbb0002" };
    expect(short(listDowngradeRange(line, ends))).toBe("edc");
    expect(short(listDowngradeRange(line, { ...ends, inclusive: true }))).toBe("edcb");
    expect(() => listDowngradeRange(line, { upper: "aaaa0001", lower: "cccc0003" })).toThrow(
      expect.objectContaining({ code: "SKM_GRAPH_NOT_ANCESTOR" }),
    );
  });
});
