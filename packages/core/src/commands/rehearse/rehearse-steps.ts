import type { Connection } from "../../driver/driver.ts";
import { toMigrationError } from "../../driver/to-migration-error.ts";
import { isMigrationError } from "../../errors/migration-error.ts";
import type { Step } from "../../revision/revision-info.ts";
import { readContents, type Contents } from "../../run/data-loss.ts";
import { createFinding, type VerifyFinding } from "../verify/verify-finding.ts";
import { runStep, type StepContext } from "../verify/run-step.ts";

/** A table whose number of rows a revision changed, that it made or that it dropped. */
export interface RowChange {
  readonly table: string;
  /** `null`: the table was not there. */
  readonly before: number | null;
  /** `null`: the table is not there any more. */
  readonly after: number | null;
}

export interface RehearsedStep {
  readonly revision: string;
  readonly kind: "upgrade" | "downgrade";
  /** Milliseconds on the copy, its commit included. */
  readonly durationMs: number;
  readonly statements: number;
  readonly rows: readonly RowChange[];
}

export interface StepsContext extends StepContext {
  readonly connection: Connection;
  readonly report: (finding: VerifyFinding) => void;
}

/** Runs steps one by one, as far as they go; of those that run nothing there is nothing to tell. */
export async function rehearseSteps(
  context: StepsContext,
  steps: readonly Step[],
): Promise<readonly RehearsedStep[]> {
  const done: RehearsedStep[] = [];
  const { name } = context.session.options.versionTable;
  let before = await readContents(context.connection, name);
  for (const step of steps) {
    const startedAt = performance.now();
    const statements = await tryStep(context, step);
    if (statements === undefined) return done;
    if (step.kind === "stamp") continue;
    const durationMs = performance.now() - startedAt;
    const after = await readContents(context.connection, name);
    const kind = step.kind === "downgrade" ? "downgrade" : "upgrade";
    done.push({ revision: step.revision, kind, durationMs, statements, rows: compareRows(before, after) });
    before = after;
  }
  return done;
}

/** @returns the number of its statements; `undefined` when it failed, which is reported. */
async function tryStep(context: StepsContext, step: Step): Promise<number | undefined> {
  const { revision } = step;
  const way = step.kind === "downgrade" ? "down" : "up";
  try {
    const { steps } = await runStep(context, step);
    return steps[0]?.statements ?? 0;
  } catch (error) {
    if (context.signal?.aborted === true) throw error;
    const isOneWay = isMigrationError(error, "SKM_IRREVERSIBLE");
    const message = isOneWay ? "it has no downgrade()" : toMigrationError(error).message;
    context.report(
      createFinding({ kind: isOneWay ? "irreversible" : "failed", revision, way, message, lines: [] }),
    );
    return undefined;
  }
}

export function compareRows(before: Contents, after: Contents): readonly RowChange[] {
  const tables = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return tables.flatMap((table): readonly RowChange[] => {
    const change = {
      table,
      before: before.get(table)?.rows ?? null,
      after: after.get(table)?.rows ?? null,
    };
    return change.before === change.after ? [] : [change];
  });
}
