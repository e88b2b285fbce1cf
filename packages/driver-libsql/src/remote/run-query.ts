import {
  amendDriverError,
  DriverError,
  retryWhileBusy,
  type QueryResult,
  type Statement,
} from "@skillmeat/migrate-core/driver";
import { assertReadOnly } from "./ask-read-only.ts";
import { checkStatement, onlyReads, type CheckedStatement } from "./check-statement.ts";
import { exchange } from "./exchange.ts";
import { fromHranaError } from "./hrana-error.ts";
import { controlStatement, type HranaRequest } from "./hrana-request.ts";
import { assertFinite, type RequestAnswer } from "./read-answer.ts";
import { assertIdle, type RemoteSession } from "./remote-session.ts";
import { clockQuestion } from "./server-clock.ts";

const readForeignKeys: HranaRequest = {
  type: "execute",
  stmt: { sql: "PRAGMA foreign_keys", want_rows: true },
};
const setForeignKeys = (value: 0 | 1): HranaRequest => ({
  type: "execute",
  stmt: controlStatement(`PRAGMA foreign_keys = ${value}`),
});

/** Runs one statement by itself, in one request. */
export async function runQuery(session: RemoteSession, statement: Statement): Promise<QueryResult> {
  assertIdle(session);
  const checked = checkStatement(statement, "autocommit");
  if (session.readOnly) {
    await withoutStep(
      async () => await assertReadOnly([checked], async (requests) => await ask(session, requests)),
    );
  }
  const attempt = async (): Promise<QueryResult> => assertFinite(await sendQuery(session, checked));
  return await retryWhileBusy(attempt, { waitMs: session.waitMs });
}

async function ask(
  session: RemoteSession,
  requests: readonly HranaRequest[],
): Promise<readonly RequestAnswer[]> {
  const closing: readonly HranaRequest[] = [...requests, { type: "close" }];
  return (await exchange(session.server, closing, { effect: "read" })).answers;
}

/** A query has no steps and no transaction of which an error could speak. */
async function withoutStep(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DriverError) || error.step === undefined) throw error;
    const { kind, message, cause, engineCode } = error;
    throw new DriverError(kind, message, {
      ...(cause === undefined ? {} : { cause }),
      ...(engineCode === undefined ? {} : { engineCode }),
    });
  }
}

async function sendQuery(session: RemoteSession, checked: CheckedStatement): Promise<QueryResult> {
  const { server, learned } = session;
  const { shape, encoded } = checked;
  const before = session.foreignKeysOff ? [setForeignKeys(0)] : [];
  const setsForeignKeys =
    shape.words[0] === "PRAGMA" && shape.words[1] === "FOREIGN_KEYS" && shape.tokens > 2;
  const after = setsForeignKeys ? [readForeignKeys] : [];
  const restore = setsForeignKeys || session.foreignKeysOff ? [setForeignKeys(1)] : [];
  const questions = learned.questions();
  const clock = questions.length === 0 ? [] : [clockQuestion];
  const sentAt = performance.now();
  const { answers } = await exchange(
    server,
    [
      ...before,
      { type: "execute", stmt: encoded },
      ...after,
      ...restore,
      ...questions,
      ...clock,
      { type: "close" },
    ],
    { effect: onlyReads(shape) || session.readOnly ? "read" : "write" },
  );
  const own = before.length;
  learned.learn(answers.slice(own + 1 + after.length + restore.length, -1));
  if (clock.length > 0) server.clock.learn(answers.at(-2), sentAt);
  if (setsForeignKeys) rememberForeignKeys(session, answers[own + 1]);
  return resultOf(answers[own], server.target.host);
}

/** Each query is a connection of the server of its own; what the caller set has to be set on the next one again. */
function rememberForeignKeys(session: RemoteSession, answer: RequestAnswer | undefined): void {
  if (answer?.kind === "executed") session.foreignKeysOff = answer.result.rows[0]?.[0] === 0;
}

function resultOf(answer: RequestAnswer | undefined, target: string): QueryResult {
  if (answer?.kind === "executed") return answer.result;
  if (answer?.kind === "failed") throw amendDriverError(fromHranaError(answer.error), { target });
  throw new DriverError("network", "the server answered another question", { reason: "protocol", target });
}
