import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isSqlFragment } from "../schema/sql-fragment.ts";
import type { TriggerDefinition, TriggerParts } from "../schema/trigger-definition.ts";
import { renderTrigger } from "../sql/render-trigger.ts";
import { isWord } from "../sql/statement-span.ts";
import { nextToken, type Token } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import { isRecord, list, object, oneOf, type Accept } from "./accept.ts";
import { acceptExpression, acceptName, acceptObjectName, acceptSqlText } from "./accept-sql.ts";
import { acceptStoredText } from "./accept-stored-text.ts";
import { describePlace, type Place } from "./place.ts";

/** A definition, and whether its text said IF NOT EXISTS. */
export interface AcceptedTrigger {
  readonly definition: TriggerDefinition;
  readonly ifNotExists: boolean;
}

const acceptParts = object<TriggerParts>(
  {
    name: acceptObjectName,
    table: acceptName,
    timing: oneOf("before", "after", "instead of"),
    event: oneOf("insert", "update", "delete"),
    of: list(acceptName),
    when: acceptExpression,
    body: (value, place) =>
      Array.isArray(value) ? list(acceptSqlText)(value, place) : acceptSqlText(value, place),
  },
  ["name", "table", "timing", "event", "body"],
);

const acceptDefinition = object<TriggerDefinition>(
  { name: acceptObjectName, table: acceptName, sql: (value, place) => textIn(value, place) },
  ["name", "table", "sql"],
);

/**
 * Accepts a trigger as its parts, as a definition, or as a complete CREATE TRIGGER.
 *
 * @throws {SKM_IDENTIFIER | SKM_SQL_SYNTAX | SKM_SQL_MULTI | SKM_SQL_FORBIDDEN | SKM_TX_ESCAPED}
 */
export const acceptTrigger: Accept<AcceptedTrigger> = (value, place) => {
  if (typeof value === "string" || isSqlFragment(value)) return fromText(textIn(value, place), place);
  if (isRecord(value) && "sql" in value) return fromDefinition(acceptDefinition(value, place), place);
  const parts = acceptParts(value, place);
  if (parts.of !== undefined && parts.event !== "update") {
    throw new TypeError(`of in ${describePlace(place)} needs event: "update", got "${parts.event}"`);
  }
  const { name, table } = parts;
  return { definition: Object.freeze({ name, table, sql: renderTrigger(parts) }), ifNotExists: false };
};

function fromDefinition(given: TriggerDefinition, place: Place): AcceptedTrigger {
  const found = fromText(given.sql, place);
  const isSame = found.definition.name === given.name && found.definition.table === given.table;
  if (isSame) return found;
  const { name, table } = found.definition;
  throw new TypeError(
    `${describePlace(place)} names ${quoteForMessage(`${given.name} on ${given.table}`)}, its sql ${quoteForMessage(`${name} on ${table}`)}`,
  );
}

function fromText(text: string, place: Place): AcceptedTrigger {
  const { name, sql, nameEnd, ifNotExists } = acceptStoredText(text, "trigger", place);
  return { definition: Object.freeze({ name, table: tableOf(sql, nameEnd), sql }), ifNotExists };
}

/** The first bare ON after the name: nothing before it can hold an expression, and ON is no bare name. */
function tableOf(sql: string, nameEnd: number): string {
  let token: Token | undefined = nextToken(sql, nameEnd);
  while (token !== undefined && !isWord(sql, token, "ON")) token = nextToken(sql, token.end);
  const table = token === undefined ? undefined : nextToken(sql, token.end);
  if (table !== undefined) return unquoteToken(sql, table);
  throw new MigrationError(
    "SKM_SQL_SYNTAX",
    `cannot tell the table of the trigger: ${quoteForMessage(sql, 80)}`,
    {
      hint: "write CREATE TRIGGER name AFTER INSERT ON table BEGIN …; END",
    },
  );
}

function textIn(value: unknown, place: Place): string {
  const text = acceptSqlText(value, place);
  return typeof text === "string" ? text : text.text;
}
