import { join } from "node:path";
import process from "node:process";
import { writeRevisionFiles } from "../data/write-revision-files.ts";
import { programPath } from "../measure/run-program.ts";
import { run } from "../measure/run.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { median } from "../measure/statistics.ts";
import { measureMemory, timeProcess } from "../measure/time-process.ts";
import { compare } from "../report/compare.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload, WorkloadOptions } from "./workload.ts";

/** Revisions of each size; 1 is the set that the command line brings along. */
const sizes = [1, 200, 10_000] as const;
const timeGoals: Readonly<Record<number, number>> = { 1: 1.2, 200: 1.2, 10_000: 1.5 };
const memoryGoals: Readonly<Record<number, number | null>> = { 1: 1.1, 200: 1.1, 10_000: null };

/** W1: `skillmeat-migrate upgrade` of a database that is at head, as a whole process. */
export const cliNoOp: Workload = {
  name: "w1",
  title: "CLI no-op: whole process against Node.js + better-sqlite3 + one row",
  run: async (options) => {
    const bin = join(import.meta.dirname, "..", "..", "..", "packages", "cli", "dist", "bin.js");
    const env = { XDG_CACHE_HOME: join(options.workspace, "cache") };
    const commands = new Map<string, readonly string[]>();
    for (const size of sizes) commands.set(String(size), await prepare(bin, size, { ...options, env }));
    const database = join(options.workspace, "1.db");
    commands.set("floor", [process.execPath, programPath("floor-cli.cjs"), database]);
    return [...(await compareTimes(commands, env, options)), ...(await compareMemory(commands, env))];
  },
};

async function prepare(
  bin: string,
  size: number,
  { workspace, env }: WorkloadOptions & { readonly env: Readonly<Record<string, string>> },
): Promise<readonly string[]> {
  const place = ["--url", join(workspace, `${size}.db`)];
  if (size > 1) {
    const directory = join(workspace, `revisions-${size}`);
    await writeRevisionFiles(directory, size);
    place.push("--versions", directory);
  }
  await run(process.execPath, [bin, "stamp", "head", ...place], env);
  const command = [process.execPath, bin, "upgrade", ...place];
  // Twice, for the caches of compiled code and of headers; files of the last two seconds are not cached.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await timeProcess(command, env);
  await timeProcess(command, env);
  return command;
}

async function compareTimes(
  commands: ReadonlyMap<string, readonly string[]>,
  env: Readonly<Record<string, string>>,
  { effort }: WorkloadOptions,
): Promise<readonly Finding[]> {
  const contenders = [...commands].map(([name, command]) => ({
    name,
    run: async () => ({ ...(await timeProcess(command, env)) }),
  }));
  const samples = await runRounds(contenders, Math.ceil(25 * effort));
  const floor = samples.get("floor") ?? [];
  return sizes.flatMap((size) => {
    const ours = samples.get(String(size)) ?? [];
    const goal = timeGoals[size] ?? null;
    return [
      compare(ours, floor, { what: `${size} revisions, CPU`, measure: "cpuMs", goal }),
      compare(ours, floor, { what: `${size} revisions, wall`, measure: "wallMs", goal }),
    ];
  });
}

async function compareMemory(
  commands: ReadonlyMap<string, readonly string[]>,
  env: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const memory = new Map<string, number>();
  for (const [name, command] of commands) {
    const samples: number[] = [];
    for (let round = 0; round < 5; round += 1) samples.push(await measureMemory(command, env));
    memory.set(name, median(samples));
  }
  const floor = memory.get("floor") ?? Number.NaN;
  return sizes.map((size) => {
    const ours = memory.get(String(size)) ?? Number.NaN;
    return {
      what: `${size} revisions, memory`,
      floor: `${floor.toFixed(1)} MB`,
      ours: `${ours.toFixed(1)} MB`,
      value: ours / floor,
      goal: memoryGoals[size] ?? null,
      unit: "×",
    };
  });
}
