import { textOf, type SqlText } from "../schema/sql-fragment.ts";
import type { TriggerParts } from "../schema/trigger-definition.ts";
import { acceptStatements } from "./accept-statements.ts";
import { quoteIdentifier } from "./quote-identifier.ts";

/**
 * Writes CREATE TRIGGER (lang_createtrigger.html). The statements of the body keep their text; only the
 * space around each is changed.
 *
 * @throws {SKM_SQL_SYNTAX | SKM_TX_ESCAPED | SKM_SQL_FORBIDDEN} the body is empty, or a statement in it may
 * not run in a revision.
 */
export function renderTrigger(trigger: TriggerParts): string {
  const lines = [
    `CREATE TRIGGER ${quoteIdentifier(trigger.name)} ${trigger.timing.toUpperCase()} ${renderEvent(trigger)}`,
    "FOR EACH ROW",
    ...(trigger.when === undefined ? [] : [`WHEN ${textOf(trigger.when).trim()}`]),
    "BEGIN",
    ...bodyStatements(trigger.body).map((statement) => `  ${statement};`),
    "END",
  ];
  return lines.join("\n");
}

function renderEvent(trigger: TriggerParts): string {
  const columns = trigger.of === undefined ? "" : ` OF ${trigger.of.map(quoteIdentifier).join(", ")}`;
  return `${trigger.event.toUpperCase()}${columns} ON ${quoteIdentifier(trigger.table)}`;
}

function bodyStatements(body: TriggerParts["body"]): readonly string[] {
  const texts: readonly SqlText[] = isList(body) ? body : [body];
  return texts.flatMap((text) => acceptStatements(textOf(text)).map((statement) => statement.sql));
}

function isList(body: TriggerParts["body"]): body is readonly SqlText[] {
  return Array.isArray(body);
}
