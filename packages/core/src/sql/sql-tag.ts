import { isSqlFragment, type LiteralValue, type SqlFragment } from "../schema/sql-fragment.ts";
import { quoteIdentifier } from "./quote-identifier.ts";
import { renderLiteral } from "./render-literal.ts";

/** What may stand in `${…}` of the `sql` tag; an array becomes a list with commas. */
export type SqlInterpolation = LiteralValue | SqlFragment | readonly (LiteralValue | SqlFragment)[];

export interface SqlTag {
  (strings: TemplateStringsArray, ...values: readonly SqlInterpolation[]): SqlFragment;
  /** A name, quoted where needed. */
  identifier(name: string): SqlFragment;
}

/**
 * Marks SQL that the author vouches for, where a plain string would be taken as a value. Interpolated values
 * become literals, fragments go in as they are, so nothing interpolated can leave its place.
 *
 * @throws {SKM_LITERAL} a value has no literal.
 * @example
 * const kinds = ["skill", "agent"];
 * sql`kind IN (${kinds}) AND ${sql.identifier("order")} > ${0}`;
 * // { kind: "sql", text: `kind IN ('skill', 'agent') AND "order" > 0` }
 */
export const sql: SqlTag = Object.freeze(
  Object.assign(renderTemplate, {
    identifier: (name: string): SqlFragment => fragment(quoteIdentifier(name)),
  }),
);

function renderTemplate(strings: TemplateStringsArray, ...values: readonly SqlInterpolation[]): SqlFragment {
  // A tag called as a function gets no list; an invalid escape such as \u{zz} leaves a hole in it.
  if (!Array.isArray(strings) || strings.some((part) => typeof part !== "string")) {
    throw new TypeError("sql is a template tag: write sql`…` with valid escapes, not sql(…)");
  }
  let text = strings[0] ?? "";
  for (const [index, value] of values.entries()) {
    text += renderInterpolation(value) + (strings[index + 1] ?? "");
  }
  return fragment(text);
}

function fragment(text: string): SqlFragment {
  return Object.freeze({ kind: "sql", text });
}

function renderInterpolation(value: SqlInterpolation): string {
  return isList(value) ? value.map(renderOne).join(", ") : renderOne(value);
}

function renderOne(value: LiteralValue | SqlFragment): string {
  return isSqlFragment(value) ? value.text : renderLiteral(value);
}

function isList(value: SqlInterpolation): value is readonly (LiteralValue | SqlFragment)[] {
  return Array.isArray(value);
}
