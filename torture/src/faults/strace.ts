import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runProcess, type ProcessResult } from "../process/run-process.ts";
import { systemCalls, type CallCounts, type Fault, type SystemCall } from "./fault.ts";

export interface TracedCommand {
  /** A Node program with its arguments. */
  readonly args: readonly string[];
  /** The database file; only calls on it, its journal, WAL, shared memory and directory are seen. */
  readonly database: string;
}

/**
 * Makes sure that faults can be injected.
 *
 * @throws {Error} without strace: a run that injects nothing must not look like one that survived everything.
 */
export function assertStrace(): void {
  const { status, stdout } = spawnSync("strace", ["-V"], { encoding: "utf8" });
  if (status !== 0 || !stdout.startsWith("strace -- version")) {
    throw new Error("strace is needed to inject faults: install it (apt-get install strace)");
  }
}

/** Runs the command undisturbed and counts its calls. */
export async function countCalls(command: TracedCommand): Promise<CallCounts> {
  const log = logOf(command);
  const result = await runProcess("strace", ["--seccomp-bpf", ...straceArguments(command, log, systemCalls)]);
  if (result.code !== 0)
    throw new Error(`the clean run failed (${result.code}): ${result.stderr}${result.stdout}`);
  return countLogged(await readFile(log, "utf8"));
}

export interface FaultResult extends ProcessResult {
  /** Whether the run got as far as the fault. */
  readonly struck: boolean;
}

/**
 * Runs the command and lets the fault strike it. With seccomp every other call runs at full speed, but then
 * strace 6.1 drops an injected signal, so it is for errors only.
 */
export async function runWithFault(command: TracedCommand, fault: Fault): Promise<FaultResult> {
  const log = logOf(command);
  const { call, nth, action } = fault;
  const [effect, speed] =
    action.kind === "kill" ? ["signal=KILL", []] : [`error=${action.errno}`, ["--seccomp-bpf"]];
  const injection = ["-e", `inject=${call}:${effect}:when=${nth}`];
  const result = await runProcess("strace", [
    ...speed,
    ...injection,
    ...straceArguments(command, log, [call]),
  ]);
  const text = await readFile(log, "utf8");
  return { ...result, struck: result.signal === "SIGKILL" || text.includes("(INJECTED)") };
}

/**
 * Counts the calls of the thread that makes most of them. The database engine is synchronous, so that is
 * the main thread, and strace counts `when=` by thread too.
 */
export function countLogged(log: string): CallCounts {
  const threads = new Map<string, Record<SystemCall, number>>();
  for (const line of log.split("\n")) {
    const [, thread = "", name = ""] = /^(\d+) +(\w+)\(/u.exec(line) ?? [];
    const call = systemCalls.find((candidate) => candidate === name);
    if (call === undefined) continue;
    const counts = threads.get(thread) ?? noCalls();
    counts[call] += 1;
    threads.set(thread, counts);
  }
  return [...threads.values()].toSorted((left, right) => total(right) - total(left))[0] ?? noCalls();
}

function total(counts: CallCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function noCalls(): Record<SystemCall, number> {
  return { openat: 0, pread64: 0, pwrite64: 0, write: 0, fsync: 0, fdatasync: 0, ftruncate: 0, unlink: 0 };
}

/** `-P` narrows counting and injection to these files. */
function straceArguments(
  command: TracedCommand,
  log: string,
  calls: readonly SystemCall[],
): readonly string[] {
  const { database, args } = command;
  const files = [database, `${database}-journal`, `${database}-wal`, `${database}-shm`, dirname(database)];
  return [
    "-f",
    "-o",
    log,
    "-e",
    `trace=${calls.join(",")}`,
    ...files.flatMap((file) => ["-P", file]),
    process.execPath,
    ...args,
  ];
}

/** Beside the directory of the database: a file in it would be taken for one that was left behind. */
function logOf({ database }: TracedCommand): string {
  return join(dirname(dirname(database)), "strace.log");
}
