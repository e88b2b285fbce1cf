import type { StatementShape } from "@skillmeat/migrate-core/driver";

/** The lock that a statement takes by itself; `none` for those that cannot run inside a transaction or need no lock. */
export type StatementLock = "none" | "read" | "write";

/** Answers `EXPLAIN` of the statement: one row an instruction (sqlite.org/lang_explain.html). */
export type Explain = () => readonly (readonly unknown[])[];

const reading: ReadonlySet<string> = new Set(["SELECT", "VALUES"]);
const writing: ReadonlySet<string> = new Set([
  "INSERT",
  "UPDATE",
  "DELETE",
  "REPLACE",
  "CREATE",
  "ALTER",
  "DROP",
  "REINDEX",
  "ANALYZE",
]);

/** PRAGMAs that only tell something when they are given an argument (sqlite.org/pragma.html). */
const asking =
  /^(?:TABLE|INDEX|FOREIGN_KEY|FUNCTION|COLLATION|PRAGMA|MODULE|DATABASE)_|^(?:INTEGRITY|QUICK)_CHECK$/;

/** PRAGMAs whose value stands in the file. */
const stored: ReadonlySet<string> = new Set(["USER_VERSION", "APPLICATION_ID", "SCHEMA_VERSION"]);

/**
 * Which lock a statement needs. Of one that starts with WITH only its instructions tell: the second operand of
 * `Transaction` is not 0 for writing (sqlite.org/opcode.html).
 */
export function lockOf(shape: StatementShape, explain: Explain): StatementLock {
  const [first = ""] = shape.words;
  if (reading.has(first)) return "read";
  if (writing.has(first)) return "write";
  if (first === "WITH") return writes(explain) ? "write" : "read";
  return first === "PRAGMA" ? lockOfPragma(shape) : "none";
}

/** Settings of the connection need no lock, and some cannot be made inside a transaction. */
function lockOfPragma({ words, tokens }: StatementShape): StatementLock {
  const [, name = ""] = words;
  if (asking.test(name)) return "read";
  if (!stored.has(name)) return "none";
  return tokens === 2 ? "read" : "write";
}

/** Whether a statement cannot change the database. */
export function isReadOnly(shape: StatementShape, explain: Explain): boolean {
  const [first = "", second = ""] = shape.words;
  if (first === "PRAGMA") return asking.test(second) || (shape.tokens === 2 && second !== "OPTIMIZE");
  if (first === "WITH") return !writes(explain);
  return reading.has(first) || first === "EXPLAIN";
}

function writes(explain: Explain): boolean {
  return explain().some((row) => row[1] === "Transaction" && row[3] !== 0n && row[3] !== 0);
}
