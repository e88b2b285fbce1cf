import { copyFile, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createMigrator } from "@skillmeat/migrate-core";
import { openDriver } from "../cases/open-driver.ts";
import type { MigrationCase } from "../cases/migration-case.ts";
import type { JournalMode, MigrateRequest } from "../child/protocol.ts";
import type { ChildPrograms } from "../child/build-children.ts";
import { openExisting } from "../engine.ts";
import { isSameState, readDatabaseState, type DatabaseState } from "../state/database-state.ts";
import type { CallCounts } from "./fault.ts";
import type { Boundary } from "./judge.ts";
import { countCalls, type TracedCommand } from "./strace.ts";

/** A case in one journal mode, with its two boundaries and the calls of a clean run. */
export interface Fixture {
  readonly migrationCase: MigrationCase;
  readonly journalMode: JournalMode;
  /** The database as the command meets it, or `null` when there is none. */
  readonly template: string | null;
  readonly before: DatabaseState;
  readonly after: DatabaseState;
  readonly counts: CallCounts;
}

export interface FixtureOptions {
  readonly journalMode: JournalMode;
  readonly children: ChildPrograms;
  /** Where files may be made. */
  readonly workspace: string;
}

/** Prepares the database of a case and runs the command once undisturbed. */
export async function buildFixture(migrationCase: MigrationCase, options: FixtureOptions): Promise<Fixture> {
  const { journalMode, children, workspace } = options;
  const place = await makePlace(workspace);
  const template = await prepareTemplate(migrationCase, journalMode, join(place, "template.db"));
  const database = await placeDatabase(template, await makePlace(workspace));
  const before = readDatabaseState(database);
  const request: MigrateRequest = { caseName: migrationCase.name, database, journalMode, ending: "close" };
  const counts = await countCalls(migrateCommand(children, request));
  const after = readDatabaseState(database);
  if (isSameState(before, after)) throw new Error(`case "${migrationCase.name}" changes nothing`);
  return { migrationCase, journalMode, template, before, after, counts };
}

async function prepareTemplate(
  { prepare, revisions }: MigrationCase,
  journalMode: JournalMode,
  path: string,
): Promise<string | null> {
  if (prepare.length === 0) return null;
  for (const step of prepare) {
    if (step.kind === "sql") {
      const database = openExisting(path);
      database.exec(step.sql);
      database.close();
      continue;
    }
    const migrator = createMigrator({ driver: openDriver(path, journalMode), revisions });
    await migrator.upgrade(step.target);
    await migrator.close();
  }
  return path;
}

/** Makes a directory of its own, whose sub-directory `data` will hold nothing but a database. */
export async function makePlace(workspace: string): Promise<string> {
  const place = await mkdtemp(join(workspace, "place-"));
  await mkdir(join(place, "data"));
  return place;
}

/** Copies the template, if there is one, and returns the path of the database. */
export async function placeDatabase(template: string | null, place: string): Promise<string> {
  const database = join(place, "data", "cache.db");
  if (template !== null) await copyFile(template, database);
  return database;
}

export function migrateCommand({ migrate }: ChildPrograms, request: MigrateRequest): TracedCommand {
  return { database: request.database, args: [migrate, JSON.stringify(request)] };
}

export function boundaryOf(state: DatabaseState, { before, after }: Fixture): Boundary {
  if (isSameState(state, before)) return "before";
  return isSameState(state, after) ? "after" : "neither";
}
