import { describeFault } from "./fault.ts";
import type { Strike } from "./strike.ts";

/** One line for each case, journal mode, call and kind of fault: how often, and what came of it. */
export function summarizeStrikes(strikes: readonly Strike[]): string {
  const groups = Map.groupBy(strikes, ({ fixture, fault }) => {
    const what = fault.action.kind === "kill" ? "KILL" : fault.action.errno;
    return [fixture.journalMode, fault.call, what].join(" ");
  });
  const lines = [...groups].map(([name, group]) => `${name.padEnd(24)}${renderOutcomes(group)}`);
  const bad = strikes.filter(({ problems }) => problems.length > 0);
  const converged = strikes.filter(({ observation }) => observation.rerun.boundary === "after").length;
  return [
    ...lines,
    `${strikes.length} faults, ${bad.length} BAD, ${converged} plain re-runs converged`,
    ...bad.map(describeBadStrike),
  ].join("\n");
}

/** `"exit 7 SKM_DISK_FULL → before 12"`, most frequent first. */
function renderOutcomes(strikes: readonly Strike[]): string {
  const counts = Map.groupBy(strikes, ({ observation }) => `${endOf(observation)} → ${observation.boundary}`);
  return [...counts]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([outcome, group]) => `${outcome} ${group.length}`)
    .join(", ");
}

function endOf({ code, signal, report }: Strike["observation"]): string {
  if (signal !== null) return signal;
  return report?.kind === "failed" ? `exit ${code} ${report.code}` : `exit ${code}`;
}

export function describeBadStrike({ fixture, fault, observation, problems }: Strike): string {
  const where = `${fixture.migrationCase.name}, ${fixture.journalMode}, ${describeFault(fault)}`;
  return `BAD ${where}: ${problems.join("; ")} [${endOf(observation)}]`;
}
