import { spawn } from "node:child_process";
import { once } from "node:events";
import { readyLine } from "../child/storm-protocol.ts";
import { childEnvironment } from "./child-environment.ts";
import type { ProcessResult } from "./run-process.ts";

/** A program that loads, says that it is ready, and then waits to be told to go on. */
export interface Program {
  /** Resolves when it is ready; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<ProcessResult>;
  /** Writes a line to its standard input. */
  tell(line: string): void;
  /** Tells it a line and resolves with the JSON of the next line that it prints. */
  ask(line: string): Promise<unknown>;
  kill(): void;
}

export function startProgram(program: string, argument: string): Program {
  const child = spawn(process.execPath, [program, argument], {
    env: childEnvironment(),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<ProcessResult>();
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    if (output.stdout.includes(readyLine)) ready.resolve();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  // A program that is killed no longer reads what it is told.
  child.stdin.on("error", () => undefined);
  child.on("error", (error) => {
    ready.reject(error);
    ended.reject(error);
  });
  child.on("close", (code, signal) => {
    ready.reject(new Error(`${program} ended before it was ready: ${output.stderr}`));
    ended.resolve({ code, signal, ...output });
  });
  return {
    ready: ready.promise,
    ended: ended.promise,
    tell: (line) => child.stdin.write(`${line}\n`),
    ask: async (line) => {
      child.stdin.write(`${line}\n`);
      const [answer] = await once(child.stdout, "data");
      return JSON.parse(String(answer));
    },
    kill: () => child.kill("SIGKILL"),
  };
}
