import { runCli } from "./run-cli.ts";
import { descriptorSink, systemCode } from "./output/text-sink.ts";
import { superviseProcess } from "./process/supervise-process.ts";
import { processTerminal } from "./process/terminal.ts";

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  const stdout = descriptorSink(1);
  const stderr = descriptorSink(2);
  process.exitCode = await runCli(process.argv.slice(2), process.env, {
    stdout,
    stderr,
    terminal: processTerminal(process.env, stderr),
    cwd: workingDirectory(),
    // `performance` would load a module of Node that nothing else here needs.
    now: () => Number(process.hrtime.bigint()) / 1e6,
    supervise: superviseProcess,
  });
}

/** Empty when the directory has been deleted under this process. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    return "";
  }
}
