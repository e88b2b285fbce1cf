// Makes SkillMeat's cache in one fresh file, from nothing to a closed database: `node fresh-file.ts <ours|floor>
// <database> <statements as JSON>`. It is run under strace to count syncs and writes, and for its time.
import process from "node:process";
import { openDatabase, samePragmas } from "../src/data/engine.ts";

const [, , contender, path = "", script = ""] = process.argv;
if (contender === "ours") {
  const { runMigrations } = await import("@skillmeat/schema");
  await runMigrations(path);
} else {
  const database = openDatabase(path);
  database.exec(`PRAGMA journal_mode = wal; ${samePragmas}`);
  database.exec(`BEGIN IMMEDIATE; ${script}; COMMIT`);
  database.close();
}
