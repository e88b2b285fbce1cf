import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCase, migrationCases } from "../../src/cases/migration-cases.ts";
import { buildFixture, type Fixture } from "../../src/faults/fixture.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { selectFaults } from "../../src/faults/select-faults.ts";
import { assertStrace } from "../../src/faults/strace.ts";
import { strike, type Strike, type StrikeOptions } from "../../src/faults/strike.ts";
import { describeBadStrike, summarizeStrikes } from "../../src/faults/summarize-strikes.ts";
import { runInParallel } from "../../src/process/run-in-parallel.ts";
import { readSettings } from "../../src/settings.ts";
import { usePlace } from "../use-place.ts";

const settings = readSettings(process.env);
const place = usePlace();
const all: Strike[] = [];

beforeAll(assertStrace);

afterAll(() => {
  console.log(summarizeStrikes(all));
});

async function strikeAll(fixture: Fixture, faults: readonly Fault[], options: StrikeOptions) {
  return await runInParallel(faults, settings.width, async (fault) => await strike(fixture, fault, options));
}

describe.for(["wal", "delete"] as const)("in journal mode %s", (journalMode) => {
  test.for(migrationCases.map(({ name }) => name))(
    "case %s is before or after every fault, and converges",
    async (name, { expect }) => {
      const fixture = await buildFixture(findCase(name), { journalMode, ...place() });
      const strikes = await strikeAll(fixture, selectFaults(fixture.counts, settings.faults), place());
      all.push(...strikes);
      expect(strikes.filter(({ problems }) => problems.length > 0).map(describeBadStrike)).toEqual([]);
      expect(strikes.length).toBeGreaterThanOrEqual(Math.min(settings.faults, 40));
    },
  );
});

test("the matrix sees a driver that commits every statement by itself", async () => {
  const fixture = await buildFixture(findCase("data-move"), { journalMode: "wal", ...place() });
  const kills = selectFaults(fixture.counts, 0).filter(({ action }) => action.kind === "kill");
  const strikes = await strikeAll(fixture, kills, { ...place(), double: { kind: "without-transaction" } });
  expect(strikes.some(({ observation }) => observation.boundary === "neither")).toBe(true);
});
