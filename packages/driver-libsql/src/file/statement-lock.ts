import {
  cannotWrite,
  explainsWriting,
  type Explain,
  type StatementShape,
} from "@skillmeat/migrate-core/driver";

/** The lock that a statement takes by itself; `none` for those that cannot run inside a transaction or need no lock. */
export type StatementLock = "none" | "read" | "write";

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

/** PRAGMAs whose value stands in the file (sqlite.org/pragma.html). */
const stored: ReadonlySet<string> = new Set(["USER_VERSION", "APPLICATION_ID", "SCHEMA_VERSION"]);

/** Which lock a statement needs. Of one that starts with WITH only its instructions tell. */
export function lockOf(shape: StatementShape, explain: Explain): StatementLock {
  const [first = ""] = shape.words;
  if (reading.has(first)) return "read";
  if (writing.has(first)) return "write";
  if (first === "WITH") return explainsWriting(explain) ? "write" : "read";
  return first === "PRAGMA" ? lockOfPragma(shape, explain) : "none";
}

/** Settings of the connection need no lock, and some cannot be made inside a transaction. */
function lockOfPragma(shape: StatementShape, explain: Explain): StatementLock {
  const { words, tokens } = shape;
  if (stored.has(words[1] ?? "")) return tokens === 2 ? "read" : "write";
  // One that could not even write with an argument asks the database, as integrity_check does.
  return cannotWrite({ ...shape, tokens: tokens + 2 }, explain) ? "read" : "none";
}
