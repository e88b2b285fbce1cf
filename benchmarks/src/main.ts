// Measures and prints: `pnpm bench`, `pnpm bench w1 w3`, `BENCH_EFFORT=3 pnpm bench w2`.
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { buildPackages } from "./build-packages.ts";
import { renderTable } from "./report/render-table.ts";
import { alterTable } from "./workloads/alter-table.ts";
import { bulkInsert } from "./workloads/bulk-insert.ts";
import { cliNoOp } from "./workloads/cli-no-op.ts";
import { initialSchema } from "./workloads/initial-schema.ts";
import { inspect } from "./workloads/inspect.ts";
import { largeGraph } from "./workloads/large-graph.ts";
import { longChain } from "./workloads/long-chain.ts";
import { remote } from "./workloads/remote.ts";
import { snapshot } from "./workloads/snapshot.ts";
import { warmNoOp } from "./workloads/warm-no-op.ts";
import type { Workload } from "./workloads/workload.ts";

const workloads: readonly Workload[] = [
  cliNoOp,
  warmNoOp,
  initialSchema,
  longChain,
  alterTable,
  bulkInsert,
  remote,
  largeGraph,
  inspect,
  snapshot,
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !workloads.some((workload) => workload.name === name));
if (unknown.length > 0) {
  const known = workloads.map(({ name }) => name).join(", ");
  process.stderr.write(`there is no workload ${unknown.join(", ")}; there are ${known}\n`);
  process.exit(2);
}
const chosen = workloads.filter(({ name }) => names.length === 0 || names.includes(name));

await buildPackages();
print(`${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node.js ${process.versions.node}`);
for (const workload of chosen) {
  const workspace = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const findings = await workload.run({ workspace, effort: Number(process.env["BENCH_EFFORT"] ?? 1) });
    const load = loadavg()[0]?.toFixed(1) ?? "?";
    print(`\n${workload.name}: ${workload.title} (load ${load})\n\n${renderTable(findings)}`);
  } finally {
    await rm(workspace, { recursive: true });
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
