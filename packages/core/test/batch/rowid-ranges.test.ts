import { assert, bigInt, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { cutRowids, isWorthCutting } from "../../src/batch/rowid-ranges.ts";

test.each<readonly [bigint, bigint, number, readonly (readonly [bigint, bigint])[]]>([
  [
    1n,
    1_000_000n,
    1_000_000,
    [
      [1n, 250_000n],
      [250_001n, 500_000n],
      [500_001n, 750_000n],
      [750_001n, 1_000_000n],
    ],
  ],
  [5n, 5n, 1, [[5n, 5n]]],
  [
    -(2n ** 63n),
    2n ** 63n - 1n,
    500_000,
    [
      [-(2n ** 63n), -1n],
      [0n, 2n ** 63n - 1n],
    ],
  ],
])("%i to %i, %i rows", (first, last, rows, expected) => {
  expect(cutRowids({ first, last, rows }).map(({ from, to }) => [from, to])).toEqual(expected);
});

test("ranges touch, do not overlap, and cover the span", () => {
  const limit = 2n ** 63n;
  const span = tuple(
    bigInt(-limit, limit - 1n),
    bigInt(-limit, limit - 1n),
    integer({ min: 1, max: 9_000_000 }),
  ).map(([a, b, rows]) => ({ first: a < b ? a : b, last: a < b ? b : a, rows }));
  assert(
    property(span, (given) => {
      const ranges = cutRowids(given);
      expect(ranges[0]?.from).toBe(given.first);
      expect(ranges.at(-1)?.to).toBe(given.last);
      for (const [index, { from, to }] of ranges.entries()) {
        expect(from <= to).toBe(true);
        if (index > 0) expect(from).toBe((ranges[index - 1]?.to ?? 0n) + 1n);
      }
      expect(ranges.length).toBeLessThanOrEqual(Math.ceil(given.rows / 250_000));
    }),
  );
});

test("a table is cut above a million rows", () => {
  expect([1_000_000, 1_000_001].map(isWorthCutting)).toEqual([false, true]);
});
