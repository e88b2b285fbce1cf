// Takes a fresh database to the end of a growing chain: `node snapshot.ts <floor|end|jump|replay> <database>
// <directory of revisions> <length>`, and `write`, which writes the snapshot. "floor" is a transaction for each
// statement and its version row, "end" the statements of the end state in one transaction. Measured is the run
// without and with the import of what it needs, and where that is quick the median of later runs of the process.
import { rmSync } from "node:fs";
import process from "node:process";
import { openDatabase, samePragmas, type Database } from "../src/data/engine.ts";
import { growingStatement } from "../src/data/growing-chain.ts";
import { idAt } from "../src/data/id-at.ts";
import { median } from "../src/measure/statistics.ts";
import { startStopwatch } from "../src/measure/stopwatch.ts";

const [, , contender, path = "", directory = "", length = ""] = process.argv;
const whole = startStopwatch();
const work = await load();
const stop = startStopwatch();
await work();
const run = stop();
const coldCpuMs = whole()["cpuMs"];
const later = contender === "jump" ? { laterCpuMs: await measureLater() } : {};
process.stdout.write(`${JSON.stringify({ ...run, coldCpuMs, ...later })}\n`);

/** The first of them are left out: their code is still being compiled. */
async function measureLater(): Promise<number> {
  const samples: number[] = [];
  for (let index = 0; index < 8; index += 1) {
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    const stopOne = startStopwatch();
    await work();
    samples.push(stopOne()["cpuMs"] ?? Number.NaN);
  }
  return median(samples.slice(3));
}

async function load(): Promise<() => void | Promise<void>> {
  if (contender === "floor" || contender === "end") {
    openDatabase(":memory:").close();
    const count = Number(length);
    return () => (contender === "floor" ? replayByHand(count) : createByHand(count));
  }
  const { createMigrator } = await import("@skillmeat/migrate-core");
  const { betterSqlite3 } = await import("@skillmeat/migrate-driver-better-sqlite3");
  openDatabase(":memory:").close();
  return async () => {
    const driver = betterSqlite3({ path, journalMode: "wal" });
    const migrator = createMigrator({ driver, revisions: directory });
    if (contender === "write") await migrator.snapshot();
    else await migrator.upgrade("head", { snapshot: contender === "jump" });
    await migrator.close();
  };
}

function open(): Database {
  const database = openDatabase(path);
  database.exec(`PRAGMA journal_mode = wal; ${samePragmas}`);
  database.exec("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
  return database;
}

function replayByHand(count: number): void {
  const database = open();
  const insert = database.prepare("INSERT INTO alembic_version VALUES (?)");
  const update = database.prepare("UPDATE alembic_version SET version_num = ? WHERE version_num = ?");
  for (let position = 0; position < count; position += 1) {
    database.exec("BEGIN IMMEDIATE");
    database.exec(growingStatement(position));
    if (position === 0) insert.run(idAt(0));
    else update.run(idAt(position), idAt(position - 1));
    database.exec("COMMIT");
  }
  database.close();
}

function createByHand(count: number): void {
  const database = open();
  database.exec("BEGIN IMMEDIATE");
  for (let position = 0; position < count; position += 1) {
    if (position % 3 === 1) continue;
    database.exec(growingStatement(position).replace("NOT NULL)", "NOT NULL, extra TEXT)"));
  }
  database.prepare("INSERT INTO alembic_version VALUES (?)").run(idAt(count - 1));
  database.exec("COMMIT");
  database.close();
}
