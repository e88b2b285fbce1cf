import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isSqlFragment, textOf } from "../schema/sql-fragment.ts";
import type { ViewDefinition, ViewParts } from "../schema/view-definition.ts";
import { renderView } from "../sql/render-view.ts";
import { isRecord, list, object, type Accept } from "./accept.ts";
import { acceptName, acceptObjectName, acceptSqlText } from "./accept-sql.ts";
import { acceptStoredText } from "./accept-stored-text.ts";
import { describePlace, type Place } from "./place.ts";

/** A definition, and whether its text said IF NOT EXISTS. */
export interface AcceptedView {
  readonly definition: ViewDefinition;
  readonly ifNotExists: boolean;
}

const acceptParts = object<ViewParts>(
  { name: acceptObjectName, columns: list(acceptName), as: acceptSqlText },
  ["name", "as"],
);

const acceptDefinition = object<ViewDefinition>(
  { name: acceptObjectName, sql: (value, place) => textOf(acceptSqlText(value, place)) },
  ["name", "sql"],
);

/**
 * Accepts a view as its parts, as a definition, or as a complete CREATE VIEW.
 *
 * @throws {SKM_IDENTIFIER | SKM_SQL_SYNTAX | SKM_SQL_MULTI | SKM_SQL_FORBIDDEN | SKM_TX_ESCAPED}
 */
export const acceptView: Accept<AcceptedView> = (value, place) => {
  if (typeof value === "string" || isSqlFragment(value)) return fromText(textOf(value), place);
  if (isRecord(value) && "sql" in value) return fromDefinition(acceptDefinition(value, place), place);
  const parts = acceptParts(value, place);
  return { definition: Object.freeze({ name: parts.name, sql: renderView(parts) }), ifNotExists: false };
};

function fromDefinition(given: ViewDefinition, place: Place): AcceptedView {
  const found = fromText(given.sql, place);
  if (found.definition.name === given.name) return found;
  const [name, inText] = [given.name, found.definition.name].map((text) => quoteForMessage(text));
  throw new TypeError(`${describePlace(place)} is named ${name}, in its sql ${inText}`);
}

function fromText(text: string, place: Place): AcceptedView {
  const { name, sql, ifNotExists } = acceptStoredText(text, "view", place);
  return { definition: Object.freeze({ name, sql }), ifNotExists };
}
