import type { IndexDefinition } from "./index-definition.ts";
import type { SqlText } from "./sql-fragment.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { TriggerDefinition, TriggerParts } from "./trigger-definition.ts";
import type { ViewDefinition, ViewParts } from "./view-definition.ts";

/** The schema that a program wants, as its objects. */
export interface SchemaDefinition {
  readonly tables: readonly TableDefinition[];
  readonly indexes?: readonly IndexDefinition[];
  readonly views?: readonly (ViewParts | ViewDefinition | SqlText)[];
  readonly triggers?: readonly (TriggerParts | TriggerDefinition | SqlText)[];
  /** CREATE VIRTUAL TABLE statements; they run after those of the tables. */
  readonly virtualTables?: readonly SqlText[];
}

/** The schema that a program wants, as the script that creates it in an empty database. */
export interface SchemaScript {
  readonly sql: string;
}

/** What autogenerate and `check` compare with. */
export type DeclaredSchema = SchemaDefinition | SchemaScript;

/**
 * Gives a declared schema its type. Returns its argument.
 *
 * @example
 * export default defineSchema({
 *   tables: [
 *     {
 *       name: "book",
 *       columns: [
 *         { name: "id", type: "INTEGER", primaryKey: true },
 *         { name: "title", type: "TEXT", nullable: false },
 *       ],
 *     },
 *   ],
 *   indexes: [{ name: "ix_book_title", table: "book", columns: ["title"] }],
 * });
 */
export function defineSchema(definition: SchemaDefinition): SchemaDefinition {
  return definition;
}
