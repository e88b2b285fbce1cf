import type { MigrateReport } from "../child/protocol.ts";
import type { FaultAction } from "./fault.ts";

/** Which of the two boundaries a database is at. */
export type Boundary = "before" | "after" | "neither";

/** All that is known about one disturbed run and the plain run after it. */
export interface Observation {
  readonly action: FaultAction;
  /** Whether the fault really happened. */
  readonly struck: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  readonly report: MigrateReport | null;
  readonly boundary: Boundary;
  readonly integrity: string;
  readonly rerun: {
    readonly code: number | null;
    readonly boundary: Boundary;
    readonly integrity: string;
    /** Files beside the database that nobody needs any more. */
    readonly leftovers: readonly string[];
  };
}

/** Exit codes of a run that says it left the database as it was. */
const unchanged: ReadonlySet<number | null> = new Set([5, 6, 7]);

/** What a run may call a fault of the disk or the system; everything else would mislead whoever reads it. */
const fitting: ReadonlySet<string> = new Set([
  "SKM_DISK_FULL",
  "SKM_DB_IO",
  "SKM_DB_CORRUPT",
  "SKM_DB_OPEN",
  "SKM_DB_PERMISSION",
  "SKM_DB_READONLY",
  "SKM_COMMIT_UNKNOWN",
]);

/** Lists what is wrong with a run; an empty list is the only good answer. */
export function judge(observation: Observation): readonly string[] {
  return [...judgeState(observation), ...judgeEnd(observation), ...judgeRerun(observation)];
}

function judgeState({ boundary, integrity }: Observation): readonly string[] {
  return [
    ...(boundary === "neither" ? ["the database is between its boundaries"] : []),
    ...(integrity === "ok" ? [] : [`integrity_check: ${integrity}`]),
  ];
}

function judgeEnd({ action, struck, code, signal, report, boundary }: Observation): readonly string[] {
  const problems: string[] = [];
  if (!struck) problems.push("the fault did not happen");
  if (report?.kind === "done" && boundary !== "after") problems.push("success was reported and is not there");
  if (report?.kind === "failed" && !fitting.has(report.code))
    problems.push(`${report.code} does not fit a fault`);
  if (signal !== null) {
    if (action.kind !== "kill" || signal !== "SIGKILL") problems.push(`died of ${signal}`);
    return problems;
  }
  if (code === 0 && report === null) problems.push("exit code 0 without a report");
  if (code === 0 && boundary !== "after") problems.push("exit code 0 and not migrated");
  if (unchanged.has(code) && boundary !== "before") problems.push(`exit code ${code} and not unchanged`);
  if (code !== 0 && code !== 8 && !unchanged.has(code)) problems.push(`exit code ${code} is not for a fault`);
  return problems;
}

function judgeRerun({ rerun }: Observation): readonly string[] {
  return [
    ...(rerun.code === 0 ? [] : [`the plain re-run ended with ${rerun.code}`]),
    ...(rerun.boundary === "after" ? [] : [`the plain re-run left the database ${rerun.boundary}`]),
    ...(rerun.integrity === "ok" ? [] : [`integrity_check after the re-run: ${rerun.integrity}`]),
    ...rerun.leftovers.map((file) => `left behind: ${file}`),
  ];
}
