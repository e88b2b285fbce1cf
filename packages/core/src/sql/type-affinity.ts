/** Affinities by the names of datatype3.html. */
export type Affinity = "TEXT" | "NUMERIC" | "INTEGER" | "REAL" | "BLOB";

/** The rules of datatype3.html#determination_of_column_affinity, in their order. */
export function affinityOf(type: string): Affinity {
  const upper = type.toUpperCase();
  if (upper.includes("INT")) return "INTEGER";
  if (/CHAR|CLOB|TEXT/u.test(upper)) return "TEXT";
  if (upper === "" || upper.includes("BLOB")) return "BLOB";
  return /REAL|FLOA|DOUB/u.test(upper) ? "REAL" : "NUMERIC";
}
