import { expect, test } from "vitest";
import { judgeRound, type RoundObservation, type RunObservation } from "../../src/storm/judge-round.ts";
import type { Aftermath } from "../../src/storm/read-aftermath.ts";
import type { RoundOptions } from "../../src/storm/round-options.ts";

const winner: RunObservation = {
  code: 0,
  signal: null,
  stderr: "",
  report: { kind: "done", outcome: "applied", warnings: [] },
};
const loser: RunObservation = { ...winner, report: { kind: "done", outcome: "nothing-to-do", warnings: [] } };
const killed: RunObservation = { code: null, signal: "SIGKILL", stderr: "", report: null };
const migrated: Aftermath = {
  heads: ["four"],
  applied: ["four", "one", "three", "two"],
  applicationRows: [1, 2],
  integrity: "ok",
};
const good: RoundObservation = {
  runs: [winner, loser],
  acknowledged: [1, 2],
  reader: { reads: 3, problems: [] },
  journaled: ["three", "four"],
  aftermath: migrated,
  settling: null,
  settled: migrated,
};
const options: RoundOptions = { processes: 2, start: "old", journalMode: "wal", kills: false, seed: 1 };
const withKills: RoundOptions = { ...options, kills: true };
const old: Aftermath = { ...migrated, heads: ["two"], applied: ["one", "two"] };

test.for<readonly [string, RoundObservation, RoundOptions]>([
  ["all succeed", good, options],
  ["some are killed", { ...good, runs: [winner, killed] }, withKills],
  [
    "the one that migrated is killed before it can say so",
    { ...good, runs: [killed, loser], journaled: [] },
    withKills,
  ],
  ["all are killed in time", { ...good, runs: [killed, killed], journaled: [], aftermath: old }, withKills],
])("a round in which %s is good", ([, observation, roundOptions]) => {
  expect(judgeRound(observation, roundOptions)).toEqual([]);
});

test.for<readonly [string, RoundObservation, RoundOptions]>([
  ["a process fails", { ...good, runs: [winner, { ...loser, code: 6 }] }, options],
  ["a process dies that nobody killed", { ...good, runs: [winner, killed] }, options],
  [
    "a revision is applied twice",
    { ...good, aftermath: { ...migrated, applied: [...migrated.applied, "four"] } },
    options,
  ],
  ["a revision is missing although a process succeeded", { ...good, aftermath: old }, withKills],
  ["a revision is claimed twice", { ...good, journaled: ["three", "four", "four"] }, withKills],
  ["a revision is claimed by nobody", { ...good, journaled: ["three"] }, options],
  ["a row is lost", { ...good, acknowledged: [1, 2, 3] }, options],
  ["a row is lost by the plain run", { ...good, settled: { ...migrated, applicationRows: [1] } }, options],
  ["the reader saw something", { ...good, reader: { reads: 1, problems: ["heads []"] } }, options],
  ["the database is damaged", { ...good, aftermath: { ...migrated, integrity: "bad" } }, options],
  ["the plain run fails", { ...good, settling: "SKM_BUSY" }, options],
  ["the plain run does not finish", { ...good, runs: [killed], aftermath: old, settled: old }, withKills],
])("a round in which %s is bad", ([, observation, roundOptions]) => {
  expect(judgeRound(observation, roundOptions)).not.toEqual([]);
});
