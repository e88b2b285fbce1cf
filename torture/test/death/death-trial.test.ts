import process from "node:process";
import { test } from "vitest";
import { findCase, migrationCases, ownCases } from "../../src/cases/migration-cases.ts";
import { listDeaths, tryDeath } from "../../src/death/death-trial.ts";
import { buildFixture } from "../../src/faults/fixture.ts";
import { runInParallel } from "../../src/process/run-in-parallel.ts";
import { readSettings } from "../../src/settings.ts";
import { usePlace } from "../use-place.ts";

const settings = readSettings(process.env);
const cases = settings.deaths === "all" ? [...migrationCases, ...ownCases] : ownCases;
const place = usePlace();

test.for(cases.map(({ name }) => name))(
  "case %s is before or after a death around any statement, and converges",
  async (name, { expect }) => {
    const fixture = await buildFixture(findCase(name), { journalMode: "wal", ...place() });
    const deaths = await listDeaths(fixture, place());
    const outcomes = await runInParallel(
      deaths,
      settings.width,
      async (death) => await tryDeath(fixture, death, place()),
    );
    const count = (boundary: string): number =>
      outcomes.filter((outcome) => outcome.boundary === boundary).length;
    console.log(`${name}: ${outcomes.length} deaths, ${count("before")} before, ${count("after")} after`);
    expect(
      outcomes
        .filter(({ problems }) => problems.length > 0)
        .map(({ death, problems }) => ({ death, problems })),
    ).toEqual([]);
    // Only the death after the COMMIT finds it done.
    expect(count("after")).toBe(1);
  },
);
