import { join } from "node:path";
import process from "node:process";
import { run } from "./run.ts";

/** Numbers that a program measured in itself. */
export type Measures = Readonly<Record<string, number>>;

/** The path of a program that is measured as a process of its own. */
export function programPath(name: string): string {
  return join(import.meta.dirname, "..", "..", "programs", name);
}

/** Runs a program of `programs/` in a fresh process; it prints its measures as one line of JSON. */
export async function runProgram(name: string, args: readonly (string | number)[]): Promise<Measures> {
  const { stdout } = await run(process.execPath, [programPath(name), ...args.map(String)]);
  return JSON.parse(stdout);
}
