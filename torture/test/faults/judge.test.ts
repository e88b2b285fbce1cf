import { expect, test } from "vitest";
import type { FaultAction } from "../../src/faults/fault.ts";
import { judge, type Observation } from "../../src/faults/judge.ts";

const kill: FaultAction = { kind: "kill" };
const error: FaultAction = { kind: "error", errno: "EIO" };
const done = { kind: "done", outcome: "applied", warnings: [] } as const;
const failed = { kind: "failed", code: "SKM_DB_IO", exitCode: 7, message: "" } as const;
const rerun: Observation["rerun"] = { code: 0, boundary: "after", integrity: "ok", leftovers: [] };
const killed: Observation = {
  action: kill,
  struck: true,
  code: null,
  signal: "SIGKILL",
  report: null,
  boundary: "before",
  integrity: "ok",
  rerun,
};
const refused: Observation = { ...killed, action: error, code: 7, signal: null, report: failed };

test.for<readonly [string, Observation]>([
  ["killed before its COMMIT", killed],
  ["killed after its COMMIT", { ...killed, boundary: "after" }],
  ["killed after it said so", { ...killed, boundary: "after", report: done }],
  ["failed and unchanged", refused],
  ["migrated in spite of the error", { ...refused, code: 0, report: done, boundary: "after" }],
  ["of unknown outcome", { ...refused, code: 8, boundary: "after" }],
])("a run that was %s is good", ([, observation]) => {
  expect(judge(observation)).toEqual([]);
});

test.for<readonly [string, Observation]>([
  ["between its boundaries", { ...killed, boundary: "neither" }],
  ["damaged", { ...killed, integrity: "row 1 missing from index i" }],
  ["killed after a success that is not there", { ...killed, report: done }],
  ["dead of another signal", { ...killed, signal: "SIGSEGV" }],
  ["dead without a kill", { ...refused, code: null, signal: "SIGKILL" }],
  ["not disturbed", { ...refused, struck: false }],
  ["failed and changed", { ...refused, boundary: "after" }],
  ["successful and unchanged", { ...refused, code: 0 }],
  ["silent and successful", { ...refused, code: 0, report: null, boundary: "after" }],
  ["failed with the exit code of a bug", { ...refused, code: 1 }],
  [
    "failed with a code that blames the revision",
    { ...refused, report: { ...failed, code: "SKM_TX_ESCAPED" } },
  ],
  ["failed in its re-run", { ...killed, rerun: { ...rerun, code: 7 } }],
  ["unchanged by its re-run", { ...killed, rerun: { ...rerun, boundary: "before" } }],
  ["damaged by its re-run", { ...killed, rerun: { ...rerun, integrity: "bad" } }],
  ["survived by a file", { ...killed, rerun: { ...rerun, leftovers: ["cache.db-journal"] } }],
])("a run that is %s is bad", ([, observation]) => {
  expect(judge(observation)).not.toEqual([]);
});
