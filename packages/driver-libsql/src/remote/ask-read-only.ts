import { amendDriverError, DriverError } from "@skillmeat/migrate-core/driver";
import { onlyReads, type CheckedStatement } from "./check-statement.ts";
import type { HranaRequest } from "./hrana-request.ts";
import { fromHranaError } from "./hrana-error.ts";
import type { RequestAnswer } from "./read-answer.ts";

/** Sends requests and returns one answer each. */
export type Send = (requests: readonly HranaRequest[]) => Promise<readonly RequestAnswer[]>;

/**
 * Refuses statements that could write. What plainly reads costs nothing; about the rest the server is asked
 * before anything runs, in one request.
 *
 * @throws {DriverError} kind `readonly`, with the step.
 */
export async function assertReadOnly(statements: readonly CheckedStatement[], send: Send): Promise<void> {
  const unclear = statements.flatMap((statement, step) =>
    onlyReads(statement.shape) ? [] : [{ statement, step }],
  );
  if (unclear.length === 0) return;
  const answers = await send(
    unclear.map(({ statement }) => ({ type: "describe", sql: statement.encoded.sql })),
  );
  for (const [index, { step }] of unclear.entries()) {
    const answer = answers[index];
    if (answer?.kind === "failed") throw amendDriverError(fromHranaError(answer.error), facts(step));
    if (answer?.kind !== "described" || answer.isReadOnly || answer.isExplain) continue;
    throw new DriverError("readonly", "the connection was opened for reading only", facts(step));
  }
}

function facts(step: number) {
  return { step, outcome: "rolled-back" } as const;
}
