import { join } from "node:path";
import { runProgram } from "../measure/run-program.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { median, medianRatio } from "../measure/statistics.ts";
import { compare } from "../report/compare.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload, WorkloadOptions } from "./workload.ts";

const sizes = [1, 200, 10_000] as const;

/** W2: `upgrade()` at head in a running process, and the first one of a process. */
export const warmNoOp: Workload = {
  name: "w2",
  title: "No-op in a process: upgrade() at head against prepare + get",
  run: async (options) => [...(await compareWarm(options)), ...(await compareFirst(options))],
};

async function compareWarm({ workspace, effort }: WorkloadOptions): Promise<readonly Finding[]> {
  const contenders = sizes.map((size) => ({
    name: String(size),
    run: async () => await runProgram("warm-no-op.ts", [join(workspace, `warm-${size}.db`), size]),
  }));
  const samples = await runRounds(contenders, Math.ceil(5 * effort));
  return sizes.flatMap((size) =>
    (["Low", "Median"] as const).map((part): Finding => {
      const pick = (who: string) =>
        (samples.get(String(size)) ?? []).map((sample) => sample[`${who}${part}`] ?? Number.NaN);
      return {
        what: `${size} bundled revisions, ${part === "Low" ? "p10" : "median"}`,
        floor: `${median(pick("floor")).toFixed(1)} µs`,
        ours: `${median(pick("ours")).toFixed(1)} µs`,
        value: medianRatio(pick("ours"), pick("floor")),
        goal: part === "Low" ? 1 : null,
        unit: "×",
      };
    }),
  );
}

async function compareFirst({ workspace, effort }: WorkloadOptions): Promise<readonly Finding[]> {
  const database = join(workspace, "first.db");
  await runProgram("first-call.ts", ["ours", database]);
  const contenders = ["ours", "floor"].map((name) => ({
    name,
    run: async () => await runProgram("first-call.ts", [name, database]),
  }));
  const samples = await runRounds(contenders, Math.ceil(25 * effort));
  const [ours = [], floor = []] = [samples.get("ours"), samples.get("floor")];
  return [
    compare(ours, floor, { what: "first call of a process, CPU", measure: "cpuMs", goal: 1.4 }),
    compare(ours, floor, { what: "first call of a process, wall", measure: "wallMs", goal: null }),
  ];
}
