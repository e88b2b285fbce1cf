import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { run } from "./run.ts";

export interface WriteCounts {
  readonly writes: number;
  readonly syncs: number;
}

/** Counts how often a command writes to the files of a database and syncs them, with strace. */
export async function countWrites(command: readonly string[], database: string): Promise<WriteCounts> {
  const log = `${database}.strace`;
  const files = [database, `${database}-journal`, `${database}-wal`, dirname(database)];
  const filter = ["-e", "trace=pwrite64,fsync,fdatasync", ...files.flatMap((file) => ["-P", file])];
  await run("strace", ["-f", "-o", log, ...filter, ...command]);
  const lines = (await readFile(log, "utf8")).split("\n");
  const count = (call: RegExp): number => lines.filter((line) => call.test(line)).length;
  return { writes: count(/^\d+ +pwrite64\(/u), syncs: count(/^\d+ +f(?:data)?sync\(/u) };
}
