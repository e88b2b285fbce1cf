import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMigrationError, MigrationError } from "../../src/errors/migration-error.ts";
import {
  buildGraph,
  describeRevision,
  downgradePath,
  history,
  inspectRevisions,
  listCurrent,
  listRange,
  resolveRevisions,
  stampPath,
  upgradePath,
  type RevisionGraph,
  type Step,
} from "../../src/revision/index.ts";
import { toInfo, type VectorRevision } from "./answer-vector.ts";
import { closeOver, findMaximal, readRequires, type Requires } from "./judge-vector.ts";
import { messyLists, revisionLists } from "./random-graphs.ts";

interface World {
  readonly graph: RevisionGraph;
  readonly requires: Requires;
  readonly ids: readonly string[];
}

const makeWorld = (revisions: readonly VectorRevision[]): World => ({
  graph: buildGraph(revisions.map(toInfo)),
  requires: readRequires(revisions),
  ids: revisions.map((revision) => revision.id),
});

const pick = (ids: readonly string[], numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => ids[number % ids.length] ?? "");

/** Rows of a database at which some revisions and all that they require are applied. */
const rowsAt = ({ requires }: World, seeds: readonly string[]): readonly string[] =>
  findMaximal(requires, closeOver(requires, seeds));

/** Checks a plan against the rules, from scratch at each step. */
function checkSteps(world: World, heads: readonly string[], steps: readonly Step[]): void {
  const applied = closeOver(world.requires, heads);
  let before = [...heads].sort();
  for (const step of steps) {
    expect(step.headsBefore).toEqual(before);
    if (step.kind === "upgrade") {
      expect(applied.has(step.revision)).toBe(false);
      expect((world.requires.get(step.revision) ?? []).every((id) => applied.has(id))).toBe(true);
      applied.add(step.revision);
    } else {
      expect(applied.delete(step.revision)).toBe(true);
      expect([...applied].some((id) => world.requires.get(id)?.includes(step.revision))).toBe(false);
    }
    expect(step.headsAfter).toEqual(findMaximal(world.requires, applied));
    before = [...step.headsAfter];
  }
}

const somePlaces = fc.array(fc.nat(), { maxLength: 4 });

describe("on random graphs", () => {
  it("an upgrade applies exactly what is missing, each revision after all that it requires", () => {
    fc.assert(
      fc.property(revisionLists, somePlaces, fc.nat(), (revisions, seeds, place) => {
        const world = makeWorld(revisions);
        const heads = rowsAt(world, pick(world.ids, seeds));
        const [target = ""] = pick(world.ids, [place]);
        const steps = upgradePath(world.graph, heads, target);
        const missing = [...closeOver(world.requires, [target])].filter(
          (id) => !closeOver(world.requires, heads).has(id),
        );
        expect(steps.map((step) => step.revision).sort()).toEqual(missing.sort());
        checkSteps(world, heads, steps);
      }),
    );
  });

  it("a downgrade undoes exactly what stands on the target, each revision before all that it requires", () => {
    fc.assert(
      fc.property(revisionLists, somePlaces, fc.nat(), (revisions, seeds, place) => {
        const world = makeWorld(revisions);
        const heads = rowsAt(world, pick(world.ids, [place, ...seeds]));
        const [target = ""] = pick(world.ids, [place]);
        const followers = describeRevision(world.graph, target).children;
        const undone = [...closeOver(world.requires, heads)].filter((id) =>
          followers.some((follower) => closeOver(world.requires, [id]).has(follower)),
        );
        if (undone.length === 0 && !heads.includes(target)) {
          // Applied only because something depends on it.
          expect(() => downgradePath(world.graph, heads, target)).toThrow(
            expect.objectContaining({ code: "SKM_GRAPH_NOT_ANCESTOR" }),
          );
          return;
        }
        const steps = downgradePath(world.graph, heads, target);
        expect(steps.map((step) => step.revision).sort()).toEqual(undone.sort());
        checkSteps(world, heads, steps);
      }),
    );
  });

  it("up to any rows and down to base comes back to nothing, and the same rows are reached again", () => {
    fc.assert(
      fc.property(revisionLists, somePlaces, (revisions, seeds) => {
        const world = makeWorld(revisions);
        const heads = rowsAt(world, pick(world.ids, seeds));
        const up = upgradePath(world.graph, [], heads);
        expect(up.at(-1)?.headsAfter ?? []).toEqual(heads);
        const down = downgradePath(world.graph, heads, "base");
        expect(down.at(-1)?.headsAfter ?? []).toEqual([]);
        expect(down.map((step) => step.revision)).toEqual(up.map((step) => step.revision).reverse());
        checkSteps(world, [], up);
        checkSteps(world, heads, down);
      }),
    );
  });

  it("the history is the plan of everything, read backwards", () => {
    fc.assert(
      fc.property(revisionLists, (revisions) => {
        const { graph } = makeWorld(revisions);
        const steps = upgradePath(graph, [], "heads");
        expect(history(graph)).toEqual(steps.map((step) => step.revision).reverse());
        expect(steps.at(-1)?.headsAfter).toEqual([...graph.realHeads].sort());
      }),
    );
  });

  it("a part of the history lists each revision before all that it requires, gaps or not", () => {
    fc.assert(
      fc.property(revisionLists, fc.nat(), fc.boolean(), (revisions, place, implicitBase) => {
        const world = makeWorld(revisions);
        const [lower = ""] = pick(world.ids, [place]);
        const listed = listRange(world.graph, {
          upper: [lower, ...world.graph.realHeads].slice(1),
          lower,
          inclusive: true,
          implicitBase,
        });
        expect(new Set(listed).size).toBe(listed.length);
        listed.forEach((id, at) => {
          const below = closeOver(world.requires, world.requires.get(id) ?? []);
          expect(listed.slice(0, at).filter((earlier) => below.has(earlier))).toEqual([]);
        });
      }),
    );
  });

  it("a stamp leaves rows of which none requires another, the target among them", () => {
    fc.assert(
      fc.property(revisionLists, somePlaces, somePlaces, (revisions, seeds, places) => {
        const world = makeWorld(revisions);
        const heads = rowsAt(world, pick(world.ids, seeds));
        const targets = rowsAt(world, pick(world.ids, places));
        const after = stampPath(world.graph, heads, targets).at(-1)?.headsAfter ?? heads;
        expect(after).toEqual(findMaximal(world.requires, new Set(after)));
        expect(targets.length === 0 || targets.some((target) => after.includes(target))).toBe(true);
      }),
    );
  });

  it("the current revisions are the applied ones that no applied one follows", () => {
    fc.assert(
      fc.property(revisionLists, somePlaces, (revisions, seeds) => {
        const world = makeWorld(revisions);
        const heads = rowsAt(world, pick(world.ids, seeds));
        const applied = closeOver(world.requires, heads);
        const tips = world.ids.filter(
          (id) =>
            applied.has(id) &&
            !describeRevision(world.graph, id).children.some((child) => applied.has(child)),
        );
        expect(listCurrent(world.graph, heads)).toEqual(tips);
      }),
    );
  });
});

describe("on any input", () => {
  it("inspection never throws, and what it keeps is a whole graph of what has no problem", () => {
    fc.assert(
      fc.property(messyLists, (revisions) => {
        const infos = revisions.map(toInfo);
        const { graph, problems } = inspectRevisions(infos);
        const kept = new Set(graph.revisions.map((info) => info.revision));
        for (const { revision, kind } of problems) {
          if (kind !== "duplicate-label") expect(kept.has(revision)).toBe(false);
        }
        for (const { id, down } of revisions) {
          if (kept.has(id)) expect(down.every((parent) => kept.has(parent))).toBe(true);
        }
        expect(history(graph)).toHaveLength(kept.size);
        if (problems.length === 0) expect(kept.size).toBe(revisions.length);
        else expect(() => buildGraph(infos)).toThrow(MigrationError);
      }),
    );
  });

  it("a text means revisions or is refused with a code, a hint and the reason", () => {
    const pieces = fc.constantFrom(
      "rev000",
      "rev0",
      "r",
      "lab",
      "head",
      "heads",
      "base",
      "current",
      "@",
      "+",
      "-",
      "1",
      "2",
      ":",
      " ",
      ",",
      "é",
    );
    const texts = fc.array(pieces, { maxLength: 5 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(revisionLists, texts, fc.constantFrom(0, 1, 2, 3, 4), (revisions, text, way) => {
        const { graph, ids } = makeWorld(revisions);
        const heads = [ids[0] ?? ""];
        const ways = [
          () => resolveRevisions(graph, text, heads),
          () => upgradePath(graph, heads, text),
          () => downgradePath(graph, heads, text),
          () => stampPath(graph, heads, text),
          () => history(graph, `${text}:`, heads),
        ];
        try {
          expect(Array.isArray(ways[way]?.())).toBe(true);
        } catch (error) {
          if (!isMigrationError(error)) throw error;
          expect(error.code).toMatch(/^SKM_(?:GRAPH|USAGE)/u);
          expect(error.hint).toMatch(/^["'a-z<]/u);
          expect(error.message.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("a prefix finds the one revision that has it, or names all that have it", () => {
    fc.assert(
      fc.property(revisionLists, fc.nat(), fc.integer({ min: 1, max: 6 }), (revisions, place, length) => {
        const { graph, ids } = makeWorld(revisions);
        const [id = ""] = pick(ids, [place]);
        const prefix = id.slice(0, length);
        const fitting = ids.filter((other) => other.startsWith(prefix));
        if (fitting.length === 1) {
          expect(resolveRevisions(graph, prefix)).toEqual([id]);
        } else {
          expect(() => resolveRevisions(graph, prefix)).toThrow(
            expect.objectContaining({
              code: "SKM_GRAPH_AMBIGUOUS",
              details: { identifier: prefix, candidates: fitting },
            }),
          );
        }
      }),
    );
  });
});
