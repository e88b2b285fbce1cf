import { describe, expect, it } from "vitest";
import { MigrationError } from "../../src/errors/migration-error.ts";
import { buildGraph, history, inspectRevisions, type RevisionInfo } from "../../src/revision/index.ts";
import { branches, diamond, makeGraph, plugin, readRevisions } from "./sample-graphs.ts";

const catchError = (revisions: readonly RevisionInfo[]): MigrationError => {
  try {
    buildGraph(revisions);
  } catch (error) {
    if (error instanceof MigrationError) return error;
  }
  throw new Error("no error was thrown");
};

describe("a graph", () => {
  it("knows heads, bases, branch points and merge points in load order", () => {
    expect(diamond).toMatchObject({
      heads: ["tops0001"],
      bases: ["root0001"],
      branchPoints: ["root0001"],
      mergePoints: ["join0001"],
    });
    expect(branches.heads).toEqual(["shop0002", "netw0002"]);
    expect(branches.branchPoints).toEqual(["base0001"]);
  });

  it("tells heads that something depends on from real heads", () => {
    const graph = makeGraph("aaaa", "bbbb ^ aaaa");
    expect(graph.heads).toEqual(["aaaa", "bbbb"]);
    expect(graph.realHeads).toEqual(["bbbb"]);
    expect(graph.bases).toEqual(["aaaa", "bbbb"]);
    expect(graph.realBases).toEqual(["aaaa"]);
  });

  it("keeps load order when it is not the order of the branches", () => {
    const graph = makeGraph("cccc < aaaa", "bbbb < aaaa", "aaaa");
    expect(graph.heads).toEqual(["cccc", "bbbb"]);
    expect(graph.revisions.map((info) => info.revision)).toEqual(["cccc", "bbbb", "aaaa"]);
  });

  it("gives the revision as it was given, and refuses an unknown id", () => {
    const info = { revision: "aaaa", downRevision: null, message: "first" };
    const graph = buildGraph([info]);
    expect(graph.get("aaaa")).toBe(info);
    expect(graph.has("aaab")).toBe(false);
    expect(() => graph.get("aaab")).toThrow(
      expect.objectContaining({ code: "SKM_GRAPH_UNKNOWN", hint: 'did you mean "aaaa"?' }),
    );
  });

  it("is empty without revisions", () => {
    expect(buildGraph([])).toMatchObject({ heads: [], bases: [], realHeads: [], revisions: [] });
  });

  it("is frozen", () => {
    expect(Object.isFrozen(diamond)).toBe(true);
    expect(Object.isFrozen(diamond.heads)).toBe(true);
  });
});

describe("one thing that is wrong", () => {
  it.each([
    ["itself as parent", ["aaaa < aaaa"], "SKM_GRAPH_CYCLE", "self-loop"],
    ["itself as dependency", ["aaaa ^ aaaa"], "SKM_GRAPH_CYCLE", "dependency-self-loop"],
    ["its own label as dependency", ["aaaa [lab] ^ lab"], "SKM_GRAPH_CYCLE", "dependency-self-loop"],
    ["a cycle", ["aaaa < cccc", "bbbb < aaaa", "cccc < bbbb"], "SKM_GRAPH_CYCLE", "cycle"],
    [
      "a cycle with a head above",
      ["aaaa", "bbbb < aaaa, cccc", "cccc < bbbb", "dddd < cccc"],
      "SKM_GRAPH_CYCLE",
      "cycle",
    ],
    ["a cycle of dependencies", ["aaaa ^ bbbb", "bbbb ^ aaaa"], "SKM_GRAPH_CYCLE", "dependency-cycle"],
    ["a mixed cycle", ["aaaa ^ bbbb", "bbbb < aaaa"], "SKM_GRAPH_CYCLE", "dependency-cycle"],
    ["a missing parent", ["aaaa < zzzz"], "SKM_GRAPH_MISSING", "missing-parent"],
    ["a label as parent", ["aaaa [lab]", "bbbb < lab"], "SKM_GRAPH_MISSING", "missing-parent"],
    ["a missing dependency", ["aaaa ^ zzzz"], "SKM_GRAPH_MISSING", "missing-dependency"],
    ["a repeated id", ["aaaa", "aaaa"], "SKM_SCRIPT_DUPLICATE", "duplicate-id"],
    ["a label used twice", ["aaaa [lab]", "bbbb [lab]"], "SKM_GRAPH_DUPLICATE_LABEL", "duplicate-label"],
    ["a label written twice", ["aaaa [lab, lab]"], "SKM_GRAPH_DUPLICATE_LABEL", "duplicate-label"],
    ["a label that is an id", ["aaaa [bbbb]", "bbbb"], "SKM_GRAPH_DUPLICATE_LABEL", "duplicate-label"],
    ["a reserved id", ["head"], "SKM_SCRIPT_ID", "id"],
    ["a reserved label", ["aaaa [base]"], "SKM_SCRIPT_ID", "label"],
    ["an id with a dash", ["aa-aa"], "SKM_SCRIPT_ID", "id"],
    ["an id with an at sign", ["aa@aa"], "SKM_SCRIPT_ID", "id"],
  ])("is reported with its code: %s", (_name, texts, code, kind) => {
    const error = catchError(readRevisions(...texts));
    expect(error).toMatchObject({ code, details: { kind } });
    expect(error.details["problems"]).toHaveLength(1);
    expect(error.hint).toBeTypeOf("string");
  });

  it.each([
    ["", "is empty"],
    [" aaaa", "begins or ends with a space"],
    ["aa\u0007aa", "contains a control character"],
    [17, "is not a string"],
  ])("is reported with its reason: the id %j", (revision, reason) => {
    const error = catchError([{ revision: revision as string, downRevision: null }]);
    expect(error.code).toBe("SKM_SCRIPT_ID");
    expect(error.message).toContain(reason);
  });

  it("says where it is: the place of both copies of an id", () => {
    const error = catchError(readRevisions("aaaa", "bbbb < aaaa", "bbbb < aaaa"));
    expect(error.details["problems"]).toMatchObject([{ revision: "bbbb", positions: [1, 2] }]);
  });

  it("shows a cycle once round, whatever hangs above and below it", () => {
    const error = catchError(
      readRevisions("base", "root", "aaaa < root, cccc", "bbbb < aaaa", "cccc < bbbb", "tops < cccc").slice(
        1,
      ),
    );
    expect(error.message).toBe('revisions form a cycle: "aaaa" -> "cccc" -> "bbbb" -> "aaaa"');
    expect(error.details["problems"]).toMatchObject([{ related: ["aaaa", "bbbb", "cccc"] }]);
  });
});

describe("many things that are wrong", () => {
  const revisions = readRevisions(
    "good0001",
    "good0002 < good0001",
    "lost0001 < nope",
    "lost0002 < lost0001",
    "twin",
    "twin",
    "side0001 < good0001 ^ twin",
    "loop0001 < loop0002",
    "loop0002 < loop0001",
    "lab00001 [same]",
    "lab00002 [same]",
    "lab00003 ^ same",
    "a+b",
  );

  it("are reported together, with the code of the first", () => {
    const error = catchError(revisions);
    expect(error.code).toBe("SKM_SCRIPT_ID");
    expect(error.details["problems"]).toMatchObject([
      { code: "SKM_SCRIPT_ID", revision: "a+b" },
      { code: "SKM_SCRIPT_DUPLICATE", revision: "twin" },
      { code: "SKM_GRAPH_DUPLICATE_LABEL", revision: "lab00002", related: ["same", "lab00001"] },
      { code: "SKM_GRAPH_MISSING", revision: "lost0001", related: ["nope"] },
      { code: "SKM_GRAPH_CYCLE", revision: "loop0001" },
    ]);
    expect(error.message).toMatch(/^the revisions have 5 problems: /u);
  });

  it("do not hide the revisions that are in order", () => {
    const { graph, problems } = inspectRevisions(revisions);
    expect(problems).toHaveLength(5);
    expect(history(graph)).toEqual(["good0002", "good0001", "lab00001", "lab00002"]);
    expect(history(graph, ":good0002")).toEqual(["good0002", "good0001"]);
  });

  it("are plain data that survives JSON", () => {
    const { problems } = catchError(revisions).details;
    expect(JSON.parse(JSON.stringify(problems))).toEqual(problems);
  });
});

describe("names that work but should not be used", () => {
  it("are warnings: ids with a comma or slash, labels with any operator", () => {
    const graph = makeGraph("aa,aa [my-lib]", "b/b < aa,aa");
    expect(graph.warnings.map(({ kind, message }) => [kind, message])).toEqual([
      ["id", 'revision id "aa,aa" contains ","'],
      ["id", 'revision id "b/b" contains "/"'],
      ["label", 'branch label "my-lib" of revision "aa,aa" contains "-"'],
    ]);
  });

  it("are not warned of when Alembic's users have them: dots, other scripts, inner spaces", () => {
    const graph = buildGraph([
      { revision: "1.2.3", downRevision: null },
      { revision: "日本語", downRevision: "1.2.3" },
      { revision: "aa aa", downRevision: "日本語" },
    ]);
    expect(graph.warnings).toEqual([]);
  });
});

it("a repeated parent or dependency counts once, but for the merge that it claims to be", () => {
  const graph = makeGraph("aaaa", "bbbb < aaaa, aaaa ^ aaaa, aaaa");
  expect(graph.mergePoints).toEqual(["bbbb"]);
  expect(graph.branchPoints).toEqual([]);
});

it("a dependency may be named by the label of the revision that declares it", () => {
  expect(plugin.realHeads).toEqual(["core0003", "plug0002"]);
  expect(makeGraph("aaaa [lab]", "bbbb < aaaa", "cccc ^ lab").realHeads).toEqual(["bbbb", "cccc"]);
});
