import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeLargeTable } from "../data/large-table.ts";
import type { Measures } from "../measure/run-program.ts";
import { runProgram } from "../measure/run-program.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { compare, difference } from "../report/compare.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload } from "./workload.ts";

const rows = 1_000_000;

interface Samples {
  readonly ours: readonly Measures[];
  readonly floor: readonly Measures[];
}

/** W5: changes of a large table, with and without a rebuild. */
export const alterTable: Workload = {
  name: "w5",
  title: "Change a table of 1,000,000 rows, 10 columns and 3 indexes, against the best SQL by hand",
  run: async ({ workspace, effort }) => {
    const original = join(workspace, "original.db");
    const unique = join(workspace, "unique.db");
    writeLargeTable(original, "index", rows);
    writeLargeTable(unique, "unique", rows);
    const measure = async (change: string, rounds = 3): Promise<Samples> => {
      const file = change === "unique" ? unique : original;
      const contenders = ["ours", "floor"].map((name) => ({
        name,
        run: async () => await runOnCopy(file, join(workspace, "copy"), [name, change]),
      }));
      const samples = await runRounds(contenders, Math.ceil(rounds * effort));
      return { ours: samples.get("ours") ?? [], floor: samples.get("floor") ?? [] };
    };
    const rebuild = await measure("type");
    const sameShape = await measure("width");
    // The floor of this one takes a minute.
    const sameUniques = await measure("unique", 1);
    const check = await measure("check");
    const notNull = await measure("notNull");
    return [
      cpu(rebuild, "another type (a rebuild), CPU", 1.05),
      difference(rebuild.ours, rebuild.floor, {
        what: "the same, peak memory above the floor",
        measure: "rssMb",
        goal: 10,
      }),
      cpu(sameShape, "another width of VARCHAR (a rebuild of the same shape), CPU", 0.6),
      cpu(sameUniques, "the same with 3 UNIQUE constraints for indexes, CPU", 0.6),
      cpu(check, "a new CHECK, CPU", 1.05),
      cpu(notNull, "NOT NULL, CPU", 1.05),
    ];
  },
};

function cpu({ ours, floor }: Samples, what: string, goal: number): Finding {
  return compare(ours, floor, { what, measure: "cpuMs", goal });
}

/** Each sample begins with the same file, which nobody has written to. */
async function runOnCopy(original: string, directory: string, args: readonly string[]): Promise<Measures> {
  await mkdir(directory);
  try {
    const path = join(directory, "large.db");
    await copyFile(original, path);
    return await runProgram("alter-table.ts", [...args, path]);
  } finally {
    await rm(directory, { recursive: true });
  }
}
