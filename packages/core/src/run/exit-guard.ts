import { MigrationError } from "../errors/migration-error.ts";

/** The few members of Node's `process` that the guard needs; absent elsewhere. */
interface HostProcess {
  on(event: "beforeExit" | "exit", listener: () => void): unknown;
  off(event: "beforeExit" | "exit", listener: () => void): unknown;
  exitCode?: number | string | null | undefined;
}

export interface ExitGuard {
  /** Fires when the process would end although the run has not: nothing is left that could wake it. */
  readonly signal: AbortSignal;
  release(): void;
}

interface GuardedRun {
  stall(): void;
  exit(): void;
}

/**
 * The runs at work in this process. They share two listeners: Node warns of a leak when there are more than ten,
 * and a program may migrate hundreds of databases at once.
 */
const runs = new Set<GuardedRun>();

const stallAll = (): void => {
  for (const run of runs) run.stall();
};
const exitAll = (): void => {
  for (const run of runs) run.exit();
};

/**
 * Makes sure that a run which never settles is not taken for success. Node ends with exit code 0 when a
 * promise stays pending and nothing else is alive, and a revision may call `process.exit(0)`.
 *
 * @param onExit called when the process ends during the run; the exit code is set to 7 first.
 */
export function guardExit(onExit: () => void): ExitGuard {
  const controller = new AbortController();
  const host: HostProcess | undefined = globalThis.process;
  if (host === undefined) return { signal: controller.signal, release: () => undefined };
  const run: GuardedRun = {
    stall: () => {
      controller.abort(
        new MigrationError("SKM_MIGRATION_HUNG", "the revision waits for something that can never happen", {
          hint: "a promise inside upgrade() or downgrade() is never settled",
        }),
      );
    },
    exit: () => {
      host.exitCode = 7;
      onExit();
    },
  };
  if (runs.size === 0) {
    host.on("beforeExit", stallAll);
    host.on("exit", exitAll);
  }
  runs.add(run);
  return { signal: controller.signal, release: () => release(host, run) };
}

function release(host: HostProcess, run: GuardedRun): void {
  if (!runs.delete(run) || runs.size > 0) return;
  host.off("beforeExit", stallAll);
  host.off("exit", exitAll);
}
