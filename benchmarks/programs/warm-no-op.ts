// Calls upgrade() on a database at head again and again, and prepares and runs one SELECT in between:
// `node warm-no-op.ts <database> <number of revisions>`.
import process from "node:process";
import { createMigrator } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { buildBoundedChain } from "../src/data/bounded-chain.ts";
import { openDatabase } from "../src/data/engine.ts";
import { median, quantile } from "../src/measure/statistics.ts";

const [, , path = "", size = ""] = process.argv;
const migrator = createMigrator({ driver: betterSqlite3(path), revisions: buildBoundedChain(Number(size)) });
await migrator.stamp("head");
const raw = openDatabase(path);
const ours = async (): Promise<void> => {
  await migrator.upgrade();
};
const floor = async (): Promise<void> => {
  raw.prepare("SELECT version_num FROM alembic_version").get();
};

const times = { ours: [] as number[], floor: [] as number[] };
await repeat(ours, 100);
await repeat(floor, 100);
for (let batch = 0; batch < 40; batch += 1) {
  times.ours.push(...(await repeat(ours, 50)));
  times.floor.push(...(await repeat(floor, 50)));
}
await migrator.close();
raw.close();
const measures = {
  oursLow: quantile(times.ours, 0.1),
  oursMedian: median(times.ours),
  floorLow: quantile(times.floor, 0.1),
  floorMedian: median(times.floor),
};
process.stdout.write(`${JSON.stringify(measures)}\n`);

/** Microseconds of each call. */
async function repeat(task: () => Promise<void>, count: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let call = 0; call < count; call += 1) {
    const start = process.hrtime.bigint();
    await task();
    taken.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return taken;
}
