import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { acceptStatement } from "../sql/accept-statements.ts";
import { createHeadOf, type CreateHead } from "../sql/create-head.ts";
import { assertObjectName } from "../sql/quote-identifier.ts";
import { describePlace, type Place } from "./place.ts";

/** The text of a trigger or view as SQLite stores it, with what its head says. */
export interface StoredText {
  readonly name: string;
  readonly ifNotExists: boolean;
  /** `CREATE TRIGGER name …` or `CREATE VIEW name …` */
  readonly sql: string;
  /** Index in `sql` after the name. */
  readonly nameEnd: number;
}

/**
 * Accepts a complete CREATE TRIGGER or CREATE VIEW and brings it into the form in which SQLite stores it
 * (schematab.html): without schema name, IF NOT EXISTS and semicolon.
 *
 * @throws {TypeError} it creates something else.
 * @throws {SKM_SQL_FORBIDDEN} it is temporary or in another database.
 * @throws {SKM_SQL_SYNTAX | SKM_SQL_MULTI | SKM_TX_ESCAPED | SKM_IDENTIFIER}
 */
export function acceptStoredText(text: string, object: "trigger" | "view", place: Place): StoredText {
  const accepted = acceptStatement(text).sql;
  const head = createHeadOf(accepted);
  if (head?.object !== object) {
    const found = quoteForMessage(text, 60);
    throw new TypeError(`${describePlace(place)} must be CREATE ${object.toUpperCase()} …, got ${found}`);
  }
  assertObjectName(head.name, () => describePlace(place));
  assertMain(head);
  const prefix = `CREATE ${object.toUpperCase()} `;
  return {
    name: head.name,
    ifNotExists: head.ifNotExists,
    sql: prefix + accepted.slice(head.nameStart),
    nameEnd: prefix.length + head.nameEnd - head.nameStart,
  };
}

function assertMain(head: CreateHead): void {
  const isMain = head.schema === undefined || head.schema.toLowerCase() === "main";
  if (!head.temporary && isMain) return;
  const what = head.temporary ? "temporary" : `in the database ${quoteForMessage(head.schema, 60)}`;
  throw new MigrationError(
    "SKM_SQL_FORBIDDEN",
    `cannot create the ${head.object} ${quoteForMessage(head.name)}: it is ${what}`,
    { details: { name: head.name }, hint: "create it in the main database: a revision changes nothing else" },
  );
}
