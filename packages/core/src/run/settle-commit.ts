import { setTimeout as sleep } from "node:timers/promises";
import type { DriverError } from "../driver/driver-error.ts";
import type { Connection } from "../driver/driver.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { isMigrationError, MigrationError } from "../errors/migration-error.ts";
import { parseVersionRows } from "../version/version-table.ts";
import type { RunEvent, RunListener } from "./events.ts";
import type { Session } from "./session.ts";

export interface CommitExpectation {
  /** `undefined` where they were never read: then only the heads after can be recognised. */
  readonly headsBefore?: readonly string[] | undefined;
  readonly headsAfter: readonly string[];
  /** Told of a pause. */
  readonly emit: RunListener;
}

/** What a transaction did whose COMMIT had failed. */
export type Settled =
  | { readonly kind: "applied" }
  | { readonly kind: "not-applied" }
  /** Others have gone on from before or after it: it is over, and these are the heads. */
  | { readonly kind: "moved"; readonly heads: readonly string[] };

/** Whether two sorted lists of heads are the same. */
export function sameHeads(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index]);
}

/**
 * Finds out what a failed COMMIT did. SQLite's answer alone does not tell: after an fsync error the
 * frames may lie in the WAL and come back when the next process recovers it. So: a fresh connection, a
 * small committed write (which overwrites what was left unfinished) and in it the version rows. A database that
 * is gone by then is not made anew.
 *
 * On a server that write waits for a transaction that is still at work, or ends it. A request that has not even
 * arrived is waited for until it can do nothing any more.
 *
 * @returns `moved` only from a server, which can be believed.
 * @throws {MigrationError} SKM_COMMIT_UNKNOWN when that cannot be found out, with both states in `details`.
 */
export async function settleCommit(
  session: Session,
  expected: CommitExpectation,
  failure: DriverError,
): Promise<Settled> {
  const heads = await readSettled(session, expected, failure);
  if (sameHeads(heads, expected.headsAfter)) return { kind: "applied" };
  const { headsBefore } = expected;
  if (headsBefore !== undefined && sameHeads(heads, headsBefore)) return { kind: "not-applied" };
  const isServer = session.connection()?.capabilities.lock === "server";
  if (headsBefore !== undefined && isServer) return { kind: "moved", heads };
  throw unknownOutcome(expected, failure, { found: heads });
}

async function readSettled(session: Session, expected: CommitExpectation, failure: DriverError) {
  const { undecidedUntil } = failure;
  try {
    const connection = await session.reconnect();
    const started = performance.now();
    for (;;) {
      const { heads, now } = await readUnderLock(connection, session.options);
      if (undecidedUntil === undefined || !mayStillCome(heads, expected)) return heads;
      const leftMs = (undecidedUntil - now) * 1000;
      if (leftMs < 0) return heads;
      if (leftMs > longestWaitMs)
        throw unknownOutcome(expected, failure, { found: heads, undecidedForMs: leftMs });
      const holder = "the request whose answer was lost, which may still arrive";
      expected.emit({ kind: "wait", waitedMs: Math.round(performance.now() - started), holder });
      await sleep(Math.min(leftMs + 1, longestPauseMs));
    }
  } catch (error) {
    if (isMigrationError(error, "SKM_COMMIT_UNKNOWN")) throw error;
    throw unknownOutcome(expected, failure, { settling: toMigrationError(error).message });
  }
}

/** The guards of a unit refuse it wherever the heads are others than before. */
function mayStillCome(heads: readonly string[], { headsBefore, headsAfter }: CommitExpectation): boolean {
  return headsBefore === undefined ? !sameHeads(heads, headsAfter) : sameHeads(heads, headsBefore);
}

const longestPauseMs = 1000;
/** A clock that was set back meanwhile, or the one of another server, must not make a run wait for hours. */
const longestWaitMs = 600_000;

/** What the version rows and the clock of an engine are at the same moment. */
export interface SettledRows {
  readonly heads: readonly string[];
  /** Seconds since 1970 by the clock of a server; 0 where there is none. */
  readonly now: number;
}

/**
 * One transaction that writes, so that no other is at work meanwhile, and a server that is a replica asks its
 * primary; the clock is the engine's, in seconds.
 */
export async function readUnderLock(
  connection: Connection,
  { versionTable, waitMs }: Pick<Session["options"], "versionTable" | "waitMs">,
): Promise<SettledRows> {
  const isServer = connection.capabilities.lock === "server";
  const clock = isServer ? "SELECT unixepoch('now', 'subsec')" : "SELECT 0";
  const steps = [versionTable.create, ...versionTable.touch, versionTable.read, { sql: clock }];
  const [heads, now] = (await connection.unit(steps, { waitMs })).slice(-2);
  return { heads: parseVersionRows(versionTable, heads?.rows ?? []), now: Number(now?.rows[0]?.[0]) };
}

/** What the listener is told when a COMMIT that reported an error turns out to have taken effect. */
export function commitRecovered(
  failure: DriverError,
  { isSupposed }: { readonly isSupposed: boolean } = { isSupposed: false },
): RunEvent {
  const found = isSupposed
    ? "the database is where the revision leads, perhaps since before this run"
    : "it took effect";
  return {
    kind: "warning",
    code: "SKM_COMMIT_RECOVERED",
    message: `COMMIT reported "${failure.message}", but reading the database again shows that ${found}`,
  };
}

function unknownOutcome(
  expected: CommitExpectation,
  failure: DriverError,
  facts: Readonly<Record<string, unknown>>,
): MigrationError {
  return new MigrationError(
    "SKM_COMMIT_UNKNOWN",
    `it is not known whether the commit took effect: ${failure.message}`,
    {
      cause: failure,
      details: { headsBefore: expected.headsBefore, headsAfter: expected.headsAfter, ...facts },
      hint: "run `current` when the database can be reached again: it shows either the old or the new revision, never something between",
    },
  );
}
