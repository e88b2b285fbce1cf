import { describe, expect, test } from "vitest";
import type { RunEvent, Step } from "@skillmeat/migrate-core";
import { createOutput } from "../../src/output/output.ts";
import { describeStep, reportRun } from "../../src/output/report-run.ts";

const step = (
  kind: Step["kind"],
  revision: string,
  before: readonly string[],
  after: readonly string[],
): Step => ({
  kind,
  revision,
  headsBefore: before,
  headsAfter: after,
});

/** What is said about events, each at its time in milliseconds. */
function tell(
  events: readonly (readonly [at: number, event: RunEvent])[],
  { verbose = false, redraw = false } = {},
): string {
  let said = "";
  let time = 0;
  const activities: string[] = [];
  const listen = reportRun({
    output: createOutput({
      stdout: { write: () => expect.unreachable("talk is not data") },
      stderr: { write: (text) => void (said += text) },
      mode: { json: false, quiet: false, verbose, debug: false, color: false, redraw },
      redact: (text) => text,
    }),
    now: () => time,
    supervision: {
      enter: (activity) => void activities.push(activity),
      reportExit: (revision) => void (said += `exit ${revision}\n`),
      settle: () => undefined,
    },
  });
  for (const [at, event] of events) {
    time = at;
    listen(event);
  }
  return said;
}

const start: RunEvent = {
  kind: "step-start",
  step: step("upgrade", "b", ["a"], ["b"]),
  index: 0,
  total: 1,
  message: "add b",
  downRevisions: ["a"],
};
const statement = (number: number, sql: string): RunEvent => ({
  kind: "statement",
  revision: "b",
  number,
  sql,
});
const end = (durationMs: number): RunEvent => ({
  kind: "step-end",
  step: step("upgrade", "b", ["a"], ["b"]),
  index: 0,
  total: 1,
  durationMs,
  statements: 3,
});

describe("the report of a run", () => {
  test("is one line for a step that is quick", () => {
    expect(
      tell([
        [0, start],
        [10, statement(1, "CREATE TABLE b (x)")],
        [20, end(20)],
      ]),
    ).toBe("Running upgrade a -> b, add b\n");
  });

  test("says what a slow step is at, at most twice a second, and how long it took", () => {
    const slow = [
      [0, start],
      [100, statement(1, "CREATE TABLE b (x)")],
      [700, statement(2, "CREATE INDEX\n  i ON b (x)")],
      [800, statement(3, "SELECT 1")],
      [1900, end(1900)],
    ] as const;
    expect(tell(slow)).toBe(
      "Running upgrade a -> b, add b\n  statement 2: CREATE INDEX i ON b (x)\n  3 statements in 1.9 s\n",
    );
  });

  test("holds every statement when it is verbose", () => {
    expect(
      tell(
        [
          [0, start],
          [1, statement(1, "SELECT\n1")],
        ],
        { verbose: true },
      ),
    ).toBe("Running upgrade a -> b, add b\n  1: SELECT\n1\n");
  });

  test("says that it waits after half a second, then every five", () => {
    const waits = [100, 499, 600, 700, 3000, 5599, 5600, 8000, 10_700].map(
      (waitedMs) => [waitedMs, { kind: "wait", waitedMs }] as const,
    );
    expect(tell(waits)).toBe(
      ["600 ms", "5.6 s", "10.7 s"]
        .map((time) => `waiting for another process that is writing to the database (${time})\n`)
        .join(""),
    );
  });

  const progress = (rows: number, elapsedMs: number): RunEvent => ({
    kind: "progress",
    revision: "b",
    activity: "copy",
    table: "artifacts",
    rows,
    total: 1_200_000,
    elapsedMs,
    rowsPerSecond: (rows / elapsedMs) * 1000,
    remainingMs: (elapsedMs / rows) * (1_200_000 - rows),
  });
  const work = [
    [0, start],
    [90, progress(30_000, 90)],
    [140, progress(50_000, 140)],
    [4000, progress(400_000, 4000)],
    [5100, progress(510_000, 5100)],
    [12_000, progress(1_200_000, 12_000)],
    [12_000, end(12_000)],
  ] as const;

  test("tells about many rows every five seconds", () => {
    expect(tell(work)).toBe(
      `Running upgrade a -> b, add b
  copy artifacts: 510,000 of 1,200,000 rows (42 %), 100,000 rows/s, about 6.9 s left
  copy artifacts: 1,200,000 of 1,200,000 rows (100 %), 100,000 rows/s
  3 statements in 12.0 s
`,
    );
  });

  test("writes the line about rows over on a terminal, and takes it away at the end", () => {
    const erase = "\r\u001B[K";
    const shown = tell(work, { redraw: true }).split(erase);
    expect(shown).toHaveLength(5);
    expect(shown[0]).toContain("30,000 of 1,200,000 rows (2 %)");
    expect(shown.at(-2)).toContain("(100 %)");
    expect(shown.at(-1)).toBe("  3 statements in 12.0 s\n");
  });

  test("says that another process was faster, and what became of the process", () => {
    expect(
      tell([
        [0, { kind: "replan", heads: ["a", "b"] }],
        [0, { kind: "replan", heads: [] }],
        [0, { kind: "restart", reason: "foreign-keys" }],
        [0, { kind: "warning", code: "SKM_MOVED_ON", message: "moved" }],
        [0, { kind: "process-exit", revision: "b" }],
      ]),
    ).toBe(
      "another process moved the database to a, b; looking at what is left\nanother process changed the database; looking at what is left\nrolled back; a table has to be rebuilt, so it begins again with foreign keys suspended\nwarning SKM_MOVED_ON: moved\nexit b\n",
    );
  });
});

test.each<[expected: string, step: Step, downRevisions: readonly string[], message?: string]>([
  ["Running upgrade  -> a, first", step("upgrade", "a", [], ["a"]), [], "first"],
  ["Running upgrade a, b -> m", step("upgrade", "m", ["a", "b"], ["m"]), ["a", "b"]],
  ["Running downgrade a -> , first", step("downgrade", "a", ["a"], []), [], "first\n\nmore"],
  ["Running downgrade m -> a, b", step("downgrade", "m", ["m"], ["a", "b"]), ["a", "b"]],
  ["Running stamp_revision a, b -> c", step("stamp", "c", ["a", "b", "x"], ["c", "x"]), []],
  ["Running stamp_revision  -> c", step("stamp", "c", [], ["c"]), []],
])("a step reads %s", (expected, each, downRevisions, message) => {
  expect(describeStep({ step: each, downRevisions, message })).toBe(expected);
});
