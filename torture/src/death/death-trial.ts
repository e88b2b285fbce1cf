import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ChildPrograms } from "../child/build-children.ts";
import { parseReport, type MigrateRequest } from "../child/protocol.ts";
import { countPrefix, type Death } from "../doubles/with-death.ts";
import { boundaryOf, makePlace, migrateCommand, placeDatabase, type Fixture } from "../faults/fixture.ts";
import type { Boundary } from "../faults/judge.ts";
import { rerun } from "../faults/rerun.ts";
import { runProcess } from "../process/run-process.ts";
import { readDatabaseState } from "../state/database-state.ts";
import { readStateOfCopy } from "../state/read-copy.ts";

export interface DeathOutcome {
  readonly fixture: Fixture;
  readonly death: Death;
  readonly boundary: Boundary;
  readonly problems: readonly string[];
}

export interface DeathPlace {
  readonly children: ChildPrograms;
  readonly workspace: string;
}

/** A statement that no transaction has: the process dies after its COMMIT. */
const afterCommit: Death = { statement: 1_000_000, moment: "after", how: "abort" };

/**
 * Every place in the transaction of a fixture at which a process can die: before and after each statement and
 * the COMMIT, by SIGABRT and by `process.exit` in turn.
 */
export async function listDeaths(fixture: Fixture, place: DeathPlace): Promise<readonly Death[]> {
  const { stderr } = await die(fixture, afterCommit, place);
  const found = new RegExp(`^${countPrefix}(\\d+)$`, "mu").exec(stderr)?.[1];
  if (found === undefined) throw new Error(`the transaction did not come to its end: ${stderr}`);
  const statements = Array.from({ length: Number(found) + 1 }, (_, index) => index + 1);
  return statements.flatMap((statement) => {
    const [first, second] = statement % 2 === 0 ? (["abort", "exit"] as const) : (["exit", "abort"] as const);
    return [
      { statement, moment: "before", how: first },
      { statement, moment: "after", how: second },
    ];
  });
}

/** Lets the process die at one place, looks at what is left, and runs the command again. */
export async function tryDeath(fixture: Fixture, death: Death, place: DeathPlace): Promise<DeathOutcome> {
  const { code, signal, boundary, integrity, report, settled } = await die(fixture, death, place);
  const problems = [
    ...(code === 0 ? ["exit code 0 without an end"] : []),
    ...(death.how === "abort" && signal !== "SIGABRT"
      ? [`died of ${signal ?? code} instead of SIGABRT`]
      : []),
    ...(report === null ? [] : ["the run was reported although the process died in it"]),
    ...(boundary === "neither" ? ["the database is between its boundaries"] : []),
    ...(integrity === "ok" ? [] : [`integrity_check: ${integrity}`]),
    ...(settled ? [] : ["the plain re-run did not reach the target"]),
  ];
  return { fixture, death, boundary, problems };
}

async function die(fixture: Fixture, death: Death, { children, workspace }: DeathPlace) {
  const place = await makePlace(workspace);
  const database = await placeDatabase(fixture.template, place);
  const { migrationCase, journalMode } = fixture;
  const request: MigrateRequest = { caseName: migrationCase.name, database, journalMode, ending: "close" };
  const double = { kind: "death", ...death } as const;
  const run = await runProcess(process.execPath, migrateCommand(children, { ...request, double }).args);
  const state = await readStateOfCopy(join(place, "data"), "cache.db");
  const rerunCode = await rerun({ migrationCase, database, journalMode });
  const settled = rerunCode === 0 && boundaryOf(readDatabaseState(database), fixture) === "after";
  await rm(place, { recursive: true });
  const { code, signal, stderr } = run;
  const report = parseReport(run.stdout);
  const { integrity } = state;
  return { code, signal, stderr, report, integrity, settled, boundary: boundaryOf(state, fixture) };
}
