import { runProgram } from "../measure/run-program.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { compare } from "../report/compare.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload } from "./workload.ts";

const sizes = [1000, 10_000, 50_000] as const;

/** W8: building the graph and planning from base to the heads, cold. */
export const largeGraph: Workload = {
  name: "w8",
  title: "Large graph with a branch and a merge in every ten: build and plan against a bare topological sort",
  run: async ({ effort }) => {
    const findings: Finding[] = [];
    for (const size of sizes) {
      const contenders = ["ours", "floor"].map((name) => ({
        name,
        run: async () => await runProgram("graph.ts", [name, size]),
      }));
      const samples = await runRounds(contenders, Math.ceil(9 * effort));
      const [ours = [], floor = []] = [samples.get("ours"), samples.get("floor")];
      findings.push(compare(ours, floor, { what: `${size} revisions, CPU`, measure: "cpuMs", goal: 2 }));
      findings.push(compare(ours, floor, { what: `${size} revisions, wall`, measure: "wallMs", goal: null }));
    }
    return findings;
  },
};
