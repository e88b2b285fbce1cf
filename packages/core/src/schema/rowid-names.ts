import { foldName } from "./table-definition.ts";

/** What the rowid is called in every table that has one (lang_createtable.html#rowid). */
export const rowidNames = ["rowid", "_rowid_", "oid"] as const;

/** Those of the names that no column has taken, the usual one first. */
export function freeRowidNames(columns: Iterable<string>): readonly string[] {
  const taken = new Set(Array.from(columns, foldName));
  return rowidNames.filter((name) => !taken.has(name));
}
