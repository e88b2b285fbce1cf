import type { Statement } from "../driver/statement.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import type { VersionTable } from "./version-table.ts";

/** The comment of the guards of the version rows, by which their failure is recognised. */
export const expectedRows = "expected version rows";

/**
 * Fails, as plain SQL, unless the version table holds exactly these rows. In a batch that stops at the first
 * failing statement it is what makes a second runner, or a retry after a lost answer, harmless.
 *
 * `json('…')` of a text that is no JSON is an error on every engine of the family, without a scratch table
 * (sqlite.org/json1.html#the_json_function).
 */
export function assertVersionRows(table: VersionTable, heads: readonly string[]): Statement {
  const differ = rowsDiffer(table, heads);
  return {
    sql: `SELECT CASE WHEN ${differ.sql} THEN json('the version rows are not the expected ones') END`,
    params: differ.params,
    comment: expectedRows,
  };
}

/** An expression with its values. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly string[];
}

/** Whether the version table, which must exist, holds other rows than these. */
export function rowsDiffer(table: VersionTable, heads: readonly string[]): Condition {
  const name = quoteIdentifier(table.name);
  if (heads.length === 0) return { sql: `EXISTS (SELECT 1 FROM ${name})`, params: [] };
  const places = heads.map(() => "?").join(", ");
  return {
    sql: `(SELECT count(*) FROM ${name}) <> ${heads.length} OR (SELECT count(*) FROM ${name} WHERE version_num IN (${places})) <> ${heads.length}`,
    params: heads,
  };
}

/** Whether a guard failed, and not the SQL in it: the words of json() for a text that is none, on every engine. */
export function isGuardRefusal(error: Error): boolean {
  return error.message.includes("malformed JSON");
}

/** Fails, as plain SQL, when more rows break a foreign key than did before. */
export function assertViolationsAtMost(count: number): Statement {
  return {
    sql: `SELECT CASE WHEN (SELECT count(*) FROM pragma_foreign_key_check) > ${count} THEN json('rows would break a foreign key') END`,
    comment: "foreign keys",
  };
}
