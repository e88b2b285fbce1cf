import type { Step } from "../../revision/revision-info.ts";
import type { RunListener } from "../../run/events.ts";
import type { RunResult } from "../../run/result.ts";
import { runRequest } from "../../run/run-request.ts";
import type { Session } from "../../run/session.ts";
import type { RevisionLibrary } from "../revision-library.ts";

export interface StepContext {
  readonly session: Session;
  readonly library: RevisionLibrary;
  readonly foreignKeys?: "enforced" | "suspended";
  readonly emit?: RunListener;
  readonly signal: AbortSignal | undefined;
}

/** Runs one step, as a run of its own, in a database that nobody else uses. */
export async function runStep(context: StepContext, step: Step): Promise<RunResult> {
  const { session, library, foreignKeys = "enforced", emit = () => undefined, signal } = context;
  return await runRequest(
    session,
    {
      command: step.kind,
      graph: library.graph,
      heads: step.headsBefore,
      steps: [step],
      loadRevision: library.loadRevision,
      replan: () => [],
    },
    { transactionPer: "run", foreignKeys, dataLoss: "allow", signal, emit },
  );
}

/** The same step in the other direction. */
export function reverseStep({ revision, headsBefore, headsAfter }: Step): Step {
  return { kind: "downgrade", revision, headsBefore: headsAfter, headsAfter: headsBefore };
}
