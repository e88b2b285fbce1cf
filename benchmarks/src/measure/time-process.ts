import { run } from "./run.ts";

export interface ProcessCost {
  readonly wallMs: number;
  /** User and system time. */
  readonly cpuMs: number;
}

/** Bash keeps what `wait4` says about a process, to the millisecond; Node.js does not give it away. */
const timed = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null';

/** Runs a command and measures the whole process, from its start to its end. */
export async function timeProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProcessCost> {
  const { stderr } = await run("bash", ["-c", timed, "bash", ...command], env);
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = lastLine(stderr).split(" ").map(Number);
  if (Number.isNaN(wall + user + system)) throw new Error(`bash did not measure: ${stderr}`);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

/** Runs a command and returns the most memory that it had at a time, in MB, as GNU time measures it. */
export async function measureMemory(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const { stderr } = await run("/usr/bin/time", ["-f", "%M", ...command], env);
  return Number(lastLine(stderr)) / 1024;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
