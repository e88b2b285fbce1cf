import * as fc from "fast-check";
import type { VectorRevision } from "./answer-vector.ts";

interface Draft {
  readonly parents: readonly number[];
  readonly dependencies: readonly number[];
  readonly sortKey: number;
  readonly isRoot: boolean;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  parents: fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.nat(), { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(fc.nat(), { minLength: 2, maxLength: 3 }) },
  ),
  dependencies: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }) },
  ),
  sortKey: fc.nat(),
  isRoot: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const idOf = (place: number): string => `rev${String(place).padStart(3, "0")}`;

/** Revisions without cycles, in any load order. */
export const revisionLists: fc.Arbitrary<readonly VectorRevision[]> = fc
  .array(draft, { minLength: 1, maxLength: 25 })
  .map((drafts) => {
    const revisions = drafts.map(({ parents, dependencies, sortKey, isRoot }, place) => {
      const pick = (numbers: readonly number[]): readonly string[] =>
        place === 0
          ? []
          : [...new Set(numbers.map((number) => idOf(place - 1 - (number % Math.min(place, 6)))))];
      return {
        sortKey,
        revision: { id: idOf(place), down: isRoot ? [] : pick(parents), deps: pick(dependencies) },
      };
    });
    return revisions.toSorted((a, b) => a.sortKey - b.sortKey).map(({ revision }) => revision);
  });

/** Revisions with any links: missing, doubled, cyclic. */
export const messyLists: fc.Arbitrary<readonly VectorRevision[]> = fc.array(
  fc.record({
    id: fc.nat({ max: 12 }).map(idOf),
    down: fc.array(fc.nat({ max: 14 }).map(idOf), { maxLength: 2 }),
    deps: fc.array(fc.oneof(fc.nat({ max: 14 }).map(idOf), fc.constant("lab")), { maxLength: 1 }),
    labels: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.constant(["lab"]) },
    ),
  }),
  { maxLength: 14 },
);
