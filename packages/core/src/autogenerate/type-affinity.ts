export type Affinity = "integer" | "text" | "blob" | "real" | "numeric";

/** The affinity of a declared type (datatype3.html#determination_of_column_affinity). */
export function typeAffinity(type: string): Affinity {
  const name = type.toUpperCase();
  if (name.includes("INT")) return "integer";
  if (/CHAR|CLOB|TEXT/u.test(name)) return "text";
  if (name === "" || name.includes("BLOB")) return "blob";
  return /REAL|FLOA|DOUB/u.test(name) ? "real" : "numeric";
}
