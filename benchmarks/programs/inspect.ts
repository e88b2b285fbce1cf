// Reads the schema of a database again and again in one process: `node inspect.ts <path> <tables> <rounds>`. The floor
// asks SQLite for columns, indexes and foreign keys with three joined queries, and compares nothing. Ours reads
// and compares with what was read before; `known` is a reader for which nothing has changed.
import process from "node:process";
import { createSchemaReader, diffSchemas, readSchema } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { openDatabase } from "../src/data/engine.ts";
import { buildWideSchema } from "../src/data/wide-schema.ts";
import { median } from "../src/measure/statistics.ts";
import { startStopwatch } from "../src/measure/stopwatch.ts";

const [, , path = "", tables = "", rounds = ""] = process.argv;
const database = openDatabase(path);
database.exec(`BEGIN; ${buildWideSchema(Number(tables)).join(";")}; COMMIT`);
const connection = await betterSqlite3({ path }).connect({ readOnly: true });
const expected = await readSchema(connection);
const readKnown = createSchemaReader();

const queries = [
  "SELECT m.name, p.* FROM sqlite_schema AS m JOIN pragma_table_xinfo(m.name) AS p WHERE m.type = 'table'",
  "SELECT m.name, l.name, l.\"unique\", l.origin, l.partial, i.* FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS l JOIN pragma_index_xinfo(l.name) AS i WHERE m.type = 'table'",
  "SELECT m.name, f.* FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'",
];
const contenders: Readonly<Record<string, () => unknown>> = {
  floor: () => queries.map((sql) => database.prepare(sql).all()),
  read: async () => await readSchema(connection),
  ours: async () => {
    const found = diffSchemas(expected, await readSchema(connection));
    if (found.length > 0) throw new Error("the schema is not what it was");
  },
  known: async () => await readKnown(connection),
};
const samples: Record<string, number[]> = {};
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [name, run] of Object.entries(contenders)) {
    const stop = startStopwatch();
    await run();
    // The first rounds run cold code.
    if (round >= 3) (samples[name] ??= []).push(stop()["cpuMs"] ?? Number.NaN);
  }
}
await connection.close();
database.close();
const medians = Object.entries(samples).map(([name, list]) => [`${name}Ms`, median(list)]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(medians))}\n`);
