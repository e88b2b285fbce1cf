import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../measure/run-program.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { compare } from "../report/compare.ts";
import type { Workload } from "./workload.ts";

const rows = 1_000_000;

/** W6: many rows into one table. */
export const bulkInsert: Workload = {
  name: "w6",
  title: "Insert 1,000,000 rows of 5 columns against one prepared INSERT row by row",
  run: async ({ workspace, effort }) => {
    const contenders = ["ours", "floor"].map((name) => ({
      name,
      run: async () => {
        const directory = join(workspace, "bulk");
        await mkdir(directory);
        try {
          return await runProgram("bulk-insert.ts", [name, join(directory, "bulk.db"), rows]);
        } finally {
          await rm(directory, { recursive: true });
        }
      },
    }));
    const samples = await runRounds(contenders, Math.ceil(5 * effort));
    const [ours = [], floor = []] = [samples.get("ours"), samples.get("floor")];
    return [
      compare(ours, floor, { what: "1,000,000 rows, CPU", measure: "cpuMs", goal: 0.6 }),
      compare(ours, floor, { what: "1,000,000 rows, wall", measure: "wallMs", goal: 0.6 }),
      compare(ours, floor, { what: "peak memory, rows included", measure: "rssMb", goal: null }),
    ];
  },
};
