// Another program that has the database open: `node holder.ts <database>`. Reads the heads once at the start
// and once more for each line on standard input, and prints them. It never ends by itself.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { openExisting, readRows } from "../engine.ts";
import { readyLine } from "./storm-protocol.ts";

const database = openExisting(process.argv[2] ?? "");
const readHeads = (): readonly string[] =>
  readRows(database, "SELECT version_num FROM alembic_version ORDER BY 1").map(String);

readHeads();
writeSync(1, `${readyLine}\n`);
createInterface({ input: process.stdin }).on("line", () => {
  writeSync(1, `${JSON.stringify(readHeads())}\n`);
});
