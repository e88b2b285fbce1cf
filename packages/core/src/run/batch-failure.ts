import type { BatchStatement } from "../batch/batch-plan.ts";
import { DriverError } from "../driver/driver-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { expectedRows } from "../version/version-guards.ts";
import { versionRow } from "../version/version-table.ts";
import { isEmptinessGuard } from "./empty-database.ts";
import type { Position } from "./execute-unit.ts";
import { explainGuard, isRefusal } from "./guard-error.ts";
import type { Session } from "./session.ts";
import { readUnderLock, sameHeads } from "./settle-commit.ts";
import { SuppositionFailed } from "./supposition.ts";
import { expectedTables } from "./tables-ahead.ts";
import type { Unit } from "./unit.ts";

/** A unit as it is sent in one request. */
export interface Batch {
  readonly statements: readonly BatchStatement[];
  /** Index of the fence of the courtesy lock, -1 without one. */
  readonly fence: number;
  /** Index of the guard of the expected heads; guards of the tables come before it. */
  readonly guard: number;
  /** Index of the revision's first statement, and how many it has. */
  readonly body: number;
  readonly bodyLength: number;
  /** It makes the table of the readers where there is none. */
  readonly hasReaders: boolean;
  /** Nothing but the heads was read to make it. */
  readonly isBlind: boolean;
}

interface Failure {
  readonly error: unknown;
  readonly batch: Batch;
  readonly unit: Unit;
  /** The unit waited for another writer: the run is under way, also where its heads were supposed. */
  readonly hasWaited: boolean;
}

/**
 * The heads that another process had written before this unit, or those that are there when another took its
 * turn over; `null` when the failure is another.
 */
export async function findMoved(session: Session, failure: Failure): Promise<readonly string[] | null> {
  const { error, batch, unit } = failure;
  if (error instanceof SuppositionFailed) {
    return failure.hasWaited ? (error.heads ?? (await session.readHeads("write"))) : null;
  }
  if (!(error instanceof DriverError) || error.outcome === "unknown" || error.step === undefined) return null;
  if (error.step === batch.fence && isRefusal(error)) return await session.readHeads("write");
  // The run is planned again, and for a database that holds something there is no snapshot.
  if (isEmptinessGuard(batch.statements[error.step]) && isRefusal(error))
    return await session.readHeads("write");
  const isGuard = error.step === batch.guard || batch.statements[error.step]?.comment === expectedTables;
  if (!isGuard) return null;
  const heads = await session.readHeads("write");
  if (!sameHeads(heads, unit.step.headsBefore)) return heads;
  // The guard knew better than a server that is a replica and has not copied that yet.
  const isGuardOfHeads = error.step === batch.guard && isRefusal(error);
  const connection = session.connection();
  if (!isGuardOfHeads || connection?.capabilities.lock !== "server") return null;
  const now = (await readUnderLock(connection, session.options)).heads;
  return sameHeads(now, unit.step.headsBefore) ? null : now;
}

const isVersionStatement = (comment: string | undefined): boolean =>
  comment === expectedRows || comment === versionRow;

/** Notes which statement of the revision failed; the guards behind it say what they mean themselves. */
export function placeFailure(error: unknown, batch: Batch, position: Position): unknown {
  if (!(error instanceof DriverError) || error.step === undefined) return error;
  const index = error.step - batch.body;
  if (index >= 0 && index < batch.bodyLength) {
    position.statement = index + 1;
    const statement = batch.statements[error.step];
    position.sql = statement?.sql;
    return explainGuard(statement?.guard, error);
  }
  // A full disk or a lost transaction says nothing about what the statement checks.
  if (!isRefusal(error)) return error;
  const { sql, comment } = batch.statements[error.step] ?? {};
  if (comment === expectedTables) {
    return new MigrationError(
      "SKM_VERSION_MOVED",
      "the tables were changed while the revision was prepared",
      {
        cause: error,
        hint: "run it again; another program changes tables of this database without a revision",
      },
    );
  }
  if (comment === "foreign keys") {
    return new MigrationError("SKM_FOREIGN_KEY", "rows would break a foreign key", { cause: error });
  }
  // What else stands there is the journal, which fails for reasons of its own.
  if (index >= batch.bodyLength && isVersionStatement(comment)) {
    return new MigrationError("SKM_VERSION_MOVED", "the version rows changed while the revision ran", {
      cause: error,
      details: { sql },
      hint: "a revision must not write the version table itself",
    });
  }
  return error;
}
