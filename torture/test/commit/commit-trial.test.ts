import process from "node:process";
import { beforeAll, describe, expect, test } from "vitest";
import { findCase } from "../../src/cases/migration-cases.ts";
import type { JournalMode } from "../../src/child/protocol.ts";
import {
  endings,
  judgeCommit,
  tryCommit,
  type CommitOutcome,
  type CommitTrial,
} from "../../src/commit/commit-trial.ts";
import { buildFixture } from "../../src/faults/fixture.ts";
import { assertStrace } from "../../src/faults/strace.ts";
import { runInParallel } from "../../src/process/run-in-parallel.ts";
import { readSettings } from "../../src/settings.ts";
import { usePlace } from "../use-place.ts";

const settings = readSettings(process.env);
const place = usePlace();

beforeAll(assertStrace);

async function listTrials(journalMode: JournalMode): Promise<readonly CommitTrial[]> {
  const fixture = await buildFixture(findCase("index-trigger-view"), { journalMode, ...place() });
  const numbers = Array.from({ length: fixture.counts.fsync }, (_, index) => index + 1);
  return numbers.flatMap((nth) =>
    endings.flatMap((ending) =>
      (["alone", "held-open"] as const).map((company) => ({ fixture, nth, ending, company })),
    ),
  );
}

async function tryAll(trials: readonly CommitTrial[]): Promise<readonly CommitOutcome[]> {
  return await runInParallel(trials, settings.width, async (trial) => await tryCommit(trial, place()));
}

function describeOutcome({ trial, report, sightings, problems }: CommitOutcome): string {
  const said = report?.kind === "failed" ? `failed with ${report.code}` : (report?.kind ?? "nothing");
  const where = `fsync ${trial.nth} fails, ${trial.company}, then ${trial.ending}`;
  return `${where}: said ${said}, others saw ${sightings.join(", ")}${problems.map((problem) => `; ${problem}`).join("")}`;
}

const isBad = ({ problems }: CommitOutcome): boolean => problems.length > 0;

describe.for(["wal", "delete"] as const)("in journal mode %s, a failed fsync", (journalMode) => {
  test("leaves what was reported, whatever the process does next", async () => {
    const outcomes = await tryAll(await listTrials(journalMode));
    const told = Map.groupBy(outcomes, ({ report }) =>
      report?.kind === "failed" ? report.code : report?.kind,
    );
    console.log(`${journalMode}: ${[...told].map(([what, group]) => `${what} ${group.length}`).join(", ")}`);
    expect(outcomes.filter(isBad).map(describeOutcome)).toEqual([]);
    expect(outcomes.some(({ report }) => report?.kind === "failed")).toBe(true);
  });
});

test("the trials see a run that does not settle a failed COMMIT", async () => {
  const trials = (await listTrials("wal")).filter(
    ({ ending, company }) => ending === "kill" && company === "held-open",
  );
  const outcomes = await tryAll(trials.map((trial) => ({ ...trial, double: { kind: "without-settling" } })));
  expect(outcomes.filter(isBad).map(describeOutcome)).not.toEqual([]);
});

describe("judgeCommit", () => {
  const failed = (exitCode: number) =>
    ({ kind: "failed", code: "SKM_DB_IO", exitCode, message: "" }) as const;
  test.for([
    [
      "success that everybody sees",
      { kind: "done", outcome: "applied", warnings: [] },
      ["after", "after"],
      0,
    ],
    [
      "success that is lost later",
      { kind: "done", outcome: "applied", warnings: [] },
      ["after", "before"],
      1,
    ],
    ["failure that changed nothing", failed(7), ["before", "before"], 0],
    ["failure that comes back from the dead", failed(7), ["before", "after"], 1],
    ["an unknown outcome", failed(8), ["before", "after"], 0],
    ["an unknown outcome between the boundaries", failed(8), ["neither"], 1],
    ["silence", null, ["before"], 1],
  ] as const)("finds in %s the problems that it has", ([, report, sightings, problems], { expect }) => {
    expect(judgeCommit(report, sightings, true)).toHaveLength(problems);
    expect(judgeCommit(report, sightings, false)).toHaveLength(problems + 1);
  });
});
