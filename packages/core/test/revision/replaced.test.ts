import { describe, expect, it } from "vitest";
import { MigrationError } from "../../src/errors/migration-error.ts";
import {
  assertKnownHeads,
  buildGraph,
  downgradePath,
  history,
  inspectRevisions,
  listCurrent,
  planNewRevision,
  readSettled,
  resolveRevisions,
  stampPath,
  upgradePath,
  type RevisionInfo,
  type Step,
} from "../../src/revision/index.ts";
import { readRevision, readRevisions } from "./sample-graphs.ts";

const replacing = (text: string, ...replaces: readonly string[]): RevisionInfo => ({
  ...readRevision(text),
  replaces,
});

/** base0001 <- news0001, which replaces old00001 to old00003, <- tops0001 */
const squashed = buildGraph([
  readRevision("base0001"),
  replacing("news0001 [shop] < base0001", "old00001", "old00002", "old00003"),
  readRevision("tops0001 < news0001"),
]);

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof MigrationError) return error.code;
    throw error;
  }
  return "none";
};

const show = (steps: readonly Step[]): readonly string[] =>
  steps.map(
    ({ kind, revision, headsBefore, headsAfter }) =>
      `${kind} ${revision}: ${headsBefore.join(" ")} -> ${headsAfter.join(" ")}`,
  );

describe("a name that is replaced", () => {
  it.each([
    ["old00003", ["news0001"]],
    ["old00003+1", ["tops0001"]],
    ["shop@old00003", ["news0001"]],
    ["old00003@head", ["tops0001"]],
  ])("at the end means the new revision: %s", (name, ids) => {
    expect(resolveRevisions(squashed, name, [])).toEqual(ids);
  });

  it("is found by its first characters", () => {
    const graph = buildGraph([replacing("news0001", "abcd0001", "bcde0002")]);
    expect(resolveRevisions(graph, "bcde")).toEqual(["news0001"]);
    expect(codeOf(() => resolveRevisions(graph, "abcd"))).toBe("SKM_GRAPH_REPLACED");
    expect(codeOf(() => resolveRevisions(squashed, "old0"))).toBe("SKM_GRAPH_AMBIGUOUS");
    expect(codeOf(() => resolveRevisions(graph, "bcd"))).toBe("SKM_GRAPH_UNKNOWN");
  });

  it("in the middle is refused with the revision that replaced it", () => {
    expect(() => resolveRevisions(squashed, "old00002")).toThrow(
      expect.objectContaining({
        code: "SKM_GRAPH_REPLACED",
        message: 'revision "old00002" is gone: "news0001" has replaced it together with all up to "old00003"',
        details: { identifier: "old00002", replacedBy: "news0001", last: "old00003" },
      }),
    );
  });

  it("is no revision of its own, and taken all the same", () => {
    expect(squashed.has("old00003")).toBe(false);
    expect(history(squashed)).toEqual(["tops0001", "news0001", "base0001"]);
    for (const revision of ["old00001", "OLD00003"]) {
      expect(codeOf(() => planNewRevision(squashed, { revision }))).toBe("SKM_SCRIPT_DUPLICATE");
    }
    expect(codeOf(() => planNewRevision(squashed, { revision: "x", branchLabels: "old00002" }))).toBe(
      "SKM_GRAPH_DUPLICATE_LABEL",
    );
  });
});

describe("a link to what is replaced", () => {
  it("leads to the new revision at the end, so that work that was begun before a squash goes on", () => {
    const graph = buildGraph([
      replacing("news0001", "old00001", "old00002"),
      readRevision("side0001 < old00002"),
      readRevision("side0002 ^ old00002"),
      readRevision("join0001 < old00002, side0001, news0001"),
    ]);
    expect(graph.get("side0001").downRevision).toBe("news0001");
    expect(graph.get("side0002").dependsOn).toEqual(["news0001"]);
    expect(graph.get("join0001").downRevision).toEqual(["news0001", "side0001"]);
    expect(show(upgradePath(graph, [], "side0001"))).toEqual([
      "upgrade news0001:  -> news0001",
      "upgrade side0001: news0001 -> side0001",
    ]);
  });
});

describe("what cannot be replaced", () => {
  const old = replacing("news0001", "old00001", "old00002");
  it.each<[string, readonly RevisionInfo[], readonly string[]]>([
    [
      "a file that is still there",
      [...readRevisions("old00001", "old00002 < old00001"), old],
      ["replaced-exists news0001: old00001", "replaced-exists news0001: old00002"],
    ],
    ["itself", [replacing("news0001", "old00001", "news0001")], ["replaces-itself news0001: news0001"]],
    ["an id twice", [replacing("news0001", "old00001", "old00001")], ["replaced-twice news0001: old00001"]],
    [
      "what another one replaces",
      [old, replacing("news0002 < news0001", "old00002")],
      ["replaced-twice news0002: old00002"],
    ],
    [
      "what others follow in the middle",
      [old, readRevision("side0001 < old00001")],
      ["replaced-parent side0001: old00001, news0001"],
    ],
    [
      "what others depend on in the middle",
      [old, readRevision("side0001 ^ old00001")],
      ["replaced-dependency side0001: old00001, news0001"],
    ],
    [
      "what has the name of a label",
      [old, readRevision("side0001 [old00002]")],
      ["duplicate-label side0001: old00002, news0001"],
    ],
    ["its own parent", [replacing("news0001 < old00001", "old00001")], ["self-loop news0001: news0001"]],
  ])("is %s", (_, revisions, expected) => {
    const { problems, graph } = inspectRevisions(revisions);
    expect(
      problems.map(({ kind, revision, related }) => `${kind} ${revision}: ${related.join(", ")}`),
    ).toEqual(expected);
    expect(graph.revisions.length).toBeLessThan(revisions.length + 1);
    expect(codeOf(() => buildGraph(revisions))).toBe(problems[0]?.code);
  });

  it("leaves the old revisions in sight where the squash was interrupted", () => {
    const { graph } = inspectRevisions([
      ...readRevisions("old00001", "old00002 < old00001"),
      old,
      readRevision("tops0001 < news0001"),
    ]);
    expect(history(graph)).toEqual(["old00002", "old00001"]);
  });
});

describe("a database at the end of what is replaced", () => {
  it.each<[string, readonly Step[], readonly string[]]>([
    [
      "goes on",
      upgradePath(squashed, ["old00003"], "head"),
      ["stamp news0001: old00003 -> news0001", "upgrade tops0001: news0001 -> tops0001"],
    ],
    [
      "goes on by one",
      upgradePath(squashed, ["old00003"], "+1"),
      ["stamp news0001: old00003 -> news0001", "upgrade tops0001: news0001 -> tops0001"],
    ],
    [
      "is where it should be",
      upgradePath(squashed, ["old00003"], "news0001"),
      ["stamp news0001: old00003 -> news0001"],
    ],
    [
      "goes back",
      downgradePath(squashed, ["old00003"], "-1"),
      ["stamp news0001: old00003 -> news0001", "downgrade news0001: news0001 -> base0001"],
    ],
    ["has nothing to undo", downgradePath(squashed, ["old00003"], "old00003"), []],
    ["is there already", downgradePath(squashed, ["news0001"], "old00003"), []],
    [
      "is stamped",
      stampPath(squashed, ["old00003"], "tops0001"),
      ["stamp news0001: old00003 -> news0001", "stamp tops0001: news0001 -> tops0001"],
    ],
    [
      "is stamped where it is",
      stampPath(squashed, ["old00003"], "old00003"),
      ["stamp news0001: old00003 -> news0001"],
    ],
    [
      "is stamped away",
      stampPath(squashed, ["old00003"], "-1"),
      ["stamp news0001: old00003 -> news0001", "stamp base0001: news0001 -> base0001"],
    ],
    [
      "has the new row too",
      upgradePath(squashed, ["news0001", "old00003"], "tops0001"),
      ["stamp news0001: news0001 old00003 -> news0001", "upgrade tops0001: news0001 -> tops0001"],
    ],
  ])("%s", (_, steps, expected) => {
    expect(show(steps)).toEqual(expected);
  });

  it("has a row for each of several branches", () => {
    const graph = buildGraph([
      replacing("left0001", "old00001"),
      replacing("rght0001", "old00002"),
      readRevision("free0001"),
    ]);
    const rows = ["free0001", "old00001", "old00002"];
    expect(show(upgradePath(graph, rows, "heads"))).toEqual([
      "stamp left0001: free0001 old00001 old00002 -> free0001 left0001 old00002",
      "stamp rght0001: free0001 left0001 old00002 -> free0001 left0001 rght0001",
    ]);
    expect(readSettled(graph, rows)).toEqual(["free0001", "left0001", "rght0001"]);
  });

  it("is at the new revision for those who look", () => {
    expect(listCurrent(squashed, ["old00003"])).toEqual(["news0001"]);
    expect(history(squashed, "current:", ["old00003"])).toEqual(["tops0001", "news0001"]);
    expect(resolveRevisions(squashed, "current-1", ["old00003"])).toEqual(["base0001"]);
    expect(codeOf(() => assertKnownHeads(squashed, ["old00003"]))).toBe("none");
  });
});

describe("a database in the middle of what is replaced", () => {
  it.each<[string, () => unknown]>([
    ["upgrade", () => upgradePath(squashed, ["old00001"], "head")],
    ["upgrade by one", () => upgradePath(squashed, ["old00001"], "+1")],
    ["downgrade", () => downgradePath(squashed, ["old00001"], "base")],
    ["downgrade by one", () => downgradePath(squashed, ["old00001"], "-1")],
    ["stamp", () => stampPath(squashed, ["old00001"], "news0001")],
    ["current", () => listCurrent(squashed, ["old00001"])],
    ["history", () => history(squashed, "current:", ["old00001"])],
  ])("is refused, whatever is asked of it: %s", (_, work) => {
    expect(work).toThrow(
      expect.objectContaining({
        code: "SKM_VERSION_REPLACED",
        message:
          'the database is at revision "old00001", which "news0001" has replaced together with all up to "old00003"',
        details: { rows: ["old00001"], between: ["old00001"], replacedBy: "news0001", last: "old00003" },
        hint: expect.stringContaining(
          'upgrade it to "old00003" with the release that still has the old files',
        ),
      }),
    );
  });

  it("is unknown beside a row that nobody knows", () => {
    expect(() => upgradePath(squashed, ["nope", "old00001"], "head")).toThrow(
      expect.objectContaining({
        code: "SKM_VERSION_UNKNOWN",
        details: { rows: ["nope", "old00001"], unknown: ["nope"] },
      }),
    );
  });
});
