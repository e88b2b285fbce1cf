import type { BatchPlan } from "../batch/batch-plan.ts";
import type { Connection, Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import type { Operation } from "../ops/operation.ts";
import type { PlanWarning } from "../plan/plan-warning.ts";
import type { RunListener } from "./events.ts";
import { lintOperation } from "./lint-operation.ts";
import { createPlanKnowledge, type PlanKnowledge } from "./plan-knowledge.ts";
import { readEffect } from "./preview-operations.ts";

/**
 * Looks, during a run, at the operations that its plan did not see: those behind the first question of a
 * revision, which depend on the answer, and those of the revisions after it.
 */
export interface LateLint {
  /** A question has been asked in a transaction that is committed: nothing of the rest was planned. */
  readonly isLate: () => boolean;
  /** Begins a transaction, which may be another try. */
  begin(tx: Executor, context: LateLintContext): LintPass;
}

export interface LateLintContext {
  readonly capabilities: Connection["capabilities"];
  readonly foreignKeys: PlanKnowledge["foreignKeys"];
}

/** Looks at the operations of one transaction, in their order. */
export interface LintPass {
  /**
   * Looks at an operation before its statements run.
   *
   * @throws {SKM_LINT} there is a warning, and warnings are refused.
   */
  look(operation: Operation, found: FoundOperation): Promise<void>;
  /** From here on nothing was planned. */
  ask(): void;
  commit(): void;
}

export interface FoundOperation {
  readonly revision: string;
  readonly plan: BatchPlan | undefined;
  readonly statements: readonly Statement[];
}

export function createLateLint(mode: "warn" | "refuse", emit: RunListener): LateLint {
  let wasAsked = false;
  // A transaction may begin again with foreign keys suspended.
  const told = new Set<string>();
  const tell = (revision: string, { code, message }: PlanWarning): void => {
    const key = JSON.stringify([revision, code, message]);
    if (told.has(key)) return;
    told.add(key);
    emit({ kind: "warning", code, message });
  };
  return {
    isLate: () => wasAsked,
    begin: (tx, { capabilities, foreignKeys }) => {
      const source = { capabilities, query: async (one: Statement) => await tx.query(one) };
      const knowledge = createPlanKnowledge({ connection: source, foreignKeys, isMoving: true });
      let isLate = wasAsked;
      return {
        look: async (operation, { revision, plan, statements }) => {
          if (isLate) {
            const effect = await readEffect(operation, plan, knowledge);
            const warnings = await lintOperation(operation, { knowledge, plan, effect });
            if (mode === "refuse") assertNone(revision, warnings);
            for (const warning of warnings) tell(revision, warning);
          }
          knowledge.pass(operation, statements);
        },
        ask: () => void (isLate = true),
        commit: () => void (wasAsked = isLate),
      };
    },
  };
}

function assertNone(revision: string, warnings: readonly PlanWarning[]): void {
  const [first] = warnings;
  if (first === undefined) return;
  throw new MigrationError(
    "SKM_LINT",
    `what follows its question has a warning: ${first.message} (${first.code})`,
    {
      details: { warnings: warnings.map((warning) => ({ revision, ...warning })) },
      hint: first.hint,
    },
  );
}
