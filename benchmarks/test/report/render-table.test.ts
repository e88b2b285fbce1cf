import { expect, test } from "vitest";
import { verdictOf, type Finding } from "../../src/report/finding.ts";
import { compare } from "../../src/report/compare.ts";
import { renderTable } from "../../src/report/render-table.ts";

const finding: Finding = { what: "no-op", floor: "60 ms", ours: "66 ms", value: 1.1, goal: 1.2, unit: "×" };

test("a value passes up to its goal, misses above it, and is not judged without one", () => {
  expect(verdictOf(finding)).toBe("pass");
  expect(verdictOf({ ...finding, value: 1.2 })).toBe("pass");
  expect(verdictOf({ ...finding, value: 1.21 })).toBe("MISS");
  expect(verdictOf({ ...finding, goal: null })).toBe("-");
});

test("a table has the goal beside the value", () => {
  expect(renderTable([finding, { ...finding, what: "memory", value: 93, goal: 80, unit: "MB" }])).toBe(
    [
      "| what   | floor | ours  | value   | goal      |      |",
      "| ------ | ----- | ----- | ------- | --------- | ---- |",
      "| no-op  | 60 ms | 66 ms | 1.10×   | ≤ 1.20×   | pass |",
      "| memory | 60 ms | 66 ms | 93.0 MB | ≤ 80.0 MB | MISS |",
    ].join("\n"),
  );
});

test("a comparison shows medians and the median of the ratios", () => {
  const ours = [{ wallMs: 0.02 }, { wallMs: 0.04 }, { wallMs: 0.06 }];
  const floor = [{ wallMs: 0.01 }, { wallMs: 0.02 }, { wallMs: 0.01 }];
  expect(compare(ours, floor, { what: "x", measure: "wallMs", goal: 2 })).toEqual({
    what: "x",
    floor: "10.0 µs",
    ours: "40.0 µs",
    value: 2,
    goal: 2,
    unit: "×",
  });
});
