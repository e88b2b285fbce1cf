import type { Connection, UnitOptions } from "../driver/driver.ts";
import type { QueryResult, Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { parseVersionRows, type VersionTable } from "../version/version-table.ts";
import { findMoved, placeFailure, type Batch } from "./batch-failure.ts";
import { buildBatch } from "./build-batch.ts";
import type { Session } from "./session.ts";
import { sendSupposed, SuppositionFailed } from "./supposition.ts";
import type { TransactionOptions, TransactionOutcome } from "./transaction.ts";
import { sameHeads } from "./settle-commit.ts";
import { stepResult, type Unit } from "./unit.ts";

/**
 * Whether a unit can be sent as one batch: its body asked the database nothing, nothing has to be compared
 * before and after, and nobody wants to look at its operations one by one.
 */
export function fitsOneBatch(
  unit: Unit,
  { dataLoss, lateLint }: Pick<TransactionOptions, "dataLoss" | "lateLint">,
): boolean {
  return unit.first.query === null && dataLoss === "allow" && lateLint?.isLate() !== true;
}

/**
 * Runs one unit as one guarded batch, which costs one round trip on a remote engine: the heads are checked,
 * the statements run and the version rows are written together or not at all, and read back after that.
 *
 * @returns `null` when the unit has to be run interactively, because the rows that break a foreign key already
 * have to be told from new ones, or an operation depends on tables that nobody can foretell.
 */
export async function runGuardedUnit(
  session: Session,
  unit: Unit,
  options: TransactionOptions,
): Promise<TransactionOutcome | null> {
  const { emit, position } = options;
  const { versionTable } = session.options;
  const connection = await session.openForWriting();
  const built = await buildUnlessMoved(session, connection, unit, options);
  if (built.kind !== "batch") return built.kind === "moved" ? built : null;
  const { batch } = built;
  position.unit = unit;
  const late = unit.recording?.lateUse();
  if (late !== undefined) throw options.isSupposed ? new SuppositionFailed() : late;
  emit({
    kind: "step-start",
    step: unit.step,
    index: options.offset,
    total: options.total,
    message: unit.message,
    downRevisions: unit.downRevisions,
  });
  const startedAt = performance.now();
  let hasWaited = false;
  let results: readonly QueryResult[];
  try {
    results = await send(session, batch.statements, {
      ...options,
      connection,
      heads: unit.step.headsBefore,
      onWait: () => void (hasWaited = true),
    });
  } catch (error) {
    const moved = await findMoved(session, { error, batch, unit, hasWaited });
    if (moved !== null) return { kind: "moved", heads: moved };
    throw placeFailure(error, batch, position);
  }
  const durationMs = performance.now() - startedAt;
  if (batch.hasReaders) session.noteReaders();
  const { step } = unit;
  const { offset: index, total } = options;
  return {
    kind: "committed",
    steps: [stepResult(unit, durationMs, batch.bodyLength)],
    heads: step.headsAfter,
    readBack: readBack(versionTable, results[batch.statements.length]),
    ended: { kind: "step-end", step, index, total, durationMs, statements: batch.bodyLength },
    isPlain: batch.isBlind && isSmall(batch.statements),
  };
}

interface SendOptions extends TransactionOptions {
  readonly connection: Connection;
  readonly heads: readonly string[];
  readonly onWait: () => void;
}

async function send(
  session: Session,
  steps: readonly Statement[],
  { connection, heads, foreignKeys, signal, emit, onWait, isSupposed }: SendOptions,
): Promise<readonly QueryResult[]> {
  const { versionTable, waitMs } = session.options;
  const options: UnitOptions = {
    readAfter: versionTable.read,
    foreignKeys,
    waitMs,
    signal,
    onWait: (waitedMs) => {
      onWait();
      emit({ kind: "wait", waitedMs });
    },
  };
  return isSupposed
    ? await sendSupposed(session, { heads, steps }, options)
    : await connection.unit(steps, options);
}

/** Characters that may be sent in vain: about what a request costs anyway. */
const small = 256 * 1024;

function isSmall(statements: readonly Statement[]): boolean {
  let size = 0;
  for (const { sql, params = [] } of statements) {
    size += sql.length;
    for (const value of params) {
      size += typeof value === "string" || value instanceof Uint8Array ? value.length : 8;
    }
    if (size > small) return false;
  }
  return true;
}

/** The unit is committed: rows that cannot be understood are left to the read-back of the run, which says both. */
function readBack(table: VersionTable, result: QueryResult | undefined): readonly string[] | undefined {
  if (result === undefined) return undefined;
  try {
    return parseVersionRows(table, result.rows);
  } catch (error) {
    if (error instanceof MigrationError) return undefined;
    throw error;
  }
}

type Built =
  | { readonly kind: "batch"; readonly batch: Batch }
  | { readonly kind: "moved"; readonly heads: readonly string[] }
  | { readonly kind: "interactive" };

/** What another process has done already cannot be done to its tables: then that is said, not what is wrong. */
async function buildUnlessMoved(
  session: Session,
  connection: Connection,
  unit: Unit,
  options: TransactionOptions,
): Promise<Built> {
  try {
    const batch = await buildBatch(session, connection, unit, options);
    return batch === null ? { kind: "interactive" } : { kind: "batch", batch };
  } catch (error) {
    if (!(error instanceof MigrationError) || options.isSupposed) throw error;
    const heads = await session.readHeads("write");
    if (sameHeads(heads, unit.step.headsBefore)) throw error;
    return { kind: "moved", heads };
  }
}
