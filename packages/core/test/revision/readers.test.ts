import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { assessHeads } from "../../src/revision/assess-heads.ts";
import { declareReaders, listHeadReaders } from "../../src/revision/head-readers.ts";
import { buildGraph, inspectRevisions, type RevisionInfo } from "../../src/revision/index.ts";
import { readRevision } from "./sample-graphs.ts";

/** `id < parent ^ dependency : minimum reader, …` */
const read = (text: string): RevisionInfo => {
  const [links = "", readers] = text.split(" : ");
  return { ...readRevision(links), minimumReader: readers === "" ? [] : readers?.split(", ") };
};

const graphOf = (...texts: readonly string[]) => buildGraph(texts.map(read));

describe("a minimum reader", () => {
  test.each<[title: string, texts: readonly string[]]>([
    ["the revision before", ["a", "b < a : a"]],
    ["the revision itself, as if there were none", ["a", "b < a : b"]],
    ["a revision further down, where those between allow it", ["a", "b < a : a", "c < b : a"]],
    ["one that is later than that of the revision before", ["a", "b < a : a", "c < b : b", "d < c : c"]],
    ["one of each side of a merge", ["a", "l < a : a", "r < a", "m < l, r : a, r"]],
    ["a later one of each side of a merge", ["a", "l < a : a", "r < a", "m < l, r : l, r"]],
    ["both sides as one, where that is enough", ["a", "l < a : a", "r < a : a", "m < l, r : a"]],
    ["a revision that it depends on", ["a", "b < a", "p ^ b : b"]],
    ["nothing, which is what an empty list says", ["a", "b < a : "]],
  ])("may be %s", (_title, texts) => {
    expect(inspectRevisions(texts.map(read)).problems).toEqual([]);
  });

  test.each<[title: string, texts: readonly string[], kind: string, revision: string, related: object]>([
    ["does not exist", ["a", "b < a : aa"], "strange-reader", "b", ["aa"]],
    ["is later", ["a", "b < a : c", "c < b"], "strange-reader", "b", ["c"]],
    ["is on another branch", ["a", "l < a", "r < a : l"], "strange-reader", "r", ["l"]],
    ["passes a breaking revision", ["a", "b < a", "c < b : a"], "low-reader", "c", ["b", "b"]],
    ["passes a floor", ["a", "b < a", "c < b : b", "d < c : a"], "low-reader", "d", ["c", "b"]],
    ["forgets a side of a merge", ["a", "l < a", "r < a : a", "m < l, r : a"], "low-reader", "m", ["l", "l"]],
    ["passes a dependency", ["a", "b < a", "p < a ^ b : a"], "low-reader", "p", ["b", "b"]],
  ])("is refused where it %s", (_title, texts, kind, revision, related) => {
    const { problems, graph } = inspectRevisions(texts.map(read));
    expect(problems).toEqual([
      expect.objectContaining({ code: "SKM_GRAPH_READER", kind, revision, related }),
    ]);
    expect(graph.revisions).toHaveLength(texts.length);
    expect(() => buildGraph(texts.map(read))).toThrow(expect.objectContaining({ exitCode: 4 }));
  });

  test("is reported beside other problems, at its place among all revisions", () => {
    const { problems } = inspectRevisions(["x < gone", "a", "b < a", "c < b : a"].map(read));
    expect(problems.map(({ code, positions }) => [code, positions])).toEqual([
      ["SKM_GRAPH_MISSING", [0]],
      ["SKM_GRAPH_READER", [3]],
    ]);
  });

  test("is checked in time that grows with the revisions", () => {
    const texts = Array.from({ length: 20_000 }, (_, n) =>
      n === 0 ? "r0" : `r${n} < r${n - 1} : ${n % 5000 === 0 ? `r${n}` : `r${Math.floor(n / 5000) * 5000}`}`,
    );
    const startedAt = performance.now();
    expect(inspectRevisions(texts.map(read)).problems).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe("revisions that another one has replaced", () => {
  const old = ["a", "b < a", "c < b : b", "d < c : c", "e < d : c"].map(read);
  const squashed: readonly RevisionInfo[] = [
    { revision: "s", downRevision: null, replaces: ["a", "b", "c"] },
    ...old.slice(3),
  ];

  test("may be minimum readers, and their code may open what it could before", () => {
    const graph = buildGraph(squashed);
    expect(listHeadReaders(graph, ["e"])).toEqual([
      { revision: "e", minimumReaders: ["c"], readers: ["s", "c", "d", "e"] },
    ]);
    const early = buildGraph(
      [squashed[0], old[3]].map((one) => ({ ...one, minimumReader: "b" })) as RevisionInfo[],
    );
    expect(listHeadReaders(early, ["d"])[0]).toMatchObject({
      minimumReaders: ["b"],
      readers: ["s", "b", "c", "d"],
    });
  });

  test.each<[title: string, code: readonly RevisionInfo[], told: readonly RevisionInfo[], head: string]>([
    ["old code, a new database", old.slice(0, 3), squashed, "e"],
    ["old code, a database at the new revision", old.slice(0, 3), squashed.slice(0, 1), "s"],
    ["new code, a database of the old files", squashed.slice(0, 1), old, "e"],
  ])("are known on both sides: %s", (_title, code, told, head) => {
    const records = listHeadReaders(buildGraph(told), [head]);
    expect(assessHeads(buildGraph(code), [head], records).kind).toBe("newer");
    expect(assessHeads(buildGraph(old.slice(0, 2)), [head], records).kind).toBe("too-new");
  });

  test.each<[stretch: readonly string[], reader: string, code: number, kind: string]>([
    [["d", "e"], "c", 3, "newer"],
    [["d", "e"], "c", 4, "newer"],
    [["d", "e"], "c", 5, "newer"],
    [["c", "d", "e"], "c", 2, "too-new"],
    [["c", "d", "e"], "c", 3, "newer"],
    [["c", "d", "e"], "c", 4, "newer"],
    [["b", "c", "d"], "c", 2, "too-new"],
    [["b", "c", "d"], "c", 4, "newer"],
  ])(
    "%j, which lets %s open it, is open to the first %i old revisions: %s",
    (stretch, reader, code, kind) => {
      const old5 = ["a", "b < a", "c < b", "d < c : c", "e < d : c"].map(read);
      const first = old5.find(({ revision }) => revision === stretch[0]);
      const left = old5.filter(({ revision }) => !stretch.includes(revision));
      const graph = buildGraph([
        ...left,
        {
          revision: "s",
          downRevision: first?.downRevision ?? null,
          replaces: stretch,
          minimumReader: reader,
        },
        {
          revision: "f",
          downRevision: left.some(({ revision }) => revision === "e") ? "e" : "s",
          minimumReader: reader,
        },
      ]);
      expect(assessHeads(buildGraph(old5.slice(0, code)), ["f"], listHeadReaders(graph, ["f"])).kind).toBe(
        kind,
      );
    },
  );

  test.each<[own: string | undefined, reader: string, problems: number]>([
    [undefined, "c", 0],
    [undefined, "s", 0],
    [undefined, "b", 1],
    [undefined, "a", 1],
    ["b", "b", 0],
    ["b", "c", 0],
    ["b", "a", 1],
  ])("keep their floor: %j below, %j named", (own, reader, count) => {
    const { problems } = inspectRevisions([
      { revision: "s", downRevision: null, replaces: ["a", "b", "c"], minimumReader: own },
      { revision: "d", downRevision: "s", minimumReader: reader },
    ]);
    const found = { code: "SKM_GRAPH_READER", kind: "low-reader", related: ["s", own ?? "c"] };
    expect(problems).toEqual(count === 0 ? [] : [expect.objectContaining(found)]);
  });

  test("are not applied as a whole where a row names one in the middle", () => {
    const code = buildGraph(
      ["r", "s < r", "x < r : r"]
        .map(read)
        .map((one) => (one.revision === "s" ? { ...one, replaces: ["a", "b", "c"] } : one)),
    );
    const told = buildGraph(["r", "a < r", "b < a", "c < b", "x < r : r", "y < x : r"].map(read));
    const standing = (row: string) => assessHeads(code, [row, "y"], listHeadReaders(told, [row, "y"]));
    expect(standing("c").kind).toBe("newer");
    expect(standing("b")).toMatchObject({ kind: "too-new", pending: ["s"] });
  });

  test("are no unknown rows", () => {
    expect(assessHeads(buildGraph(squashed), ["c"], []).kind).toBe("known");
  });
});

test("what a head says lists the code that may open it, and only that", () => {
  const graph = graphOf("a", "b < a", "c < b : b", "d < c : b", "e < d");
  expect(listHeadReaders(graph, ["d"])).toEqual([
    { revision: "d", minimumReaders: ["b"], readers: ["b", "c", "d"] },
  ]);
  expect(listHeadReaders(graph, ["e"])).toEqual([{ revision: "e", minimumReaders: ["e"], readers: ["e"] }]);
  expect(["b", "c", "e"].map((head) => declareReaders(graph, [head]))).toEqual([false, true, true]);
  expect(declareReaders(graphOf("a"), ["a"])).toBe(false);
});

describe("version rows of a newer database", () => {
  const newer = ["a", "b < a", "c < b : b", "d < c : b", "e < d", "f < e : e"];
  const verdict = (code: readonly string[], heads: readonly string[], told = newer) =>
    assessHeads(graphOf(...code), heads, listHeadReaders(graphOf(...told), heads));

  test.each<[code: readonly string[], head: string, kind: string, missing: readonly string[]]>([
    [newer.slice(0, 4), "d", "known", []],
    [newer.slice(0, 3), "d", "newer", []],
    [newer.slice(0, 2), "d", "newer", []],
    [newer.slice(0, 1), "d", "too-new", ["b"]],
    [newer.slice(0, 4), "e", "too-new", ["e"]],
    [newer.slice(0, 4), "f", "too-new", ["e"]],
    [newer.slice(0, 5), "f", "newer", []],
    [[], "f", "too-new", ["e"]],
  ])("%j at %s: %s", (code, head, kind, missing) => {
    const standing = verdict(code, [head]);
    expect(standing.kind).toBe(kind);
    if (standing.kind === "too-new") expect(standing.missing).toEqual(missing);
  });

  test("that lacks a revision of the code is not to be opened by it", () => {
    expect(verdict([...newer.slice(0, 3), "mine < c"], ["d"])).toEqual({
      kind: "too-new",
      unknown: ["d"],
      minimumReaders: ["b"],
      missing: [],
      pending: ["mine"],
    });
  });

  test("has to know a floor of each side that was merged", () => {
    const told = ["a", "l < a", "r < a", "s < r : r", "m < l, s : l, r"];
    expect(verdict(told.slice(0, 4), ["m"], told).kind).toBe("newer");
    expect(verdict(told.slice(0, 3), ["m"], told).kind).toBe("newer");
    expect(verdict(["a", "l < a"], ["m"], told)).toMatchObject({ kind: "too-new", missing: ["r"] });
  });

  test("may have merged a side that lies beside the floor", () => {
    const told = ["a", "l < a : a", "h < a : a", "u < l, h : l"];
    expect(verdict(told.slice(0, 3), ["u"], told).kind).toBe("newer");
    expect(verdict(told.slice(0, 2), ["u"], told).kind).toBe("newer");
    expect(verdict(["a", "h < a : a"], ["u"], told)).toMatchObject({ kind: "too-new", missing: ["l"] });
  });

  test("may have rows that are known beside those that are not", () => {
    const told = ["a", "l < a", "r < a", "s < r : r"];
    expect(verdict(told.slice(0, 3), ["l", "s"], told)).toMatchObject({ kind: "newer", unknown: ["s"] });
    expect(verdict([...told.slice(0, 3), "l2 < l"], ["l", "s"], told)).toMatchObject({
      kind: "too-new",
      pending: ["l2"],
    });
  });

  test("is unknown where it says nothing about one of them", () => {
    const graph = graphOf(...newer.slice(0, 3));
    const records = listHeadReaders(graphOf(...newer), ["d"]);
    expect(assessHeads(graph, ["d"], [])).toEqual({ kind: "unknown", unknown: ["d"] });
    expect(assessHeads(graph, ["d", "x"], records).kind).toBe("unknown");
  });
});

test("the table on the page about version skew is so", () => {
  const page = readFileSync(
    join(import.meta.dirname, "..", "..", "..", "..", "docs", "version-skew.md"),
    "utf8",
  );
  const rows = [...page.matchAll(/^\| `(\d+_\w+)` \|([^|]*)\|([^|]*)\|$/gm)];
  const revisions = rows.map(([, id = "", declared = ""], index): RevisionInfo => {
    const [reader] = [...declared.matchAll(/"(\w+)"/g)].map((match) => match[1]);
    return { revision: id, downRevision: rows[index - 1]?.[1] ?? null, minimumReader: reader };
  });
  expect(revisions).toHaveLength(5);
  const graph = buildGraph(revisions);
  for (const [index, [, id = "", declared = "", readers = ""]] of rows.entries()) {
    const named = [...readers.matchAll(/`(\d+)`/g)].map((match) => match[1] ?? "");
    expect(listHeadReaders(graph, [id])[0]?.readers.map((reader) => reader.slice(0, 3))).toEqual(named);
    const [, refused] = [...declared.matchAll(/"(\w+)"/g)].map((match) => match[1]);
    if (refused === undefined) continue;
    const worse = [...revisions.slice(0, index), { ...revisions[index], minimumReader: refused }];
    expect(inspectRevisions(worse as RevisionInfo[]).problems.map(({ kind }) => kind)).toEqual([
      "low-reader",
    ]);
  }
});
