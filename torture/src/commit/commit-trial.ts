import { rm } from "node:fs/promises";
import type { ChildPrograms } from "../child/build-children.ts";
import { parseReport, type Ending, type MigrateReport, type MigrateRequest } from "../child/protocol.ts";
import type { Double } from "../doubles/doubles.ts";
import type { Fault } from "../faults/fault.ts";
import { boundaryOf, makePlace, migrateCommand, placeDatabase, type Fixture } from "../faults/fixture.ts";
import type { Boundary } from "../faults/judge.ts";
import { rerun } from "../faults/rerun.ts";
import { runWithFault } from "../faults/strace.ts";
import { startProgram, type Program } from "../process/start-program.ts";
import { readDatabaseState } from "../state/database-state.ts";

export const endings: readonly Ending[] = ["close", "kill", "throw", "exit"];

/** A COMMIT whose fsync fails, how the process then ends, and who else has the database open. */
export interface CommitTrial {
  readonly fixture: Fixture;
  /** Which fsync of the run fails, from 1. */
  readonly nth: number;
  readonly ending: Ending;
  readonly company: "alone" | "held-open";
  readonly double?: Double;
}

export interface CommitOutcome {
  readonly trial: CommitTrial;
  readonly report: MigrateReport | null;
  /** Where others found the database, in time: a fresh program, the one beside, a fresh one after all died. */
  readonly sightings: readonly Boundary[];
  readonly problems: readonly string[];
}

export interface CommitPlace {
  readonly children: ChildPrograms;
  readonly workspace: string;
}

/** Runs one trial: what the process said must be what everybody sees, then and later. */
export async function tryCommit(
  trial: CommitTrial,
  { children, workspace }: CommitPlace,
): Promise<CommitOutcome> {
  const { fixture, nth, ending, double } = trial;
  const place = await makePlace(workspace);
  const database = await placeDatabase(fixture.template, place);
  const holder = trial.company === "alone" ? null : startProgram(children.holder, database);
  await holder?.ready;
  const { migrationCase, journalMode } = fixture;
  const request: MigrateRequest = { caseName: migrationCase.name, database, journalMode, ending };
  const altered = double === undefined ? request : { ...request, double };
  const fault: Fault = { call: "fsync", nth, action: { kind: "error", errno: "EIO" } };
  const { stdout } = await runWithFault(migrateCommand(children, altered), fault);
  const report = parseReport(stdout);
  const sight = (): Boundary => boundaryOf(readDatabaseState(database), fixture);
  const sightings = holder === null ? [sight()] : [...(await sightBeside(holder, fixture)), sight()];
  holder?.kill();
  await holder?.ended;
  sightings.push(sight());
  const rerunCode = await rerun({ migrationCase, database, journalMode });
  const settled = rerunCode === 0 && sight() === "after";
  await rm(place, { recursive: true });
  return { trial, report, sightings, problems: judgeCommit(report, sightings, settled) };
}

/** The program beside can only tell the heads. */
async function sightBeside(holder: Program, { before, after }: Fixture): Promise<Boundary[]> {
  const heads = JSON.stringify(await holder.ask("heads"));
  if (heads === JSON.stringify(before.heads)) return ["before"];
  return [heads === JSON.stringify(after.heads) ? "after" : "neither"];
}

/** Lists what is wrong; an empty list is the only good answer. */
export function judgeCommit(
  report: MigrateReport | null,
  sightings: readonly Boundary[],
  settled: boolean,
): readonly string[] {
  const problems = settled ? [] : ["the plain re-run did not reach the target"];
  if (report === null) return [...problems, "the process said nothing"];
  if (sightings.includes("neither")) problems.push("the database is between its boundaries");
  const promised = promiseOf(report);
  if (promised !== null && sightings.some((sighting) => sighting !== promised)) {
    problems.push(`said ${promised}, then others saw ${sightings.join(", ")}`);
  }
  return problems;
}

/** Exit code 8 promises nothing. */
function promiseOf(report: MigrateReport): Boundary | null {
  if (report.kind === "done") return "after";
  return report.exitCode === 8 ? null : "before";
}
