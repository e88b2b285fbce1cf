import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isKeyword } from "./keywords.ts";
import { type Role, roleText } from "./quote-identifier.ts";
import { isOperator } from "./statement-span.ts";
import { nextToken, type Token } from "./token.ts";

/**
 * Refuses a declared type that is more than a type. SQLite's grammar is one or more names, then at most two
 * numbers in parentheses (syntax/type-name.html); a keyword among the names would be a constraint that the
 * definition does not know of, as in `"TEXT NOT NULL"`.
 *
 * @param role What it is for, as it stands in the message.
 * @throws {SKM_TABLE_DEFINITION}
 */
export function assertColumnType(type: string, role: Role): void {
  if (isPlain(type)) return;
  const end = endOfNames(type, role);
  const open = nextToken(type, end);
  if (open === undefined) return;
  if (!isOperator(type, open, "(")) throw invalid(type, role);
  let token = endOfNumber(type, role, open.end);
  if (isOperator(type, token, ",")) token = endOfNumber(type, role, token.end);
  if (!isOperator(type, token, ")") || nextToken(type, token.end) !== undefined) throw invalid(type, role);
}

/** One name and its numbers, as nearly every type is written. A pattern runs as machine code from the start. */
const plain = /^([A-Za-z_]\w*)(?:\(\d+(?:, ?\d+)?\))?$/u;

function isPlain(type: string): boolean {
  const name = plain.exec(type)?.[1];
  return name !== undefined && !isKeyword(name);
}

function endOfNames(type: string, role: Role): number {
  let end = 0;
  for (let token = nextToken(type, 0); token !== undefined; token = nextToken(type, token.end)) {
    if (token.kind === "operator") break;
    const isName = token.kind === "word" || token.kind === "quoted" || token.kind === "string";
    const isReserved = token.kind === "word" && isKeyword(type.slice(token.start, token.end));
    if (!isName || isReserved) throw invalid(type, role);
    end = token.end;
  }
  if (end === 0) throw invalid(type, role);
  return end;
}

/** The token after the number that begins at `from`. */
function endOfNumber(type: string, role: Role, from: number): Token {
  let token = nextToken(type, from);
  if (isOperator(type, token, "-") || isOperator(type, token, "+"))
    token = nextToken(type, token?.end ?? from);
  const next = token?.kind === "number" ? nextToken(type, token.end) : undefined;
  if (next === undefined) throw invalid(type, role);
  return next;
}

function invalid(type: string, given: Role): MigrationError {
  const role = roleText(given);
  return new MigrationError(
    "SKM_TABLE_DEFINITION",
    `cannot use ${quoteForMessage(type, 80)} as ${role}: expected names and at most two numbers, such as DECIMAL(10, 2)`,
    {
      details: { role, type },
      hint: "write constraints as properties of the column (nullable, default, primaryKey, …), and leave the type out for none",
    },
  );
}
