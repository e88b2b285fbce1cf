import process from "node:process";
import { beforeAll, describe, expect, test } from "vitest";
import { findCase } from "../../src/cases/migration-cases.ts";
import type { JournalMode } from "../../src/child/protocol.ts";
import type { Double } from "../../src/doubles/doubles.ts";
import { buildFixture } from "../../src/faults/fixture.ts";
import { assertStrace } from "../../src/faults/strace.ts";
import { tryPowerLoss, type PowerOutcome } from "../../src/power/power-trial.ts";
import { recordRun } from "../../src/power/record-run.ts";
import { runInParallel } from "../../src/process/run-in-parallel.ts";
import { readSettings } from "../../src/settings.ts";
import { usePlace } from "../use-place.ts";

const settings = readSettings(process.env);
const place = usePlace();

beforeAll(assertStrace);

interface LossOptions {
  readonly journalMode: JournalMode;
  readonly states: number;
  readonly double?: Double;
}

async function losePowerOften(name: string, { journalMode, states, double }: LossOptions) {
  const fixture = await buildFixture(findCase(name), { journalMode, ...place() });
  const recording = await recordRun(fixture, place(), double);
  const seeds = Array.from({ length: states }, (_, index) => settings.seed + index);
  return await runInParallel(
    seeds,
    settings.width,
    async (seed) => await tryPowerLoss(recording, seed, place()),
  );
}

const isBad = ({ boundary, isLost }: PowerOutcome): boolean =>
  boundary === "neither" || boundary === "unreadable" || isLost;

describe.for(["wal", "delete"] as const)("in journal mode %s", (journalMode) => {
  test.for(["initial", "data-move", "downgrade"])(
    "case %s is before or after a loss of power, and after it once it said so",
    async (name, { expect }) => {
      const outcomes = await losePowerOften(name, { journalMode, states: settings.powerLosses });
      const count = (boundary: string): number =>
        outcomes.filter((outcome) => outcome.boundary === boundary).length;
      console.log(
        `${name}, ${journalMode}: ${outcomes.length} states, ${count("before")} before, ${count("after")} after`,
      );
      expect(outcomes.filter(isBad)).toEqual([]);
      expect(count("before")).toBeGreaterThan(0);
      expect(count("after")).toBeGreaterThan(0);
    },
  );
});

test("the replay sees a run that syncs nothing", async () => {
  const options = { journalMode: "wal", states: 200, double: { kind: "without-sync" } } as const;
  const outcomes = await losePowerOften("data-move", options);
  expect(outcomes.filter(isBad).length).toBeGreaterThan(20);
});
