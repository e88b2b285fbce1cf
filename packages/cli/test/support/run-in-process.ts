import { runCli, type Terminal, type TextSink } from "@skillmeat/migrate-cli";

export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly terminal?: Partial<Terminal>;
  readonly stdout?: TextSink;
  readonly stderr?: TextSink;
  readonly now?: () => number;
}

/** Runs a command line in this process, with the environment that is given and no other. */
export async function runInProcess(argv: readonly string[], options: RunOptions): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): TextSink => ({
    write: (text) => {
      written[name] += text;
      options[name]?.write(text);
    },
  });
  const exit = await runCli(argv, options.env ?? {}, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    cwd: options.cwd,
    now: options.now ?? (() => performance.now()),
    terminal: {
      isInteractive: false,
      hasColor: false,
      canRedraw: false,
      ask: () => null,
      ...options.terminal,
    },
  });
  return { exit, ...written };
}
