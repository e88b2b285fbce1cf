// Makes SkillMeat's cache in fresh files: `node initial-schema.ts <ours|floor> <directory> <files>`. The floor
// runs the same statements in one transaction by hand. The first two files only warm the process up.
import { join } from "node:path";
import process from "node:process";
import { createCacheMigrator } from "@skillmeat/schema";
import { openDatabase, samePragmas } from "../src/data/engine.ts";
import { median } from "../src/measure/statistics.ts";
import { startStopwatch } from "../src/measure/stopwatch.ts";
import type { Measures } from "../src/measure/run-program.ts";

const [, , contender, directory = "", files = ""] = process.argv;
const statements = await listStatements();
const makers: Readonly<Record<string, (path: string) => Promise<Measures>>> = {
  ours: migrate,
  floor: execute,
};
const samples: { readonly step: Measures; readonly whole: Measures }[] = [];
for (let file = 0; file < Number(files) + 2; file += 1) {
  const stop = startStopwatch();
  const step = await makers[contender ?? ""]?.(join(directory, `${contender}-${process.pid}-${file}.db`));
  if (step === undefined) throw new Error(`no contender is called "${contender}"`);
  samples.push({ step, whole: stop() });
}
const measured = samples.slice(2);
const pick = (part: "step" | "whole", name: string): number =>
  median(measured.map((sample) => sample[part][name] ?? 0));
const measures = {
  stepWallMs: pick("step", "wallMs"),
  stepCpuMs: pick("step", "cpuMs"),
  wholeWallMs: pick("whole", "wallMs"),
  wholeCpuMs: pick("whole", "cpuMs"),
};
process.stdout.write(`${JSON.stringify(measures)}\n`);

async function listStatements(): Promise<
  readonly { readonly sql: string; readonly params: readonly unknown[] }[]
> {
  const migrator = createCacheMigrator({ path: join(directory, "never-made.db") });
  const { steps } = await migrator.plan();
  await migrator.close();
  return steps.flatMap((step) => step.statements.map(({ sql, params = [] }) => ({ sql, params })));
}

async function migrate(path: string): Promise<Measures> {
  const migrator = createCacheMigrator({ path });
  await migrator.ensureVersion();
  const stop = startStopwatch();
  await migrator.upgrade();
  const step = stop();
  await migrator.close();
  return step;
}

async function execute(path: string): Promise<Measures> {
  const database = openDatabase(path);
  database.exec(`PRAGMA journal_mode = wal; ${samePragmas}`);
  database.exec("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
  const stop = startStopwatch();
  database.exec("BEGIN IMMEDIATE");
  for (const { sql, params } of statements) {
    if (params.length === 0) database.exec(sql);
    else database.prepare(sql).run(...params);
  }
  database.exec("COMMIT");
  const step = stop();
  database.close();
  return step;
}
