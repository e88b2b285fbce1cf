import { readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ChildPrograms } from "../child/build-children.ts";
import type { MigrateRequest } from "../child/protocol.ts";
import type { Double } from "../doubles/doubles.ts";
import { makePlace, placeDatabase, type Fixture } from "../faults/fixture.ts";
import { runProcess } from "../process/run-process.ts";
import { parseFileEvents, type FileEvent } from "./file-event.ts";

/** A run of a fixture with all that it did to its files. */
export interface Recording {
  readonly fixture: Fixture;
  readonly before: ReadonlyMap<string, Buffer>;
  readonly events: readonly FileEvent[];
}

export interface PowerPlace {
  readonly children: ChildPrograms;
  readonly workspace: string;
}

/** Every byte of every write, with the paths of the file descriptors. */
const recorder: readonly string[] = [
  "-f",
  "--seccomp-bpf",
  "-y",
  "-xx",
  "-s",
  "1000000",
  "-e",
  "trace=openat,unlink,ftruncate,fsync,fdatasync,pwrite64",
];

/** Runs the command of a fixture once and records every write, sync and change of the directory. */
export async function recordRun(
  fixture: Fixture,
  { children, workspace }: PowerPlace,
  double?: Double,
): Promise<Recording> {
  const place = await makePlace(workspace);
  const database = await placeDatabase(fixture.template, place);
  const before = new Map(fixture.template === null ? [] : [[basename(database), await readFile(database)]]);
  const acknowledgement = join(place, "acknowledged");
  const request: MigrateRequest = {
    caseName: fixture.migrationCase.name,
    database,
    journalMode: fixture.journalMode,
    ending: "close",
    acknowledgement,
    ...(double === undefined ? {} : { double }),
  };
  const log = join(place, "strace.log");
  const files = ["", "-journal", "-wal"].map((suffix) => `${database}${suffix}`);
  const paths = [...files, join(place, "data"), acknowledgement].flatMap((path) => ["-P", path]);
  const program = [process.execPath, children.migrate, JSON.stringify(request)];
  const { code, stderr } = await runProcess("strace", [...recorder, "-o", log, ...paths, ...program]);
  if (code !== 0) throw new Error(`the recorded run failed (${code}): ${stderr}`);
  const events = parseFileEvents(await readFile(log, "latin1"), acknowledgement);
  await rm(place, { recursive: true });
  return { fixture, before, events };
}
