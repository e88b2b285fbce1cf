// Applies a long chain in a cold process, import included: `node chain.ts <floor|run|revision> <database> <length>`.
// "run" is one transaction for all revisions, "revision" and the floor are one for each.
import process from "node:process";
import { boundedStatements, buildBoundedChain } from "../src/data/bounded-chain.ts";
import { openDatabase, samePragmas } from "../src/data/engine.ts";
import { idAt } from "../src/data/id-at.ts";
import { peakMemory, startStopwatch } from "../src/measure/stopwatch.ts";

const [, , contender, path = "", length = ""] = process.argv;
const stop = startStopwatch();
if (contender === "floor") applyByHand(boundedStatements(Number(length)));
else await migrate(contender === "revision" ? "revision" : "run");
process.stdout.write(`${JSON.stringify({ ...stop(), memory: peakMemory() })}\n`);

async function migrate(transactionPer: "run" | "revision"): Promise<void> {
  const { createMigrator } = await import("@skillmeat/migrate-core");
  const { betterSqlite3 } = await import("@skillmeat/migrate-driver-better-sqlite3");
  const migrator = createMigrator({
    driver: betterSqlite3({ path, journalMode: "wal" }),
    revisions: buildBoundedChain(Number(length)),
    transactionPer,
  });
  await migrator.upgrade();
  await migrator.close();
}

function applyByHand(statements: readonly string[]): void {
  const database = openDatabase(path);
  database.exec(`PRAGMA journal_mode = wal; ${samePragmas}`);
  database.exec("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
  const insert = database.prepare("INSERT INTO alembic_version VALUES (?)");
  const update = database.prepare("UPDATE alembic_version SET version_num = ? WHERE version_num = ?");
  for (const [position, sql] of statements.entries()) {
    database.exec("BEGIN IMMEDIATE");
    database.exec(sql);
    if (position === 0) insert.run(idAt(0));
    else update.run(idAt(position), idAt(position - 1));
    database.exec("COMMIT");
  }
  database.close();
}
