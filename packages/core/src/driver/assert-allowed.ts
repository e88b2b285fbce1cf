import { DriverError } from "./driver-error.ts";
import type { PreparedStatement } from "./statement-cache.ts";

const transactionWords = new Set(["BEGIN", "COMMIT", "END", "ROLLBACK"]);
const savepointWords = new Set(["SAVEPOINT", "RELEASE"]);
const forbiddenWords = new Set(["ATTACH", "DETACH", "VACUUM"]);

/**
 * Refuses a statement that would begin or end a transaction, or that works on other database files.
 * Savepoints are allowed inside a transaction; outside they would begin one.
 */
export function assertAllowed(words: readonly string[], place: "autocommit" | "transaction"): void {
  const [first = ""] = words;
  if (forbiddenWords.has(first)) throw forbidden(first);
  const isSavepoint = savepointWords.has(first) || isRollbackTo(words);
  if (isSavepoint ? place === "autocommit" : transactionWords.has(first)) throw control(first);
}

/**
 * Refuses what could write through a connection that was opened for reading. SQLite counts reading the
 * journal mode and EXPLAIN of a write as writing; both only look.
 */
export function assertReads(prepared: PreparedStatement): void {
  const { shape, statement } = prepared;
  if (statement.isReadOnly || shape.words[0] === "EXPLAIN") return;
  const [first, second] = shape.words;
  if (shape.tokens === 2 && first === "PRAGMA" && second === "JOURNAL_MODE") return;
  throw new DriverError("readonly", "the connection was opened for reading only");
}

function isRollbackTo(words: readonly string[]): boolean {
  return words[0] === "ROLLBACK" && (words[1] === "TO" || (words[1] === "TRANSACTION" && words[2] === "TO"));
}

function control(word: string): DriverError {
  return new DriverError("unsupported", `${word} is not allowed: the driver controls the transaction`, {
    reason: "transaction-control",
    hint: "use unit() or transaction()",
  });
}

function forbidden(word: string): DriverError {
  return new DriverError("unsupported", `${word} is not allowed in a statement`, { reason: "forbidden" });
}
