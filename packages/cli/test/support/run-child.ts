import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { bundleDirectory } from "./bundle-cli.ts";
import type { Outcome } from "./run-in-process.ts";

/** The command as a shell or another program starts it; bundled, which starts faster. */
export const cliCommand: readonly string[] = [process.execPath, join(bundleDirectory, "bin.js")];

/** The command as it runs in a checkout, without a build. */
export const sourceCommand: readonly string[] = [
  process.execPath,
  "--conditions=source",
  "--disable-warning=ExperimentalWarning",
  join(import.meta.dirname, "..", "..", "src", "bin.ts"),
];

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the command line program itself. */
  readonly command?: readonly string[];
  /** Called with the process when it has started. */
  readonly whenStarted?: (kill: (signal: NodeJS.Signals) => void) => void;
}

export interface ChildOutcome extends Outcome {
  /** The signal that ended the process, if one did; `exit` is then what a shell reports, 128 and the number. */
  readonly signal: NodeJS.Signals | null;
}

/** Milliseconds after which a child is taken to hang. */
const patience = 25_000;

/** Runs the command line in a process of its own, with a home directory and nothing else in its environment. */
export async function runChild(argv: readonly string[], options: ChildOptions): Promise<ChildOutcome> {
  const [program = "", ...before] = options.command ?? cliCommand;
  const child = spawn(program, [...before, ...argv], {
    cwd: options.cwd,
    env: { PATH: process.env["PATH"], HOME: options.cwd, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: patience,
    killSignal: "SIGABRT",
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  options.whenStarted?.((signal) => child.kill(signal));
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) => {
      resolve({
        ...output,
        exit: exit ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 137),
        signal,
      });
    });
  });
}

/**
 * Runs a line of the shell in which `cli` is the program; for descriptors that are closed, full or not UTF-8.
 * With the environment variable WITH, another program starts it.
 */
export async function runShell(line: string, options: ChildOptions): Promise<ChildOutcome> {
  const quoted = cliCommand.map((word) => `'${word}'`).join(" ");
  return await runChild(["-c", `cli() { $WITH ${quoted} "$@"; }; ${line}`], {
    ...options,
    command: ["/bin/sh"],
  });
}
