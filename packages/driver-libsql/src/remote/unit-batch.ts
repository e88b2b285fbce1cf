import type { QueryResult, UnitOptions } from "@skillmeat/migrate-core/driver";
import type { HranaFault } from "./hrana-error.ts";
import {
  controlStatement,
  inTransaction,
  type HranaBatchStep,
  type HranaCondition,
  type HranaStatement,
} from "./hrana-request.ts";
import type { BatchAnswer } from "./read-answer.ts";
import { serverNow } from "./server-clock.ts";

export interface TransactionKind {
  readonly foreignKeys: NonNullable<UnitOptions["foreignKeys"]>;
  /** `write` takes the write lock at once; a later upgrade would fail instead of wait (sqlite.org/isolation.html). */
  readonly mode: "read" | "write";
}

/**
 * Steps before the first one of the caller: foreign keys, BEGIN, the proof that foreign keys are as wanted, and
 * the proof that the request did not come too late.
 */
const begin = 1;
const proof = 2;
const arrival = 3;
const lead = 4;

/** What one batch did, in the words of the caller. */
export type BatchOutcome =
  | { readonly kind: "committed"; readonly results: readonly QueryResult[] }
  /** The lock was not to be had, or the server refuses writers. */
  | { readonly kind: "not-begun"; readonly error: HranaFault }
  /** The server does not suspend (or enforce) foreign keys. */
  | { readonly kind: "foreign-keys"; readonly error: HranaFault }
  /** It came after its `deadline`: whoever sent it has stopped waiting. */
  | { readonly kind: "late"; readonly error: HranaFault }
  | {
      readonly kind: "step-failed";
      readonly step: number;
      readonly error: HranaFault;
      /** The transaction ended together with the statement: there was nothing to roll back. */
      readonly ended: boolean;
    }
  | { readonly kind: "commit-failed"; readonly error: HranaFault }
  /** The server ended the transaction between two steps: `step` did not run, or the COMMIT if there is none. */
  | { readonly kind: "lost"; readonly step: number | undefined };

/** What became of {@link beginSteps} where they are a batch of their own. */
export function readBeginBatch(answer: BatchAnswer): BatchOutcome | undefined {
  const failed = answer.errors.findIndex((error) => error !== undefined);
  const error = answer.errors[failed];
  if (error === undefined) return undefined;
  return { kind: failed === proof ? "foreign-keys" : "not-begun", error };
}

const ok = (step: number): HranaCondition => ({ type: "ok", step });
const not = (cond: HranaCondition): HranaCondition => ({ type: "not", cond });
const all = (...conds: readonly HranaCondition[]): HranaCondition => ({ type: "and", conds });

/** A token for reading may set nothing, and each stream of a server begins with foreign keys enforced. */
function setsForeignKeys({ foreignKeys, mode }: TransactionKind): boolean {
  return mode === "write" || foreignKeys === "suspended";
}

/**
 * The statements that begin a transaction. The PRAGMA does nothing inside one (sqlite.org/foreignkeys.html),
 * so it comes first, and what it did is proven inside.
 */
export function beginSteps({ foreignKeys, mode }: TransactionKind): readonly HranaBatchStep[] {
  const wanted = foreignKeys === "suspended" ? "0" : "1";
  return [
    {
      stmt: controlStatement(
        setsForeignKeys({ foreignKeys, mode }) ? `PRAGMA foreign_keys = ${wanted}` : "SELECT 1",
      ),
    },
    { stmt: controlStatement(mode === "read" ? "BEGIN" : "BEGIN IMMEDIATE"), condition: ok(begin - 1) },
    {
      stmt: controlStatement(
        `SELECT CASE WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT ${wanted} THEN json('foreign keys') END`,
      ),
      condition: ok(begin),
    },
  ];
}

export interface UnitBatchOptions extends TransactionKind {
  /** Seconds since 1970 by the server's clock after which the batch does nothing; no limit where undefined. */
  readonly deadline: number | undefined;
  /**
   * Queries for after COMMIT, whose failure is none of the batch. They are in it because a server that is a replica
   * runs a batch that writes where its primary is, and would answer them by itself from what it has copied so far.
   */
  readonly after?: readonly HranaStatement[];
}

/**
 * Puts a condition in front of a batch, and questions that are only asked where it fails. They are no part of its
 * transaction.
 */
export function buildConditionalBatch(
  [condition, ...questions]: readonly HranaStatement[],
  batch: readonly HranaBatchStep[],
): readonly HranaBatchStep[] {
  if (condition === undefined) return batch;
  const holds = ok(0);
  const by = 1 + questions.length;
  return [
    { stmt: condition },
    ...questions.map((stmt) => ({ stmt, condition: not(holds) })),
    ...batch.map((step) => ({
      stmt: step.stmt,
      condition: step.condition === undefined ? holds : shift(step.condition, by),
    })),
  ];
}

/** The same condition in a batch with so many steps in front. */
function shift(condition: HranaCondition, by: number): HranaCondition {
  switch (condition.type) {
    case "ok":
      return ok(condition.step + by);
    case "not":
      return not(shift(condition.cond, by));
    case "and":
      return all(...condition.conds.map((one) => shift(one, by)));
    case "is_autocommit":
      return condition;
  }
}

/** The answer about the batch behind `count` statements of {@link buildConditionalBatch}. */
export function answerBehind(answer: BatchAnswer, count: number): BatchAnswer {
  return { ...answer, results: answer.results.slice(count), errors: answer.errors.slice(count) };
}

/**
 * Builds a batch that is one transaction by itself: each step runs only if the one before succeeded inside the
 * transaction, COMMIT only after the last, ROLLBACK only if COMMIT did not happen. So nothing depends on a
 * second request, and a connection that breaks leaves the state before or the state after.
 *
 * The deadline is looked at under the write lock: who reads the database under that lock later than the
 * deadline sees for good whether the batch took effect, wherever its request was held up.
 */
export function buildUnitBatch(
  statements: readonly HranaStatement[],
  transaction: UnitBatchOptions,
): readonly HranaBatchStep[] {
  const commit = lead + statements.length;
  return [
    ...beginSteps(transaction),
    { stmt: controlStatement(assertInTime(transaction.deadline)), condition: all(ok(proof), inTransaction) },
    ...statements.map((stmt, index) => ({ stmt, condition: all(ok(lead + index - 1), inTransaction) })),
    { stmt: controlStatement("COMMIT"), condition: all(ok(commit - 1), inTransaction) },
    { stmt: controlStatement("ROLLBACK"), condition: all(ok(begin), not(ok(commit)), inTransaction) },
    ...endSteps(transaction),
    ...(transaction.after ?? []).map((stmt) => ({ stmt, condition: ok(commit) })),
  ];
}

/** Leaves a connection that a server may give to somebody else as it was found. */
export function endSteps(transaction: TransactionKind): readonly HranaBatchStep[] {
  return setsForeignKeys(transaction) ? [{ stmt: controlStatement("PRAGMA foreign_keys = 1") }] : [];
}

function assertInTime(deadline: number | undefined): string {
  if (deadline === undefined) return "SELECT 1";
  return `SELECT CASE WHEN ${serverNow} > ${deadline.toFixed(3)} THEN json('too late') END`;
}

/** Reads what became of a batch of {@link buildUnitBatch} with `count` statements. */
export function readUnitBatch(answer: BatchAnswer, count: number): BatchOutcome {
  const commit = lead + count;
  if (answer.results[commit] !== undefined) {
    const results = answer.results.slice(lead, commit);
    return { kind: "committed", results: results.filter((result) => result !== undefined) };
  }
  const failed = answer.errors.findIndex((error) => error !== undefined);
  const error = answer.errors[failed];
  if (error === undefined || failed > commit) return lost(answer, commit);
  if (failed <= begin) return { kind: "not-begun", error };
  if (failed === proof) return { kind: "foreign-keys", error };
  if (failed === arrival) return { kind: "late", error };
  if (failed === commit) return { kind: "commit-failed", error };
  const rollback = commit + 1;
  const ended = answer.results[rollback] === undefined && answer.errors[rollback] === undefined;
  return { kind: "step-failed", step: failed - lead, error, ended };
}

function lost(answer: BatchAnswer, commit: number): BatchOutcome {
  const skipped = answer.results.findIndex((result, index) => index >= arrival && result === undefined);
  if (skipped === arrival) return { kind: "lost", step: 0 };
  return { kind: "lost", step: skipped >= lead && skipped < commit ? skipped - lead : undefined };
}
