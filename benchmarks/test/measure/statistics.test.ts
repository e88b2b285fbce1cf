import { expect, test } from "vitest";
import { median, medianRatio, quantile } from "../../src/measure/statistics.ts";

test("the median is the middle value, whatever the order", () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
});

test("a quantile between two values is between them", () => {
  expect(quantile([0, 10, 20, 30, 40], 0.1)).toBe(4);
  expect(quantile([7], 0.9)).toBe(7);
});

test("no values have no quantile", () => {
  expect(() => median([])).toThrow(RangeError);
});

test("the ratio is taken round by round, so a slow round counts for both", () => {
  expect(medianRatio([10, 200, 30], [5, 100, 15])).toBe(2);
});
