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
  const name = quoteIdentifier(table.name);
  const places = heads.map(() => "?").join(", ");
  const expected =
    heads.length === 0
      ? `EXISTS (SELECT 1 FROM ${name})`
      : `(SELECT count(*) FROM ${name}) <> ${heads.length} OR (SELECT count(*) FROM ${name} WHERE version_num IN (${places})) <> ${heads.length}`;
  return {
    sql: `SELECT CASE WHEN ${expected} THEN json('the version rows are not the expected ones') END`,
    params: heads,
    comment: expectedRows,
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
