import { expect, test } from "vitest";
import { renderCounts, sumReports, type TestReport } from "../src/sum-reports.ts";

function report(status: string, ...tests: readonly string[]): TestReport {
  return {
    success: status === "passed",
    testResults: [{ name: "a.test.ts", status, assertionResults: tests.map((each) => ({ status: each })) }],
  };
}

test.each([
  ["no report at all", [], "0 passed, 0 failed"],
  ["passing tests", [report("passed", "passed", "passed"), report("passed", "passed")], "3 passed, 0 failed"],
  ["a failing test", [report("failed", "passed", "failed")], "1 passed, 1 failed"],
  ["a file that does not load", [report("failed"), report("passed", "passed")], "1 passed, 1 failed"],
  ["a hook that throws", [report("failed", "passed", "skipped")], "1 passed, 1 failed, 1 skipped"],
  [
    "tests that did not run",
    [report("passed", "passed", "pending", "todo")],
    "1 passed, 0 failed, 2 skipped",
  ],
])("%s are counted", (_what, reports, line) => {
  expect(renderCounts(sumReports(reports))).toBe(line);
});
