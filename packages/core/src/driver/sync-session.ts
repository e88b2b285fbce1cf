import { assertAllowed, assertReads } from "./assert-allowed.ts";
import type { ChangeCounter } from "./change-counter.ts";
import { DriverError } from "./driver-error.ts";
import { fromEngineError } from "./engine-error.ts";
import { normalizeRows, toEngineValues } from "./engine-values.ts";
import type { ForeignKeySetting } from "./foreign-key-setting.ts";
import type { StatementShape } from "./scan-statement.ts";
import { checkedShape, type PreparedStatement, type StatementCache } from "./statement-cache.ts";
import type { QueryResult, SqlValue, Statement } from "./statement.ts";
import type { SyncEngine } from "./sync-engine.ts";

/** What the parts of one synchronous connection share. */
export interface SyncSession {
  readonly engine: SyncEngine;
  readonly cache: StatementCache;
  readonly changes: ChangeCounter;
  readonly foreignKeys: ForeignKeySetting;
  readonly readOnly: boolean;
  /** Milliseconds to wait for a lock where the call does not say. */
  readonly waitMs: number;
  /** The path for messages. */
  readonly target: string | undefined;
  /** Called right before COMMIT; throwing rolls back. */
  readonly beforeCommit: (() => void) | undefined;
  /** A transaction is open or about to begin: statements outside of it would fall into it. */
  inUse: boolean;
  closed: boolean;
  /** `close` was called: what the connection held is given back. */
  released: boolean;
}

const noColumns: readonly string[] = Object.freeze([]);
const noRows: readonly (readonly SqlValue[])[] = Object.freeze([]);
const noParams: readonly SqlValue[] = Object.freeze([]);

/** Runs one statement at once. The transaction is the caller's business. */
export function executeStatement(
  session: SyncSession,
  statement: Statement,
  place: "autocommit" | "transaction",
): QueryResult {
  try {
    if (isPlainDefinition(statement) && !session.readOnly) return define(session, statement, place);
    const prepared = session.cache.get(statement.sql);
    assertAllowed(prepared.shape.words, place);
    if (session.readOnly) assertReads(prepared);
    const params = checkedParams(statement, prepared.shape);
    if (prepared.shape.words[0] === "PRAGMA") session.foreignKeys.forget();
    return prepared.statement.returnsRows
      ? executeRows(session, prepared, params)
      : { columns: noColumns, rows: noRows, changes: executeChanges(session, prepared, params) };
  } catch (error) {
    throw toDriverError(session, error);
  }
}

/** Without a semicolon there is no second statement that `exec` would run unseen. */
const plainDefinition = /^\s*(?:CREATE|ALTER|DROP)\b[^;]*$/iu;

function isPlainDefinition({ sql, params = noParams }: Statement): boolean {
  return params.length === 0 && typeof sql === "string" && plainDefinition.test(sql);
}

/**
 * Runs a definition, which gives no rows and changes none, without a prepared statement of the library. Many
 * libraries free those only when JavaScript collects them: until then CREATE INDEX and DROP walk all of them to
 * mark them as expired, and a long run takes quadratic time.
 */
function define(
  session: SyncSession,
  statement: Statement,
  place: "autocommit" | "transaction",
): QueryResult {
  const shape = checkedShape(statement.sql);
  assertAllowed(shape.words, place);
  checkedParams(statement, shape);
  session.engine.exec(statement.sql);
  return { columns: noColumns, rows: noRows, changes: 0 };
}

function checkedParams(statement: Statement, shape: StatementShape): readonly SqlValue[] {
  const given = statement.params ?? noParams;
  if (given.length !== shape.parameters) {
    throw new DriverError(
      "value",
      `the statement has ${shape.parameters} parameters, but ${given.length} values were passed`,
      { reason: "parameters" },
    );
  }
  return given.length === 0 ? noParams : toEngineValues(given);
}

function executeRows(
  session: SyncSession,
  prepared: PreparedStatement,
  params: readonly SqlValue[],
): QueryResult {
  const { statement } = prepared;
  let rows: SqlValue[][] = [];
  const run = (): void => {
    rows = statement.all(params);
  };
  let changes = 0;
  if (statement.isReadOnly) run();
  else changes = session.changes.count(run);
  // After the run: a schema change since the last one renames columns.
  return { columns: statement.columns(), rows: normalizeRows(rows), changes };
}

function executeChanges(
  session: SyncSession,
  prepared: PreparedStatement,
  params: readonly SqlValue[],
): number {
  const { statement } = prepared;
  if (session.engine.reportsChanges) return statement.run(params);
  if (statement.isReadOnly) {
    statement.run(params);
    return 0;
  }
  return session.changes.count(() => void statement.run(params));
}

/** Turns what the library throws into a `DriverError`; a `TypeError` of a wrong call and bugs pass. */
export function toDriverError(session: SyncSession, error: unknown): unknown {
  const { engine, target } = session;
  if (!(error instanceof DriverError) && !engine.isOpen()) return closedError(session, error);
  return fromEngineError(engine, error, target);
}

export function closedError(session: SyncSession, cause?: unknown): DriverError {
  return new DriverError("closed", "the connection is closed", {
    ...(cause === undefined ? {} : { cause }),
    ...(session.target === undefined ? {} : { target: session.target }),
  });
}

/** Refuses a call that would fall into somebody else's transaction on this connection. */
export function assertIdle(session: SyncSession): void {
  if (session.closed || !session.engine.isOpen()) throw closedError(session);
  if (!session.inUse && !session.engine.inTransaction()) return;
  throw new DriverError("busy", "the connection is inside a transaction", {
    reason: "in-use",
    hint: "use the executor that the transaction passes to its function, or another connection",
    ...(session.target === undefined ? {} : { target: session.target }),
  });
}
