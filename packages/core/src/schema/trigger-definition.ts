import type { SqlText } from "./sql-fragment.ts";

/**
 * A trigger as the database keeps it: its text, with what other code must know about it. SQLite stores the
 * text for ever and gives nothing but the text back, so the text is the definition.
 */
export interface TriggerDefinition {
  readonly name: string;
  /** The table or view it watches. */
  readonly table: string;
  /** `CREATE TRIGGER name …`, as in `sqlite_schema.sql`: no schema name, no IF NOT EXISTS, no semicolon. */
  readonly sql: string;
}

/** The parts from which {@link TriggerDefinition} is written (lang_createtrigger.html). */
export interface TriggerParts {
  readonly name: string;
  readonly table: string;
  /** `"instead of"` is for views, the other two for tables. */
  readonly timing: "before" | "after" | "instead of";
  readonly event: "insert" | "update" | "delete";
  /** With `event: "update"`: fires only when one of these columns is assigned. */
  readonly of?: readonly string[];
  readonly when?: SqlText;
  /** The statements: one text with semicolons between them, or one string each. */
  readonly body: SqlText | readonly SqlText[];
}
