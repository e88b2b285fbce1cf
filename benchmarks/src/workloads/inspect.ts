import { join } from "node:path";
import { runProgram, type Measures } from "../measure/run-program.ts";
import { median, medianRatio } from "../measure/statistics.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload } from "./workload.ts";

const tables = 200;

/** W9: what a database holds, and whether it is what it was. */
export const inspect: Workload = {
  name: "w9",
  title: "Read and compare 200 tables against three joined PRAGMA queries",
  run: async ({ workspace, effort }) => {
    const samples: Measures[] = [];
    for (let round = 0; round < Math.ceil(3 * effort); round += 1) {
      samples.push(await runProgram("inspect.ts", [join(workspace, `inspect-${round}.db`), tables, 20]));
    }
    return [
      find(samples, { what: "read 200 tables, CPU", name: "readMs", goal: null }),
      find(samples, { what: "read and compare, CPU", name: "oursMs", goal: 1.5 }),
      find(samples, { what: "nothing has changed, CPU", name: "knownMs", goal: 0.2 }),
    ];
  },
};

interface Question {
  readonly what: string;
  readonly name: string;
  readonly goal: number | null;
}

function find(samples: readonly Measures[], { what, name, goal }: Question): Finding {
  const pick = (measure: string) => samples.map((sample) => sample[measure] ?? Number.NaN);
  return {
    what,
    floor: `${median(pick("floorMs")).toFixed(1)} ms`,
    ours: `${median(pick(name)).toFixed(1)} ms`,
    value: medianRatio(pick(name), pick("floorMs")),
    goal,
    unit: "×",
  };
}
