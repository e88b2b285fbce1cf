import {
  assertAllowed,
  checkedShape,
  DriverError,
  type Statement,
  type StatementShape,
} from "@skillmeat/migrate-core/driver";
import { encodeStatement, type HranaStatement } from "./hrana-request.ts";

/** A statement that passed every check that needs no server. */
export interface CheckedStatement {
  readonly shape: StatementShape;
  readonly encoded: HranaStatement;
}

/** Bytes of SQL text in one statement that sqld 0.24 takes (between 4 and 5 MB; measured). */
export const sqlBytes = 4_000_000;

/** PRAGMAs that sqld lets a client set; of the others it only tells the value. */
export const settablePragmas: readonly string[] = Object.freeze([
  "defer_foreign_keys",
  "foreign_keys",
  "user_version",
]);

/** PRAGMAs that sqld answers with "unsupported statement" when they are set. */
const fixedPragmas: ReadonlySet<string> = new Set([
  "ANALYSIS_LIMIT",
  "APPLICATION_ID",
  "AUTO_VACUUM",
  "AUTOMATIC_INDEX",
  "BUSY_TIMEOUT",
  "CACHE_SIZE",
  "CELL_SIZE_CHECK",
  "IGNORE_CHECK_CONSTRAINTS",
  "JOURNAL_MODE",
  "LEGACY_ALTER_TABLE",
  "LOCKING_MODE",
  "MMAP_SIZE",
  "PAGE_SIZE",
  "QUERY_ONLY",
  "RECURSIVE_TRIGGERS",
  "SECURE_DELETE",
  "SYNCHRONOUS",
  "TEMP_STORE",
  "TRUSTED_SCHEMA",
  "WAL_AUTOCHECKPOINT",
  "WRITABLE_SCHEMA",
]);

/**
 * Checks a statement before anything is sent, so that a unit is refused whole, with the number of the
 * statement, and costs no request.
 *
 * @throws {DriverError} kinds `sql`, `value`, `unsupported`.
 */
export function checkStatement(statement: Statement, place: "autocommit" | "transaction"): CheckedStatement {
  const shape = checkedShape(statement.sql);
  assertAllowed(shape.words, place);
  assertOffered(shape);
  assertSize(statement.sql);
  const given = statement.params?.length ?? 0;
  if (given !== shape.parameters) {
    throw new DriverError(
      "value",
      `the statement has ${shape.parameters} parameters, but ${given} values were passed`,
      { reason: "parameters" },
    );
  }
  return { shape, encoded: encodeStatement(statement) };
}

/** Whether a statement can change nothing, whatever becomes of its answer. */
export function onlyReads(shape: StatementShape): boolean {
  const [first = "", second] = shape.words;
  if (first === "PRAGMA") return shape.tokens === 2 && second !== "OPTIMIZE";
  return first === "SELECT" || first === "VALUES" || first === "EXPLAIN";
}

/** A step of a savepoint or transaction on a server that has no use for the statement would only fail there. */
function assertOffered({ words, tokens }: StatementShape): void {
  const [first, second = ""] = words;
  if (first === "ANALYZE") throw notOffered("ANALYZE");
  if (first === "CREATE" && (second === "TEMP" || second === "TEMPORARY")) {
    throw notOffered("temporary tables, views and triggers");
  }
  // PRAGMA name = value, PRAGMA name = -value, PRAGMA name(value)
  if (first === "PRAGMA" && tokens > 2 && fixedPragmas.has(second)) {
    throw notOffered(`setting PRAGMA ${second.toLowerCase()}`);
  }
}

function notOffered(what: string): DriverError {
  return new DriverError("unsupported", `the server does not offer ${what}`, {
    hint: "leave it out: the server decides about it",
  });
}

function assertSize(sql: string): void {
  // A character is 3 bytes at most: most texts need not be measured.
  if (sql.length * 3 <= sqlBytes) return;
  const bytes = Buffer.byteLength(sql);
  if (bytes <= sqlBytes) return;
  throw new DriverError("value", `the statement has ${bytes} bytes, and the server takes ${sqlBytes}`, {
    reason: "too-big",
    hint: "split the statement, or pass large values as parameters",
  });
}
