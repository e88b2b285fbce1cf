// Inserts rows that are in memory: `node bulk-insert.ts <ours|floor> <path> <rows>`. The floor runs one prepared
// INSERT row by row in one transaction. Both write with the same PRAGMAs.
import process from "node:process";
import { createMigrator, type Row } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { openDatabase, samePragmas } from "../src/data/engine.ts";
import { peakMemory, startStopwatch } from "../src/measure/stopwatch.ts";

const [, , contender, path = "", count = ""] = process.argv;
const table = "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, size REAL, note TEXT)";
const rows = Array.from({ length: Number(count) }, (_, index): Row => ({
  id: index + 1,
  name: `item ${index}`,
  kind: index % 2 === 0 ? "skill" : "agent",
  size: index / 3,
  note: index % 10 === 0 ? null : "a note of some length, as notes are",
}));
const setup = openDatabase(path);
setup.exec(`PRAGMA journal_mode = wal; ${table}`);
setup.close();
const stop = startStopwatch();
if (contender === "ours") await insertOurs();
else insertFloor();
process.stdout.write(`${JSON.stringify({ ...stop(), rssMb: peakMemory() })}\n`);

async function insertOurs(): Promise<void> {
  const migrator = createMigrator({
    driver: betterSqlite3({ path }),
    revisions: [{ revision: "a", downRevision: null, upgrade: (op) => op.bulkInsert("items", rows) }],
  });
  await migrator.upgrade();
  await migrator.close();
}

function insertFloor(): void {
  const database = openDatabase(path);
  database.exec(samePragmas);
  const insert = database.prepare("INSERT INTO items (id, name, kind, size, note) VALUES (?, ?, ?, ?, ?)");
  database.exec("BEGIN IMMEDIATE");
  for (const row of rows) insert.run(row["id"], row["name"], row["kind"], row["size"], row["note"]);
  database.exec("COMMIT");
  database.close();
}
