// An application that writes all the time while its database is migrated: `node storm-writer.ts <database>`.
// Stops at a line on standard input and says which rows were acknowledged.
import { existsSync, writeSync } from "node:fs";
import { openExisting, type Database } from "../engine.ts";
import { applicationTable } from "../storm/storm-revisions.ts";
import { repeatUntilTold } from "./repeat-until-told.ts";
import { readyLine, type WriterReport } from "./storm-protocol.ts";

const path = process.argv[2] ?? "";
const acknowledged: number[] = [];
let database: Database | undefined;

writeSync(1, `${readyLine}\n`);
await repeatUntilTold(writeRow);
database?.close();
const report: WriterReport = { acknowledged };
writeSync(1, `${JSON.stringify(report)}\n`);
process.exit(0);

function writeRow(): void {
  try {
    database ??= existsSync(path) ? openExisting(path) : undefined;
    const id = acknowledged.length + 1;
    const insert = database?.prepare(`INSERT OR REPLACE INTO ${applicationTable} (id, body) VALUES (?, ?)`);
    if (insert?.run(id, `row ${id}`).changes === 1) acknowledged.push(id);
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}

/** The table is not there before the first revision, and a lock may be held for longer than this waits. */
function isExpected(error: unknown): boolean {
  return error instanceof Error && /no such table|database is locked|unable to open/u.test(error.message);
}
