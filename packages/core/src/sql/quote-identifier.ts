import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isKeyword } from "./keywords.ts";

/** What a name or text is for, as it stands in a message; a function when building it costs something. */
export type Role = string | (() => string);

const longestIdentifier = 1024;
const bare = /^[A-Za-z_][A-Za-z0-9_]*$/u;
const booleanWord = /^(?:true|false)$/iu;

/**
 * Refuses what cannot be a name in every engine of the family.
 *
 * @param role What the name is for, as it stands in the message: `"table name"`.
 * @throws {SKM_IDENTIFIER} not a string, empty, with NUL or half a surrogate pair, or longer than 1,024.
 */
export function assertIdentifier(name: unknown, role: Role = "name"): asserts name is string {
  if (typeof name !== "string") {
    throw invalid(name, role, "is not a string");
  }
  if (name === "") throw invalid(name, role, "is empty");
  if (name.length > longestIdentifier) {
    throw invalid(name, role, `has ${name.length} characters, at most ${longestIdentifier} are allowed`);
  }
  if (name.includes("\0")) throw invalid(name, role, "holds a NUL character");
  if (!name.isWellFormed()) throw invalid(name, role, "holds half of a surrogate pair");
}

/**
 * {@link assertIdentifier} for the name of a table, index, trigger or view that is to be created. Columns
 * and constraints may begin with `sqlite_`, these may not (lang_createtable.html).
 *
 * @throws {SKM_IDENTIFIER}
 */
export function assertObjectName(name: unknown, role: Role = "name"): asserts name is string {
  assertIdentifier(name, role);
  if (/^sqlite_/iu.test(name)) {
    throw invalid(name, role, 'begins with "sqlite_", which SQLite keeps for itself');
  }
}

/**
 * Writes a name as SQL, in double quotes only where it needs them: keywords, other characters than ASCII
 * letters, digits and `_`. The name is one name: a point in it does not separate a schema.
 *
 * @throws {SKM_IDENTIFIER} when it cannot be a name, see {@link assertIdentifier}.
 */
export function quoteIdentifier(name: string): string {
  if (typeof name === "string" && name.length <= longestIdentifier && bare.test(name)) {
    return isKeyword(name) || booleanWord.test(name) ? `"${name}"` : name;
  }
  assertIdentifier(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** The text of a {@link Role}. */
export function roleText(role: Role): string {
  return typeof role === "string" ? role : role();
}

/** The names in parentheses: `(a, "b c")`. */
export function quoteIdentifierList(names: readonly string[]): string {
  return `(${names.map(quoteIdentifier).join(", ")})`;
}

function invalid(name: unknown, given: Role, problem: string): MigrationError {
  const role = roleText(given);
  return new MigrationError(
    "SKM_IDENTIFIER",
    `cannot use ${quoteForMessage(name, 60)} as ${role}: it ${problem}`,
    {
      details: { role, problem },
      hint: "choose a name of 1 to 1,024 characters that does not begin with sqlite_",
    },
  );
}
