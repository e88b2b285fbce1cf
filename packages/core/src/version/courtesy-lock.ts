import { DriverError } from "../driver/driver-error.ts";
import type { Connection, Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";

/**
 * The table of the courtesy lock. It exists only while somebody holds the lock, or died holding it: a table that
 * stays would be a surprise to whatever compares schemas.
 */
export const lockTable = "skm_courtesy_lock";

/** Who works on a database, as the server's clock tells it. */
export interface LockState {
  /** Who it is, for people. */
  readonly holder: string;
  /** Counts the holders since the table was made. */
  readonly token: number;
  readonly heldMs: number;
  /** Milliseconds until anybody may take over; negative since when. */
  readonly lapsesInMs: number;
}

export interface LockOwner {
  /** Unique for each run. */
  readonly id: string;
  readonly holder: string;
}

/** The lock in the hands of one owner. */
export interface Lease {
  readonly owner: LockOwner;
  readonly token: number;
}

/** Longer than the longest unit, which ends with its request after 30 seconds: it cannot be renewed meanwhile. */
export const leaseSeconds = 45;

const now = "unixepoch('now', 'subsec')";

const create: Statement = {
  sql: `CREATE TABLE IF NOT EXISTS ${lockTable} (id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, holder TEXT NOT NULL, token INTEGER NOT NULL, acquired_at REAL NOT NULL, expires_at REAL NOT NULL)`,
};

/** Reads who holds the lock; `null` when nobody does. Takes no lock of the engine. */
export async function readLock(executor: Executor): Promise<LockState | null> {
  const sql = `SELECT holder, token, (${now} - acquired_at) * 1000, (expires_at - ${now}) * 1000 FROM ${lockTable}`;
  try {
    const [row] = (await executor.query({ sql })).rows;
    if (row === undefined) return null;
    const [holder, token, heldMs, lapsesInMs] = row;
    return {
      holder: String(holder),
      token: Number(token),
      heldMs: Math.round(Number(heldMs)),
      lapsesInMs: Math.round(Number(lapsesInMs)),
    };
  } catch (error) {
    if (error instanceof DriverError && error.kind === "sql") return null;
    throw error;
  }
}

/**
 * Takes the lock where nobody holds it or its holder's time is up, or holds on to it.
 *
 * @returns `undefined` when somebody else holds it.
 */
export async function takeLock(connection: Connection, owner: LockOwner): Promise<Lease | undefined> {
  const take: Statement = {
    sql: `INSERT INTO ${lockTable} VALUES (1, ?, ?, 1, ${now}, ${now} + ${leaseSeconds})
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, holder = excluded.holder, expires_at = excluded.expires_at,
token = iif(owner = excluded.owner, token, token + 1), acquired_at = iif(owner = excluded.owner, acquired_at, excluded.acquired_at)
WHERE owner = excluded.owner OR expires_at < ${now} RETURNING token`,
    params: [owner.id, owner.holder],
  };
  const [, taken] = await connection.unit([create, take]);
  const token = taken?.rows[0]?.[0];
  return token === undefined ? undefined : { owner, token: Number(token) };
}

/** Gives the lock back, and with it its table. Does nothing where somebody else has it by now. */
export async function releaseLock(connection: Connection, lease: Lease): Promise<void> {
  try {
    await connection.unit([fenceOf(lease), { sql: `DROP TABLE ${lockTable}` }]);
  } catch (error) {
    // Only what the fence itself says: a lost transaction may fail at any step.
    if (!(error instanceof DriverError) || error.step !== 0 || error.kind !== "sql") throw error;
  }
}

/** Takes the lock from whoever holds it; the database's own guards stay. */
export async function dropLock(connection: Connection): Promise<void> {
  await connection.unit([{ sql: `DROP TABLE IF EXISTS ${lockTable}` }]);
}

/** Fails the unit that it stands in when somebody else has taken the lock over. */
export function fenceOf({ owner, token }: Lease): Statement {
  return {
    sql: `SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM ${lockTable} WHERE owner = ? AND token = ?) THEN json('the courtesy lock was lost') END`,
    params: [owner.id, token],
    comment: "courtesy lock",
  };
}
