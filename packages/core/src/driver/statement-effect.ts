import type { StatementShape } from "./scan-statement.ts";

/** Answers `EXPLAIN` of the statement: one row an instruction (sqlite.org/lang_explain.html). */
export type Explain = () => readonly (readonly unknown[])[];

const reading: ReadonlySet<string> = new Set(["SELECT", "VALUES", "EXPLAIN"]);

/** PRAGMAs that only tell something even when they are given an argument (sqlite.org/pragma.html). */
const asking =
  /^(?:TABLE|INDEX|FOREIGN_KEY|FUNCTION|COLLATION|PRAGMA|MODULE|DATABASE)_|^(?:INTEGRITY|QUICK)_CHECK$/;

/**
 * Whether a statement cannot change the database, for libraries that do not pass on SQLite's own answer
 * (`sqlite3_stmt_readonly`). Of one that starts with WITH only its instructions tell.
 */
export function cannotWrite(shape: StatementShape, explain: Explain): boolean {
  const [first = "", second = ""] = shape.words;
  if (first === "PRAGMA") return asking.test(second) || (shape.tokens === 2 && second !== "OPTIMIZE");
  return first === "WITH" ? !explainsWriting(explain) : reading.has(first);
}

/** Whether the instructions of a statement open a write transaction (sqlite.org/opcode.html#Transaction). */
export function explainsWriting(explain: Explain): boolean {
  return explain().some((row) => row[1] === "Transaction" && row[3] !== 0n && row[3] !== 0);
}
