import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeGrowingChain } from "../data/growing-chain.ts";
import { runProgram } from "../measure/run-program.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { compare } from "../report/compare.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload, WorkloadOptions } from "./workload.ts";

const length = 1000;
/** Files of the last two seconds are not remembered, as they are in a directory that nobody works in. */
const settlingMs = 2500;

/** W10: an empty database is taken to the end of a growing chain by a snapshot. */
export const snapshot: Workload = {
  name: "w10",
  title:
    "Snapshot of 1,000 revisions, schema grows to 667 objects: against a transaction for each statement and its version row",
  run: async (options) => {
    const directory = join(options.workspace, "revisions");
    await writeGrowingChain(directory, length);
    await runOnce("write", directory, options);
    await new Promise((resolve) => setTimeout(resolve, settlingMs));
    await runOnce("jump", directory, options);
    const contenders = ["floor", "end", "jump", "replay"].map((name) => ({
      name,
      run: async () => await runOnce(name, directory, options),
    }));
    const samples = await runRounds(contenders, Math.ceil(9 * options.effort));
    const of = (name: string) => samples.get(name) ?? [];
    // The floor is the same for later runs: nearly all of it is SQLite.
    const floor = of("floor").map((sample) => ({ ...sample, laterCpuMs: sample["cpuMs"] ?? Number.NaN }));
    const against = (name: string, what: string, measure: string, goal: number | null): Finding =>
      compare(of(name), floor, { what, measure, goal });
    return [
      against("end", "the statements of the end state by hand, CPU", "cpuMs", null),
      against("jump", "a run with the snapshot, CPU", "cpuMs", 0.2),
      against("jump", "the same, wall", "wallMs", null),
      against("jump", "the same for later databases of the process, CPU", "laterCpuMs", 0.2),
      against("jump", "the same in a cold process, imports included, CPU", "coldCpuMs", null),
      against("replay", "a run without it, CPU", "cpuMs", null),
    ];
  },
};

async function runOnce(name: string, directory: string, { workspace }: WorkloadOptions) {
  const database = join(workspace, `${name}.db`);
  const measures = await runProgram("snapshot.ts", [name, database, directory, length]);
  await rm(database, { force: true });
  return measures;
}
