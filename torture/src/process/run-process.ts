import { spawn } from "node:child_process";
import { childEnvironment } from "./child-environment.ts";

export interface ProcessOptions {
  /** Milliseconds after which the process is killed and the promise rejects, 60,000 unless told. */
  readonly timeoutMs?: number;
}

export interface ProcessResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Whatever it ends with is a result; only a time-out or a failed start rejects. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const child = spawn(command, args, {
    env: childEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { promise, resolve, reject } = Promise.withResolvers<ProcessResult>();
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const limit = options.timeoutMs ?? 60_000;
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    reject(new Error(`no end after ${limit} ms: ${command} ${args.join(" ")}\n${output.stderr}`));
  }, limit);
  child.on("error", reject);
  child.on("close", (code, signal) => {
    resolve({ code, signal, ...output });
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
