import type { DriverError } from "../driver/driver-error.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { readHeads } from "../version/read-heads.ts";
import type { RunEvent } from "./events.ts";
import type { Session } from "./session.ts";

export interface CommitExpectation {
  /** `undefined` where they were never read: then only the heads after can be recognised. */
  readonly headsBefore?: readonly string[] | undefined;
  readonly headsAfter: readonly string[];
}

/** Whether two sorted lists of heads are the same. */
export function sameHeads(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index]);
}

/**
 * Finds out what a failed COMMIT did. SQLite's answer alone does not tell: after an fsync error the
 * frames may lie in the WAL and come back when the next process recovers it. So: a fresh connection, a
 * small committed write (which overwrites what was left unfinished), then the version rows. A database that
 * is gone by then is not made anew.
 *
 * @returns whether the transaction took effect.
 * @throws {MigrationError} SKM_COMMIT_UNKNOWN when that cannot be found out, with both states in `details`.
 */
export async function settleCommit(
  session: Session,
  expected: CommitExpectation,
  failure: DriverError,
): Promise<boolean> {
  const heads = await readSettled(session, expected, failure);
  if (sameHeads(heads, expected.headsAfter)) return true;
  if (expected.headsBefore !== undefined && sameHeads(heads, expected.headsBefore)) return false;
  throw unknownOutcome(expected, failure, { found: heads });
}

async function readSettled(session: Session, expected: CommitExpectation, failure: DriverError) {
  const { versionTable, waitMs } = session.options;
  try {
    const connection = await session.reconnect();
    await connection.unit([versionTable.create, ...versionTable.touch], { waitMs });
    return await readHeads(connection, versionTable);
  } catch (error) {
    throw unknownOutcome(expected, failure, { settling: toMigrationError(error).message });
  }
}

/** What the listener is told when a COMMIT that reported an error turns out to have taken effect. */
export function commitRecovered(failure: DriverError): RunEvent {
  return {
    kind: "warning",
    code: "SKM_COMMIT_RECOVERED",
    message: `COMMIT reported "${failure.message}", but reading the database again shows that it took effect`,
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
      details: { ...expected, ...facts },
      hint: "run `current` when the database can be reached again: it shows either the old or the new revision, never something between",
    },
  );
}
