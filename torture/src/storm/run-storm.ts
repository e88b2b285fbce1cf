import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createMigrator } from "@skillmeat/migrate-core";
import { openDriver } from "../cases/open-driver.ts";
import type { ChildPrograms } from "../child/build-children.ts";
import { parseReport, type JournalMode } from "../child/protocol.ts";
import type { ReaderReport, StormRequest, WriterReport } from "../child/storm-protocol.ts";
import { makePlace } from "../faults/fixture.ts";
import type { ProcessResult } from "../process/run-process.ts";
import { startProgram, type Program } from "../process/start-program.ts";
import { createRandom } from "../random.ts";
import { judgeRound, type RoundObservation } from "./judge-round.ts";
import type { RoundOptions } from "./round-options.ts";
import { readAftermath } from "./read-aftermath.ts";
import { stormHead, stormRevisions } from "./storm-revisions.ts";

export interface Round {
  readonly options: RoundOptions;
  readonly observation: RoundObservation;
  readonly problems: readonly string[];
}

export interface StormPlace {
  readonly children: ChildPrograms;
  readonly workspace: string;
}

/** Milliseconds between the last process being ready and the start of them all. */
const leadMs = 30;
/** A killed process dies within this many milliseconds of the start. */
const killWindowMs = 120;

/**
 * Lets many processes migrate one database at the same moment, beside a program that writes to it and one
 * that reads, and looks at what is left before and after one more plain run.
 */
export async function runRound(options: RoundOptions, { children, workspace }: StormPlace): Promise<Round> {
  const place = await makePlace(workspace);
  const database = join(place, "data", "cache.db");
  const journal = join(place, "journal");
  await prepare(database, options);
  const request: StormRequest = {
    database,
    journalMode: options.journalMode,
    journal,
    ...(options.double === undefined ? {} : { double: options.double }),
  };
  const writer = startProgram(children.stormWriter, database);
  const reader = startProgram(children.stormReader, database);
  const migrators = Array.from({ length: options.processes }, () =>
    startProgram(children.stormMigrate, JSON.stringify(request)),
  );
  await Promise.all([writer, reader, ...migrators].map(({ ready }) => ready));
  const results = await release(migrators, options);
  const written = await stop<WriterReport>(writer);
  const read = await stop<ReaderReport>(reader);
  const journaled = existsSync(journal) ? readFileSync(journal, "utf8").trim().split("\n") : [];
  const aftermath = readAftermath(database);
  const settling = await settle(database, options.journalMode);
  const observation: RoundObservation = {
    runs: results.map(({ code, signal, stdout, stderr }) => ({
      code,
      signal,
      stderr,
      report: parseReport(stdout),
    })),
    acknowledged: written.acknowledged,
    reader: read,
    journaled,
    aftermath,
    settling,
    settled: readAftermath(database),
  };
  await rm(place, { recursive: true });
  return { options, observation, problems: judgeRound(observation, options) };
}

async function prepare(database: string, { start, journalMode }: RoundOptions): Promise<void> {
  if (start === "fresh") return;
  await migrate(database, journalMode, start === "old" ? "two" : stormHead);
}

/** Runs the plain migration once more; returns what went wrong with it. */
async function settle(path: string, journalMode: JournalMode): Promise<string | null> {
  try {
    await migrate(path, journalMode, stormHead);
    return null;
  } catch (error) {
    return String(error);
  }
}

async function migrate(path: string, journalMode: JournalMode, target: string): Promise<void> {
  const migrator = createMigrator({ driver: openDriver(path, journalMode), revisions: stormRevisions });
  try {
    await migrator.upgrade(target);
  } finally {
    await migrator.close();
  }
}

async function release(
  programs: readonly Program[],
  options: RoundOptions,
): Promise<readonly ProcessResult[]> {
  const random = createRandom(options.seed);
  const start = Date.now() + leadMs;
  for (const program of programs) program.tell(String(start));
  for (const program of programs) {
    const dies = options.kills && random() < 0.5;
    if (dies) setTimeout(() => program.kill(), leadMs + random() * killWindowMs);
  }
  return await Promise.all(programs.map(({ ended }) => ended));
}

async function stop<Report>(program: Program): Promise<Report> {
  program.tell("stop");
  const { code, stdout, stderr } = await program.ended;
  const line = stdout.split("\n").find((candidate) => candidate.startsWith("{"));
  if (code !== 0 || line === undefined)
    throw new Error(`a bystander of the storm failed (${code}): ${stderr}`);
  return JSON.parse(line);
}
