import type { SqlText } from "./sql-fragment.ts";

/** A view as the database keeps it. */
export interface ViewDefinition {
  readonly name: string;
  /** `CREATE VIEW name …`, as in `sqlite_schema.sql`: no schema name, no IF NOT EXISTS, no semicolon. */
  readonly sql: string;
}

/** The parts from which {@link ViewDefinition} is written (lang_createview.html). */
export interface ViewParts {
  readonly name: string;
  /** Names of the result columns; those of the SELECT unless given. */
  readonly columns?: readonly string[];
  /** The SELECT. */
  readonly as: SqlText;
}
