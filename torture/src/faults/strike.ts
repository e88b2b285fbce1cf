import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseReport, type MigrateRequest } from "../child/protocol.ts";
import type { ChildPrograms } from "../child/build-children.ts";
import type { Double } from "../doubles/doubles.ts";
import { readDatabaseState } from "../state/database-state.ts";
import { readStateOfCopy } from "../state/read-copy.ts";
import type { Fault } from "./fault.ts";
import { boundaryOf, makePlace, migrateCommand, placeDatabase, type Fixture } from "./fixture.ts";
import { judge, type Observation } from "./judge.ts";
import { rerun } from "./rerun.ts";
import { runWithFault } from "./strace.ts";

/** One disturbed run, with what is wrong with it. */
export interface Strike {
  readonly fixture: Fixture;
  readonly fault: Fault;
  readonly observation: Observation;
  readonly problems: readonly string[];
}

export interface StrikeOptions {
  readonly children: ChildPrograms;
  readonly workspace: string;
  /** A driver with a planted bug, in the disturbed run only. */
  readonly double?: Double;
}

/**
 * Lets a fault strike the command of a fixture, looks at what is left, and runs the command again.
 *
 * The look is taken at a copy of the files: opening a database repairs it, and the second run has to meet
 * what the first one left.
 */
export async function strike(fixture: Fixture, fault: Fault, options: StrikeOptions): Promise<Strike> {
  const { children, workspace, double } = options;
  const place = await makePlace(workspace);
  const database = await placeDatabase(fixture.template, place);
  const { migrationCase, journalMode } = fixture;
  const request: MigrateRequest = { caseName: migrationCase.name, database, journalMode, ending: "close" };
  const disturbed = double === undefined ? request : { ...request, double };
  const { code, signal, stdout, struck } = await runWithFault(migrateCommand(children, disturbed), fault);
  const state = await readStateOfCopy(join(place, "data"), "cache.db");
  const rerunCode = await rerun({ migrationCase, database, journalMode });
  const settled = readDatabaseState(database);
  const observation: Observation = {
    action: fault.action,
    struck,
    code,
    signal,
    report: parseReport(stdout),
    boundary: boundaryOf(state, fixture),
    integrity: state.integrity,
    rerun: {
      code: rerunCode,
      boundary: boundaryOf(settled, fixture),
      integrity: settled.integrity,
      leftovers: (await readdir(join(place, "data"))).filter((file) => file !== "cache.db"),
    },
  };
  await rm(place, { recursive: true });
  return { fixture, fault, observation, problems: judge(observation) };
}
