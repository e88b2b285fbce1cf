// An application that reads all the time while its database is migrated: `node storm-reader.ts <database>`.
// Stops at a line on standard input and says whether it ever saw a database between two states.
import { existsSync, writeSync } from "node:fs";
import { openExisting, readRows, type Database } from "../engine.ts";
import { appliedTable, stormRevisions } from "../storm/storm-revisions.ts";
import { repeatUntilTold } from "./repeat-until-told.ts";
import { readyLine, type ReaderReport } from "./storm-protocol.ts";

const path = process.argv[2] ?? "";
const order: readonly (string | undefined)[] = stormRevisions.map(({ revision }) => revision);
const problems: string[] = [];
let reads = 0;
let seen = 0;
let database: Database | undefined;

writeSync(1, `${readyLine}\n`);
await repeatUntilTold(look);
database?.close();
const report: ReaderReport = { reads, problems };
writeSync(1, `${JSON.stringify(report)}\n`);
process.exit(0);

function look(): void {
  try {
    database ??= existsSync(path) ? openExisting(path) : undefined;
    if (database === undefined) return;
    database.exec("BEGIN");
    readOnce(database);
    reads += 1;
  } catch (error) {
    if (!isExpected(error)) throw error;
  } finally {
    endTransaction();
  }
}

/** In one snapshot, the version row and the applied revisions must tell the same; and neither goes back. */
function readOnce(database: Database): void {
  const heads = readRows(database, "SELECT version_num FROM alembic_version").map(String);
  const applied = readRows(database, `SELECT count(*) FROM ${appliedTable}`)[0]?.[0];
  const position = order.indexOf(heads[0]) + 1;
  if (heads.length !== 1 || position === 0) problems.push(`heads ${JSON.stringify(heads)}`);
  if (Number(applied) !== position) problems.push(`${String(applied)} applications at ${String(heads[0])}`);
  if (position < seen) problems.push(`went back from ${seen} to ${position}`);
  seen = position;
}

function endTransaction(): void {
  try {
    database?.exec("ROLLBACK");
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}

function isExpected(error: unknown): boolean {
  const expected = /no such table|database is locked|unable to open|no transaction is active/u;
  return error instanceof Error && expected.test(error.message);
}
