import * as fc from "fast-check";
import { expect, test } from "vitest";
import { assessHeads, type Standing } from "../../src/revision/assess-heads.ts";
import { listHeadReaders } from "../../src/revision/head-readers.ts";
import { buildGraph, inspectRevisions, type RevisionInfo } from "../../src/revision/index.ts";
import { collectAncestors } from "../../src/revision/collect-related.ts";
import { getNode, type RevisionGraph } from "../../src/revision/revision-graph.ts";
import { revisionLists } from "./random-graphs.ts";

interface Choice {
  readonly isAdditive: boolean;
  /** Which of the revisions below the floor has to be above, if any. */
  readonly raise: number | null;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  isAdditive: fc.boolean(),
  raise: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat() }),
});

/** Revisions of which some are additive, with the lowest floor that they may have or a higher one. */
const projects = fc
  .tuple(revisionLists, fc.array(choice, { minLength: 25, maxLength: 25 }))
  .map(([revisions, choices]) => {
    const floors = new Map<string, readonly string[]>();
    const infos = new Map<string, RevisionInfo>();
    const plain = buildGraph(
      revisions.map(({ id, down, deps }) => ({
        revision: id,
        downRevision: down.length === 0 ? null : down,
        dependsOn: deps,
      })),
    );
    for (const [place, id] of [...plain.index.ids.keys()].toSorted().entries()) {
      const below = getNode(plain.index, id).requires;
      const { isAdditive: wants = false, raise = null } = choices[place] ?? {};
      const isAdditive = wants && below.length > 0;
      const ids = [
        ...closure(
          plain,
          below.map((node) => node.id),
        ),
      ];
      const raised = raise === null ? [] : [ids[raise % ids.length] ?? ""];
      const all = new Set([...below.flatMap((node) => floors.get(node.id) ?? []), ...raised]);
      const floor = isAdditive ? topmost(plain, [...all]) : [id];
      floors.set(id, floor);
      infos.set(id, { ...plain.get(id), minimumReader: isAdditive ? floor : undefined });
    }
    const loaded = plain.revisions.flatMap(({ revision }) => infos.get(revision) ?? []);
    return { graph: buildGraph(loaded), floorOf: (id: string) => floors.get(id) ?? [] };
  });

/** Those of the revisions that none of the others requires. */
function topmost(graph: RevisionGraph, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => !ids.some((other) => other !== id && closure(graph, [other]).has(id)));
}

const closure = ({ index }: RevisionGraph, ids: readonly string[]): ReadonlySet<string> =>
  new Set(collectAncestors(ids.map((id) => getNode(index, id))).members.map(({ id }) => id));

/** A part of the revisions that holds what each of them requires. */
function partOf(graph: RevisionGraph, picks: readonly number[]): ReadonlySet<string> {
  const ids = graph.revisions.map(({ revision }) => revision);
  return closure(graph, [...new Set(picks.map((pick) => ids[pick % ids.length] ?? ""))]);
}

const picks = fc.array(fc.nat(), { maxLength: 4 });

test("code may open a newer database when it knows the floors, and the database has all that the code brings", () => {
  const seen = new Set<Standing["kind"]>();
  fc.assert(
    fc.property(projects, picks, picks, ({ graph, floorOf }, known, applied) => {
      const [code, database] = [partOf(graph, known), partOf(graph, applied)];
      const heads = topmost(graph, [...database]);
      const codeGraph = buildGraph(graph.revisions.filter(({ revision }) => code.has(revision)));
      const { kind } = assessHeads(codeGraph, heads, listHeadReaders(graph, heads));
      seen.add(kind);
      const lacksNothing = [...code].every((id) => database.has(id));
      // Not only of the heads: a floor holds for all that lies above it.
      const mayOpen = [...database].every((id) => code.has(id) || floorOf(id).every((one) => code.has(one)));
      const newer = lacksNothing && mayOpen ? "newer" : "too-new";
      expect(kind).toBe(heads.every((head) => code.has(head)) ? "known" : newer);
    }),
    { numRuns: 2000 },
  );
  expect([...seen].toSorted()).toEqual(["known", "newer", "too-new"]);
});

test("no lower floor than the lowest is accepted, and every higher one is", () => {
  fc.assert(
    fc.property(projects, fc.nat(), fc.nat(), ({ graph }, which, reader) => {
      const infos = graph.revisions;
      const info = infos[which % infos.length];
      if (info === undefined) return;
      const below = [...closure(graph, [info.revision])];
      const chosen = below[reader % below.length] ?? "";
      const others = infos.map((one) => (one === info ? { ...one, minimumReader: chosen } : one));
      const { problems } = inspectRevisions(others);
      const floors = getNode(graph.index, info.revision).requires.flatMap(
        ({ id }) => listHeadReaders(graph, [id])[0]?.minimumReaders ?? [],
      );
      const reached = closure(graph, [chosen]);
      const isLow = floors.some((id) => !reached.has(id));
      expect(problems.some(({ revision }) => revision === info.revision)).toBe(isLow);
    }),
    { numRuns: 1000 },
  );
});
