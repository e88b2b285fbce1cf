import { describe, expect, it } from "vitest";
import { planNewRevision, type NewRevisionRequest, type RevisionGraph } from "../../src/revision/index.ts";
import { branches, line, makeGraph, plugin } from "./sample-graphs.ts";

const plan = (graph: RevisionGraph, request: Partial<NewRevisionRequest>) =>
  planNewRevision(graph, { revision: "new00001", ...request });

describe("a new revision", () => {
  it.each<[string, RevisionGraph, Partial<NewRevisionRequest>, object]>([
    ["follows the head", line, {}, { downRevision: ["eeee0005"], dependsOn: [], branchLabels: [] }],
    ["is the first one", makeGraph(), {}, { downRevision: [] }],
    ["begins a new root", line, { head: "base" }, { downRevision: [] }],
    ["follows the head of a branch", branches, { head: "net@head" }, { downRevision: ["netw0002"] }],
    ["merges all heads", branches, { head: "heads" }, { downRevision: ["shop0002", "netw0002"] }],
    [
      "merges named heads",
      branches,
      { head: ["netw", "shop0002"].map((id) => `${id}@head`.replace("netw@", "net@")) },
      { downRevision: ["netw0002", "shop0002"] },
    ],
    ["begins a branch", line, { head: "cccc", splice: true }, { downRevision: ["cccc0003"] }],
    ["depends on full ids", line, { dependsOn: ["aaaa", "head"] }, { dependsOn: ["aaaa0001", "eeee0005"] }],
    [
      "depends on a label as it is written",
      plugin,
      { head: "plug@head", dependsOn: "core" },
      { dependsOn: ["core"] },
    ],
    ["has labels", line, { branchLabels: ["lab"] }, { branchLabels: ["lab"] }],
  ])("%s", (_name, graph, request, links) => {
    expect(plan(graph, request)).toMatchObject({ revision: "new00001", ...links });
  });

  it.each<[string, RevisionGraph, Partial<NewRevisionRequest>, string]>([
    ["one of several heads", branches, {}, "SKM_GRAPH_MULTIPLE_HEADS"],
    ["a revision that is followed", line, { head: "cccc0003" }, "SKM_GRAPH_NOT_A_HEAD"],
    ["the same revision twice", line, { head: ["head", "eeee0005"] }, "SKM_USAGE"],
    ["something unknown", line, { head: "ghost" }, "SKM_GRAPH_UNKNOWN"],
    ["a relative revision", line, { head: "head-1" }, "SKM_GRAPH_UNKNOWN"],
    ["base as a dependency", line, { dependsOn: "base" }, "SKM_USAGE"],
    ["an unknown dependency", line, { dependsOn: "ghost" }, "SKM_GRAPH_UNKNOWN"],
    ["an id that is taken", line, { revision: "aaaa0001" }, "SKM_SCRIPT_DUPLICATE"],
    ["an id that differs in case only", line, { revision: "AAAA0001" }, "SKM_SCRIPT_DUPLICATE"],
    ["an id that is a label", plugin, { revision: "core", head: "plug@head" }, "SKM_SCRIPT_DUPLICATE"],
    ["a bad id", line, { revision: "../../evil" }, "SKM_SCRIPT_ID"],
    ["a bad label", line, { branchLabels: "my-lib" }, "SKM_SCRIPT_ID"],
    [
      "a label that is taken",
      plugin,
      { head: "plug@head", branchLabels: "core" },
      "SKM_GRAPH_DUPLICATE_LABEL",
    ],
    ["a label that is an id", line, { branchLabels: "aaaa0001" }, "SKM_GRAPH_DUPLICATE_LABEL"],
    ["a label that is its own id", line, { branchLabels: "new00001" }, "SKM_GRAPH_DUPLICATE_LABEL"],
    ["a label twice", line, { branchLabels: ["lab", "lab"] }, "SKM_GRAPH_DUPLICATE_LABEL"],
  ])("is refused for %s", (_name, graph, request, code) => {
    expect(() => plan(graph, request)).toThrow(expect.objectContaining({ code }));
  });

  it("says which heads there are and what to do", () => {
    expect(() => plan(branches, {})).toThrow(
      expect.objectContaining({
        details: { argument: "head", heads: ["shop0002", "netw0002"] },
        hint: expect.stringContaining("--head") as unknown,
      }),
    );
  });
});
