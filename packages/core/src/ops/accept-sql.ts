import { isSqlFragment, type LiteralValue, type SqlFragment, type SqlText } from "../schema/sql-fragment.ts";
import { assertExpression } from "../sql/expression.ts";
import { assertIdentifier, assertObjectName } from "../sql/quote-identifier.ts";
import { assertLiteral } from "../sql/render-literal.ts";
import { wrongType, type Accept } from "./accept.ts";
import { describePlace } from "./place.ts";

/** @throws {SKM_IDENTIFIER} */
export const acceptName: Accept<string> = (value, place) => {
  assertIdentifier(value, () => describePlace(place));
  return value;
};

/**
 * The name of a table, index, trigger or view that comes into being.
 *
 * @throws {SKM_IDENTIFIER}
 */
export const acceptObjectName: Accept<string> = (value, place) => {
  assertObjectName(value, () => describePlace(place));
  return value;
};

/** Accepts SQL in either form, and leaves it to the caller what SQL it must be. */
export const acceptSqlText: Accept<SqlText> = (value, place) => {
  if (typeof value === "string") return value;
  if (!isSqlFragment(value)) throw wrongType(value, place, "SQL, as a string or sql`…`");
  return freezeFragment(value);
};

/** @throws {SKM_SQL_SYNTAX} */
export const acceptExpression: Accept<SqlText> = (value, place) => {
  const text = acceptSqlText(value, place);
  assertExpression(typeof text === "string" ? text : text.text, () => describePlace(place));
  return text;
};

/**
 * Accepts a value that has a literal, or an expression as `` sql`…` ``.
 *
 * @throws {SKM_LITERAL | SKM_SQL_SYNTAX}
 */
export const acceptDefault: Accept<LiteralValue | SqlFragment> = (value, place) => {
  if (isSqlFragment(value)) {
    assertExpression(value.text, () => describePlace(place));
    return freezeFragment(value);
  }
  assertLiteral(value, () => describePlace(place));
  return value instanceof Uint8Array ? value.slice() : value;
};

/** Copies what is not frozen, or carries more than a fragment has. */
function freezeFragment(value: SqlFragment): SqlFragment {
  return Object.freeze({ kind: "sql", text: value.text });
}
