import { rm } from "node:fs/promises";
import { join } from "node:path";
import { runProgram, type Measures } from "../measure/run-program.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { median } from "../measure/statistics.ts";
import { compare } from "../report/compare.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload, WorkloadOptions } from "./workload.ts";

const lengths: readonly { readonly length: number; readonly rounds: number }[] = [
  { length: 100, rounds: 9 },
  { length: 1000, rounds: 7 },
  { length: 10_000, rounds: 3 },
];

/** W4: a long chain of revisions in a cold process. */
export const longChain: Workload = {
  name: "w4",
  title: "Long chain, schema one table wide: against a transaction for each statement and its version row",
  run: async (options) => {
    const findings: Finding[] = [];
    for (const { length, rounds } of lengths) {
      findings.push(...(await compareChain(length, Math.ceil(rounds * options.effort), options)));
    }
    return findings;
  },
};

async function compareChain(
  length: number,
  rounds: number,
  { workspace }: WorkloadOptions,
): Promise<readonly Finding[]> {
  const contenders = ["floor", "run", "revision"].map((name) => ({
    name,
    run: async () => {
      const database = join(workspace, `chain-${name}.db`);
      const measures = await runProgram("chain.ts", [name, database, length]);
      await rm(database);
      return measures;
    },
  }));
  const samples = await runRounds(contenders, rounds);
  const of = (name: string): readonly Measures[] => samples.get(name) ?? [];
  const isLong = length === 10_000;
  return [
    compare(of("run"), of("floor"), {
      what: `${length}, one transaction, CPU`,
      measure: "cpuMs",
      goal: isLong ? 1.15 : null,
    }),
    compare(of("run"), of("floor"), {
      what: `${length}, one transaction, wall`,
      measure: "wallMs",
      goal: null,
    }),
    compare(of("revision"), of("floor"), {
      what: `${length}, one for each, CPU`,
      measure: "cpuMs",
      goal: isLong ? 1.15 : null,
    }),
    memoryFinding(length, of("run"), of("floor")),
  ];
}

function memoryFinding(length: number, ours: readonly Measures[], floor: readonly Measures[]): Finding {
  const pick = (samples: readonly Measures[]): number =>
    median(samples.map(({ memory = Number.NaN }) => memory));
  return {
    what: `${length}, memory`,
    floor: `${pick(floor).toFixed(1)} MB`,
    ours: `${pick(ours).toFixed(1)} MB`,
    value: pick(ours),
    goal: length === 10_000 ? 80 : null,
    unit: "MB",
  };
}
