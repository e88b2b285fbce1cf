import type { CommandName } from "./arguments/command-table.ts";
import { parseArguments, type ParsedArguments } from "./arguments/parse-arguments.ts";
import { usageError } from "./arguments/usage-error.ts";
import { loadCommand } from "./commands/load-command.ts";
import type { Environment } from "./database/read-environment.ts";
import { createOutput, type Output, type OutputMode } from "./output/output.ts";
import { createSecretRegistry, findSecrets, type SecretRegistry } from "./output/redactor.ts";
import { reportFailure } from "./output/report-failure.ts";
import type { TextSink } from "./output/text-sink.ts";
import type { Supervise, Supervision, SupervisionVoice } from "./process/supervise-process.ts";
import type { Terminal } from "./process/terminal.ts";

/** Everything outside that the command line touches, apart from files. */
export interface CliWorld {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly terminal: Terminal;
  /** The working directory, absolute; empty when it does not exist any more. */
  readonly cwd: string;
  /** Milliseconds from any fixed moment. */
  readonly now: () => number;
  /** Watches over the process; left out where the caller does. */
  readonly supervise?: Supervise;
}

/**
 * Runs one command line. Whatever happens is said through `world`, and nothing is thrown.
 *
 * @param argv without the program's name.
 * @returns the exit code.
 */
export async function runCli(argv: readonly string[], env: Environment, world: CliWorld): Promise<number> {
  const secrets = createSecretRegistry(knownSecrets(argv, env));
  const openOutput = (mode: OutputMode): Output =>
    createOutput({
      stdout: world.stdout,
      stderr: world.stderr,
      mode,
      redact: (text) => secrets.redact(text),
    });
  try {
    const parsed = parseArguments(argv);
    const output = openOutput(modeOf(parsed, world.terminal));
    return await runParsed({ parsed, env, world, secrets, output });
  } catch (error) {
    return fail(openOutput(guessMode(argv, world.terminal)), error);
  }
}

interface Call {
  readonly parsed: ParsedArguments;
  readonly env: Environment;
  readonly world: CliWorld;
  readonly secrets: SecretRegistry;
  readonly output: Output;
}

async function runParsed({ parsed, env, world, secrets, output }: Call): Promise<number> {
  const supervision = world.supervise?.(voiceOf(output)) ?? unsupervised;
  const exitCode = await runNamed({ parsed, env, world, secrets, output }, supervision);
  supervision.settle(exitCode);
  return exitCode;
}

function voiceOf(output: Output): SupervisionVoice {
  return {
    report: (error) => fail(output, error),
    talk: (line) => {
      output.talk(line);
    },
  };
}

async function runNamed(call: Call, supervision: Supervision): Promise<number> {
  const { parsed, env, world, secrets, output } = call;
  const { terminal, cwd, now } = world;
  try {
    await assertCommand(parsed, output);
    if (cwd === "")
      throw usageError("the working directory does not exist any more", "change to another directory");
    const command = await loadCommand(nameOf(parsed));
    return await command({ arguments: parsed, env, cwd, output, secrets, terminal, now, supervision });
  } catch (error) {
    return fail(output, error);
  }
}

/** Without a command there is nothing to do, and the reader needs more than one line to find out what there is. */
async function assertCommand({ switches, command }: ParsedArguments, output: Output): Promise<void> {
  if (command !== undefined || switches.has("help") || switches.has("version")) return;
  const { renderUsage } = await import("./help/render-help.ts");
  if (!output.mode.json) output.alert(`${renderUsage()}\n`);
  throw usageError("no command is given", "`skillmeat-migrate help` has the details");
}

function nameOf({ switches, command }: ParsedArguments): CommandName | "version" {
  if (switches.has("version")) return "version";
  return switches.has("help") || command === undefined ? "help" : command;
}

/** Standard output may be what failed; then the error goes to standard error. */
function fail(output: Output, error: unknown): number {
  try {
    return reportFailure(output, error);
  } catch (second) {
    return reportFailure(output, second);
  }
}

function modeOf({ switches }: ParsedArguments, terminal: Terminal): OutputMode {
  return {
    json: switches.has("json"),
    debug: switches.has("debug"),
    quiet: switches.has("quiet"),
    verbose: switches.has("verbose"),
    color: terminal.hasColor && !switches.has("no-color"),
    redraw: terminal.canRedraw,
  };
}

/** How to report that the arguments are not understood: in the form that they ask for. */
function guessMode(argv: readonly string[], terminal: Terminal): OutputMode {
  const end = argv.indexOf("--");
  const has = (option: string): boolean => (end === -1 ? argv : argv.slice(0, end)).includes(option);
  return {
    json: has("--json"),
    debug: has("--debug"),
    quiet: false,
    verbose: false,
    color: terminal.hasColor && !has("--no-color"),
    redraw: terminal.canRedraw,
  };
}

const secretVariables = ["TURSO_AUTH_TOKEN", "SKILLMEAT_AUTH_TOKEN"];

function knownSecrets(argv: readonly string[], env: Environment): readonly string[] {
  const named = secretVariables.map((name) => env[name] ?? "");
  const urls = ["SKILLMEAT_DATABASE_URL", "SQLALCHEMY_URL", "TURSO_DATABASE_URL"].map(
    (name) => env[name] ?? "",
  );
  return [...named, ...findSecrets([...argv, ...urls])];
}

const unsupervised: Supervision = {
  enter: () => undefined,
  reportExit: () => undefined,
  settle: () => undefined,
};
