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
  const stall = (): void => {
    controller.abort(
      new MigrationError("SKM_MIGRATION_HUNG", "the revision waits for something that can never happen", {
        hint: "a promise inside upgrade() or downgrade() is never settled",
      }),
    );
  };
  const exit = (): void => {
    host.exitCode = 7;
    onExit();
  };
  host.on("beforeExit", stall);
  host.on("exit", exit);
  return {
    signal: controller.signal,
    release: () => {
      host.off("beforeExit", stall);
      host.off("exit", exit);
    },
  };
}
