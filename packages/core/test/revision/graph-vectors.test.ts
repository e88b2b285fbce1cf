import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildGraph, type RevisionGraph } from "../../src/revision/index.ts";
import { lazy } from "../../src/util/lazy.ts";
import { answerQuestion, toInfo, type VectorRevision } from "./answer-vector.ts";
import { judgeVector, type Case, type Vector } from "./judge-vector.ts";
import { exceptions } from "./vector-exceptions.ts";

interface VectorMap {
  readonly map: string;
  /** A tool may refuse the whole map. */
  readonly may_reject?: string;
  readonly revisions: readonly VectorRevision[];
  readonly queries: readonly Vector[];
}

const readMaps = (file: string): readonly VectorMap[] => {
  const bytes = readFileSync(new URL(`../fixtures/graph/${file}.jsonl.gz`, import.meta.url));
  return gunzipSync(bytes)
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as VectorMap);
};

interface Verdicts {
  readonly wrong: readonly string[];
  readonly excepted: Readonly<Record<string, number>>;
  readonly judged: number;
}

function judgeMaps(maps: readonly VectorMap[]): Verdicts {
  const wrong: string[] = [];
  const excepted: Record<string, number> = {};
  let judged = 0;
  for (const { map, may_reject: mayReject, revisions, queries } of maps) {
    const makeGraph = lazy((): RevisionGraph => buildGraph(revisions.map(toInfo)));
    for (const vector of queries) {
      const answer = answerQuestion(makeGraph, vector.q);
      if (mayReject !== undefined && answer.error !== undefined) continue;
      judged += 1;
      const test = { vector, answer, revisions };
      const verdict = judgeVector(test);
      if (verdict === undefined) continue;
      const exception = exceptions.find(({ applies }) => applies(test));
      if (exception === undefined) wrong.push(`${map} ${JSON.stringify(vector.q)}: ${verdict}`);
      else excepted[exception.name] = (excepted[exception.name] ?? 0) + 1;
    }
  }
  return { wrong, excepted, judged };
}

const handmade = lazy(() => judgeMaps(readMaps("handmade")));
const random = lazy(() => judgeMaps(readMaps("random-dev")));

describe("the questions that real Alembic answered", () => {
  it("are answered as recorded on the handmade graphs, but for the reviewed exceptions", () => {
    expect(handmade().wrong).toEqual([]);
    expect(handmade().judged).toBeGreaterThan(17_000);
    expect(handmade().excepted).toEqual({
      "bad rows first": 39,
      "down from several rows": 173,
      "malformed identifier": 68,
      "nothing to count from": 3,
      "overlapping stamp": 32,
      "relative to current": 1,
      "target above the rows": 647,
    });
  });

  it("are answered as recorded on the random graphs, but for the reviewed exceptions", () => {
    expect(random().wrong).toEqual([]);
    expect(random().judged).toBeGreaterThan(20_000);
    expect(random().excepted).toEqual({
      "bad rows first": 25,
      "down from several rows": 171,
      "malformed identifier": 39,
      "nothing to count from": 32,
      "overlapping stamp": 57,
      "relative to current": 8,
      "target above the rows": 142,
    });
  });

  it("have no exception that nothing needs", () => {
    const used = new Set([...Object.keys(handmade().excepted), ...Object.keys(random().excepted)]);
    expect([...used].sort()).toEqual(exceptions.map(({ name }) => name).sort());
  });
});

describe("the judge", () => {
  const cases: readonly Case[] = readMaps("handmade")
    .filter(({ map }) => map === "diamond" || map === "depends_on_simple")
    .flatMap(({ revisions, queries }) => {
      const graph = buildGraph(revisions.map(toInfo));
      return queries.map((vector) => ({
        vector,
        revisions,
        answer: answerQuestion(() => graph, vector.q),
      }));
    })
    .filter(({ vector }) => vector.expect?.steps !== undefined && vector.q.kind !== "stamp");

  it("refuses plans in another order", () => {
    const long = cases.filter(({ answer }) => (answer.steps?.length ?? 0) > 1);
    const verdicts = long.map((test) => {
      const steps = [...(test.answer.steps ?? [])].reverse();
      return judgeVector({ ...test, answer: { ...test.answer, steps } });
    });
    expect(verdicts.length).toBeGreaterThan(50);
    expect(verdicts).not.toContain(undefined);
  });

  it("refuses plans with other version rows, and refusals of plans", () => {
    for (const test of cases) {
      const rows = [...(test.answer.rows ?? []), "ghost"];
      const words = ["not-found"];
      expect(judgeVector({ ...test, answer: { ...test.answer, rows } })).toBeDefined();
      expect(judgeVector({ ...test, answer: { error: { code: "SKM_GRAPH_UNKNOWN", words } } })).toBeDefined();
    }
  });
});
