// The first check of a process, import and opening included: `node first-call.ts <ours|floor> <database>`.
import process from "node:process";
import { startStopwatch } from "../src/measure/stopwatch.ts";

const [, , contender, path = ""] = process.argv;
const stop = startStopwatch();
if (contender === "ours") {
  const { runMigrations } = await import("@skillmeat/schema");
  await runMigrations(path);
} else {
  const { openDatabase } = await import("../src/data/engine.ts");
  const database = openDatabase(path);
  database.prepare("SELECT version_num FROM alembic_version").get();
  database.close();
}
process.stdout.write(`${JSON.stringify(stop())}\n`);
