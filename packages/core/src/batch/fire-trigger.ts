import type { InspectedTrigger } from "../schema/database-schema.ts";
import { isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { isWord } from "../sql/statement-span.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import type { Draft } from "./draft.ts";

/** A statement that would fire the trigger, and that SQLite therefore compiles together with it. */
export function fireTrigger(draft: Draft, trigger: InspectedTrigger): string {
  const table = quoteIdentifier(trigger.table);
  const { event, column } = eventOf(trigger.sql);
  if (event === "DELETE") return `DELETE FROM ${table}`;
  if (event === "INSERT") return `INSERT INTO ${table} DEFAULT VALUES`;
  const assigned = column ?? ordinaryColumn(draft, trigger.table) ?? "rowid";
  return `UPDATE ${table} SET ${quoteIdentifier(assigned)} = NULL`;
}

interface TriggerEvent {
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** The first column after UPDATE OF. */
  readonly column?: string;
}

/** None of the three words can be a name without quotes, so the first one is the event. */
function eventOf(sql: string): TriggerEvent {
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (isWord(sql, token, "INSERT")) return { event: "INSERT" };
    if (isWord(sql, token, "DELETE")) return { event: "DELETE" };
    if (!isWord(sql, token, "UPDATE")) continue;
    const next = nextToken(sql, token.end);
    const column = isWord(sql, next, "OF") ? nextToken(sql, next?.end ?? sql.length) : undefined;
    return { event: "UPDATE", ...(column === undefined ? {} : { column: unquoteToken(sql, column) }) };
  }
  return { event: "DELETE" };
}

/**
 * A column that can be assigned. Of a view the columns are not known, but SQLite takes the rowid for one of
 * any view (update.c).
 */
function ordinaryColumn(draft: Draft, table: string): string | undefined {
  if (isSameName(table, draft.inspected.name)) {
    const index = draft.text.columns.findIndex(
      ({ part }) => !part.clauses.some((clause) => clause.kind === "generated"),
    );
    return draft.names[index];
  }
  const found = draft.schema.tables.find((other) => isSameName(other.name, table));
  return found?.columns.find((column) => column.generated === "no")?.name;
}
