import { describeFailure } from "../output/describe-failure.ts";
import { isMigrationError, MigrationError, quoteForMessage } from "@skillmeat/migrate-core";

/** What the process does; decides what it means when it ends in the middle. */
export type Activity = "config" | "command" | "run";

/** Watches over a command, so that no silent end and no stray error is taken for success. */
export interface Supervision {
  enter(activity: Activity): void;
  /** A revision has ended the process; the exit code is set already. */
  reportExit(revision: string | undefined): void;
  /** The command is done, and its exit code is known. */
  settle(exitCode: number): void;
}

/** How the supervision speaks. */
export interface SupervisionVoice {
  /** Says what happened and returns the exit code that it means. */
  readonly report: (error: unknown) => number;
  readonly talk: (line: string) => void;
}

export type Supervise = (voice: SupervisionVoice) => Supervision;

/** Times that the process may wake up again when it has nothing left to do. */
const wakeUps = 3;
/** Milliseconds that what a revision left running may go on after the command is done. */
const patience = 5000;

interface State {
  activity: Activity;
  isSettled: boolean;
  hasFailed: boolean;
  wakeUpsLeft: number;
}

/**
 * Handles the four ways in which this process can end without the command having said so: an error that
 * nothing catches, an empty event loop, a call of `process.exit()`, and a loop that never gets empty.
 * Signals are left alone: SQLite cleans up after them, and a handler would only delay them.
 */
export const superviseProcess: Supervise = ({ report, talk }) => {
  const state: State = { activity: "command", isSettled: false, hasFailed: false, wakeUpsLeft: wakeUps };
  const fail = (error: unknown): void => {
    if (state.hasFailed) return;
    state.hasFailed = true;
    process.exitCode = report(error);
  };
  process.on("uncaughtException", (error) => {
    fail(explainStray(error, state));
    if (!state.isSettled) process.exit();
  });
  process.on("beforeExit", () => {
    if (state.isSettled || state.hasFailed) return;
    state.wakeUpsLeft -= 1;
    // Listeners that come after this one may still wake the command; it takes a turn of the loop to see.
    if (state.wakeUpsLeft > 0) setImmediate(() => undefined);
    else fail(stalled(state.activity));
  });
  process.on("exit", () => {
    if (!state.isSettled && state.activity !== "run") fail(ended(state.activity));
  });
  return {
    enter: (activity) => {
      state.activity = activity;
    },
    reportExit: (revision) => {
      const { exitCode } = process;
      fail(revisionExit(revision));
      process.exitCode = exitCode ?? 7;
    },
    settle: (exitCode) => {
      state.isSettled = true;
      // What goes wrong after a failure is a part of it.
      state.hasFailed ||= exitCode !== 0;
      const end = (): void => {
        talk("a timer or connection that a revision or the configuration left open is cut off");
        process.exit();
      };
      setTimeout(end, patience).unref();
    },
  };
};

/** An error out of a promise or callback that nobody waits for. */
function explainStray(error: unknown, { activity, isSettled }: State): unknown {
  const { message, trace } = describeFailure(error);
  if (isMigrationError(error)) {
    if (!isSettled) return error;
    const { code, details, hint } = error;
    return new MigrationError(code, `${message}; the run itself was committed before`, {
      cause: error,
      details,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  if (activity !== "run") return error;
  return new MigrationError(
    "SKM_MIGRATION_FAILED",
    `a revision left something running that failed: ${message}; what was not committed is rolled back`,
    {
      cause: error,
      details: { trace: trace.split("\n")[0] },
      hint: "await every promise inside upgrade() and downgrade()",
    },
  );
}

function stalled(activity: Activity): MigrationError {
  if (activity === "config") {
    return new MigrationError("SKM_CONFIG_LOAD", "the configuration never finishes loading", {
      hint: "an `await` in it waits for something that never happens",
    });
  }
  return new MigrationError("SKM_INTERNAL", "the command waits for something that never happens", {
    hint: "this is a bug, or one of a driver in the configuration; please report it",
  });
}

function ended(activity: Activity): MigrationError {
  if (activity === "config") {
    return new MigrationError("SKM_CONFIG_LOAD", "the configuration ends the process", {
      hint: "throw an error instead of calling process.exit()",
    });
  }
  return new MigrationError("SKM_INTERNAL", "the process was ended before the command was done", {
    hint: "something that the configuration imports calls process.exit()",
  });
}

function revisionExit(revision: string | undefined): MigrationError {
  const who = revision === undefined ? "a revision" : `revision ${quoteForMessage(revision)}`;
  return new MigrationError(
    "SKM_MIGRATION_EXIT",
    `${who} ended the process; what was not committed is rolled back`,
    { details: { revision: revision ?? null }, hint: "throw an error instead of calling process.exit()" },
  );
}
