import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createCacheMigrator } from "@skillmeat/schema";
import { countWrites } from "../measure/count-writes.ts";
import { programPath, runProgram } from "../measure/run-program.ts";
import { runRounds } from "../measure/run-rounds.ts";
import { compare } from "../report/compare.ts";
import type { Finding } from "../report/finding.ts";
import type { Workload, WorkloadOptions } from "./workload.ts";

/** W3: SkillMeat's schema in fresh files. */
export const initialSchema: Workload = {
  name: "w3",
  title: "Initial schema: a fresh cache against one transaction by hand with the same pragmas",
  run: async (options) => [...(await compareTimes(options)), ...(await compareWrites(options))],
};

async function compareTimes({ workspace, effort }: WorkloadOptions): Promise<readonly Finding[]> {
  const contenders = ["ours", "floor"].map((name) => ({
    name,
    run: async () => {
      const directory = join(workspace, "initial");
      await mkdir(directory);
      try {
        return await runProgram("initial-schema.ts", [name, directory, 10]);
      } finally {
        await rm(directory, { recursive: true });
      }
    },
  }));
  const samples = await runRounds(contenders, Math.ceil(12 * effort));
  const [ours = [], floor = []] = [samples.get("ours"), samples.get("floor")];
  return [
    compare(ours, floor, { what: "migrate step, CPU", measure: "stepCpuMs", goal: 1.25 }),
    compare(ours, floor, { what: "migrate step, wall", measure: "stepWallMs", goal: 1.25 }),
    compare(ours, floor, { what: "open to close, CPU", measure: "wholeCpuMs", goal: null }),
    compare(ours, floor, { what: "open to close, wall", measure: "wholeWallMs", goal: 0.35 }),
  ];
}

async function compareWrites({ workspace }: WorkloadOptions): Promise<readonly Finding[]> {
  const migrator = createCacheMigrator({ path: join(workspace, "never-made.db") });
  const { steps } = await migrator.plan();
  await migrator.close();
  const script = steps.flatMap(({ statements }) => statements.filter(({ params }) => params === undefined));
  const text = script.map(({ sql }) => sql).join(";\n");
  const count = async (contender: string) => {
    const database = join(workspace, `${contender}-writes.db`);
    return await countWrites(
      [process.execPath, programPath("fresh-file.ts"), contender, database, text],
      database,
    );
  };
  const [ours, floor] = [await count("ours"), await count("floor")];
  return [
    {
      what: "page writes",
      floor: `${floor.writes}`,
      ours: `${ours.writes}`,
      value: ours.writes,
      goal: 95,
      unit: "",
    },
    { what: "syncs", floor: `${floor.syncs}`, ours: `${ours.syncs}`, value: ours.syncs, goal: 8, unit: "" },
  ];
}
