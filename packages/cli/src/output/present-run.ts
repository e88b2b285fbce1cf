import { isMigrationError, type Migrator, renderEntryLine, type RunResult } from "@skillmeat/migrate-core";
import type { Project } from "../project/open-project.ts";
import type { Output } from "./output.ts";
import { showDuration, showHeads, showRevisions } from "./phrases.ts";

/** A run that has ended well. */
export interface FinishedRun {
  readonly result: RunResult;
  /** What was asked for. */
  readonly target: string | readonly string[];
  readonly durationMs: number;
}

const verbs: Readonly<Record<RunResult["command"], string>> = {
  upgrade: "applied",
  downgrade: "undid",
  stamp: "stamped",
};

/** Says what a run has done: the last line of talk, or the document. */
export async function presentRun(output: Output, project: Project, run: FinishedRun): Promise<number> {
  const { result, durationMs } = run;
  const { database, migrator } = project;
  const place = await describePlace(migrator, run);
  output.talk(`${database}: ${await describeOutcome(migrator, run, place)}`);
  output.present({
    text: "",
    document: {
      ...result,
      steps: result.steps.map((step) => ({
        ...step,
        message: step.message ?? null,
        durationMs: roundDuration(step.durationMs),
      })),
      database,
      durationMs: roundDuration(durationMs),
    },
  });
  return 0;
}

/** A tenth of a millisecond is more than the clock is good for. */
function roundDuration(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

async function describeOutcome(migrator: Migrator, run: FinishedRun, place: string): Promise<string> {
  const { result, durationMs } = run;
  if (result.outcome === "newer") {
    const done = `applied ${showRevisions(result.steps)} in ${showDuration(durationMs)}`;
    const first = result.steps.length === 0 ? "nothing to do" : done;
    return `${first}; the database is at ${place}, newer than the revision files, which may open it`;
  }
  if (result.outcome === "nothing-to-do") {
    const passed = await findPassed(migrator, run);
    return passed.length === 0
      ? `nothing to do, already at ${place}`
      : `nothing to do, ${passed.join(", ")} is applied already; now at ${place}`;
  }
  if (result.command === "stamp") return `stamped, now at ${place}`;
  const runs = result.steps.filter(({ kind }) => kind !== "stamp");
  if (runs.length === 0) return `nothing to run, the version row is written anew; now at ${place}`;
  return `${verbs[result.command]} ${showRevisions(runs)} in ${showDuration(durationMs)}, now at ${place}`;
}

/** The heads with what they are. A run to `head` that found nothing to do is at it: nothing more is read. */
async function describePlace(migrator: Migrator, { result, target }: FinishedRun): Promise<string> {
  const { headsAfter, outcome, command } = result;
  if (headsAfter.length === 0) return "base";
  const isAtHead = command === "upgrade" && outcome === "nothing-to-do" && target === "head";
  if (isAtHead) return headsAfter.map((id) => `${id} (head)`).join(", ");
  try {
    return (await migrator.describe(headsAfter)).map((entry) => renderEntryLine(entry)).join(", ");
  } catch (error) {
    // Another process has moved the database to revisions that are not known here.
    if (!isMigrationError(error)) throw error;
    return showHeads(headsAfter);
  }
}

/** What an upgrade was told to go to, where the database has been already. */
async function findPassed(migrator: Migrator, { result, target }: FinishedRun): Promise<readonly string[]> {
  if (result.command !== "upgrade" || typeof target !== "string" || /^heads?$|[+-]\d+$/u.test(target))
    return [];
  const named = await migrator.show(target);
  return named.map((entry) => entry.revision).filter((id) => !result.headsAfter.includes(id));
}
