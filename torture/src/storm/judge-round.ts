import type { MigrateReport } from "../child/protocol.ts";
import type { ReaderReport } from "../child/storm-protocol.ts";
import type { Aftermath } from "./read-aftermath.ts";
import type { RoundOptions } from "./round-options.ts";
import { stormHead, stormRevisions } from "./storm-revisions.ts";

export interface RunObservation {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
  readonly report: MigrateReport | null;
}

/** All that is known about one round of a storm. */
export interface RoundObservation {
  readonly runs: readonly RunObservation[];
  /** Rows whose COMMIT was acknowledged to the writing program. */
  readonly acknowledged: readonly number[];
  readonly reader: ReaderReport;
  /** Revisions as the processes wrote them down after their COMMIT. */
  readonly journaled: readonly string[];
  readonly aftermath: Aftermath;
  /** Why one more plain run failed, or `null`. */
  readonly settling: string | null;
  /** After that run. */
  readonly settled: Aftermath;
}

/** Lists what is wrong with a round; an empty list is the only good answer. */
export function judgeRound(observation: RoundObservation, options: RoundOptions): readonly string[] {
  const { runs, aftermath, settled, reader } = observation;
  return [
    ...runs.flatMap((run) => judgeRun(run, options)),
    ...judgeAftermath(observation, options),
    ...(observation.settling === null ? [] : [`the plain run failed: ${observation.settling}`]),
    ...judgeSettled(settled),
    ...judgeRows("after the storm", observation.acknowledged, aftermath),
    ...judgeRows("after the plain run", observation.acknowledged, settled),
    ...judgeJournal(observation, options),
    ...reader.problems.map((problem) => `the reader saw ${problem}`),
  ];
}

function judgeRun(
  { code, signal, stderr, report }: RunObservation,
  { kills }: RoundOptions,
): readonly string[] {
  if (kills && signal === "SIGKILL") return [];
  if (code === 0 && report?.kind === "done") return [];
  const what = report?.kind === "failed" ? `${report.code}: ${report.message}` : stderr;
  return [`a process ended with ${signal ?? code}: ${what}`];
}

function judgeAftermath({ aftermath, runs }: RoundObservation, { kills }: RoundOptions): readonly string[] {
  const problems = aftermath.integrity === "ok" ? [] : [`integrity_check: ${aftermath.integrity}`];
  const someFinished = runs.some(({ code }) => code === 0);
  if (!kills || someFinished) return [...problems, ...judgeSettled(aftermath)];
  return problems;
}

function judgeSettled({ heads, applied, integrity }: Aftermath): readonly string[] {
  const problems = integrity === "ok" ? [] : [`integrity_check: ${integrity}`];
  if (heads.join() !== stormHead) problems.push(`heads are ${JSON.stringify(heads)}`);
  for (const { revision } of stormRevisions) {
    const times = applied.filter((entry) => entry === revision).length;
    if (times !== 1) problems.push(`revision "${revision}" was applied ${times} times`);
  }
  return problems;
}

function judgeRows(when: string, acknowledged: readonly number[], aftermath: Aftermath): readonly string[] {
  const there = new Set(aftermath.applicationRows);
  const lost = acknowledged.filter((id) => !there.has(id));
  return lost.length === 0 ? [] : [`${lost.length} acknowledged rows are lost ${when}`];
}

/** Nobody may claim a revision that somebody else claims too; a killed process may have had no time to. */
function judgeJournal({ journaled }: RoundObservation, { kills, start }: RoundOptions): readonly string[] {
  const pending = new Set(stormRevisions.slice({ fresh: 0, old: 2, current: 4 }[start]));
  return stormRevisions.flatMap((entry) => {
    const claims = journaled.filter((revision) => revision === entry.revision).length;
    const expected = pending.has(entry) ? 1 : 0;
    const isGood = kills ? claims <= expected : claims === expected;
    return isGood ? [] : [`revision "${entry.revision}" was claimed ${claims} times`];
  });
}
