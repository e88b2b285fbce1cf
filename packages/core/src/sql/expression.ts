import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { type Role, roleText } from "./quote-identifier.ts";
import { isOperator } from "./statement-span.ts";
import { nextToken, tokenAt, type Token, type TokenKind } from "./token.ts";

/**
 * Refuses SQL text that could not stand as one expression inside another statement: a clause that it ends, a
 * parenthesis that it leaves open, or a comment that swallows what comes after it. Whether it is a valid
 * expression is the engine's to say.
 *
 * @param role What it is for, as it stands in the message: `"default of column \"a\""`.
 * @throws {SKM_SQL_SYNTAX}
 */
export function assertExpression(text: string, role: Role): void {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw invalid(text, role, "holds a NUL character or half of a surrogate pair");
  }
  let depth = 0;
  let last: Token | undefined;
  for (let position = 0; position < text.length;) {
    const token = tokenAt(text, position);
    position = token.end;
    const problem = problemOf(text, token, depth);
    if (problem !== undefined) throw invalid(text, role, problem);
    if (token.kind === "space" || token.kind === "comment") continue;
    last = token;
    depth += depthChange(text, token);
  }
  if (last === undefined) throw invalid(text, role, "is empty");
  if (depth > 0) throw invalid(text, role, "leaves a parenthesis open");
}

const problems: ReadonlyMap<TokenKind, string> = new Map([
  ["unterminated", "has a string, name or comment that never ends"],
  ["illegal", "has characters that are no SQL"],
  ["variable", "has a parameter, which a stored definition cannot have"],
]);

function problemOf(text: string, token: Token, depth: number): string | undefined {
  if (token.kind === "comment") {
    const swallowsRest = token.end === text.length && text.startsWith("--", token.start);
    return swallowsRest ? "ends in a -- comment, which would hide what follows" : undefined;
  }
  if (token.kind !== "operator") return problems.get(token.kind);
  if (isOperator(text, token, ";")) return "has a semicolon";
  if (depth > 0) return undefined;
  if (isOperator(text, token, ")")) return "closes a parenthesis that it did not open";
  return isOperator(text, token, ",") ? "has a comma outside of parentheses" : undefined;
}

function depthChange(text: string, token: Token): number {
  if (isOperator(text, token, "(")) return 1;
  return isOperator(text, token, ")") ? -1 : 0;
}

/** Puts an expression in parentheses unless it stands in a pair of them already. */
export function parenthesize(expression: string): string {
  const trimmed = expression.trim();
  return isParenthesized(trimmed) ? trimmed : `(${trimmed})`;
}

function isParenthesized(text: string): boolean {
  const first = nextToken(text, 0);
  if (first === undefined || first.start !== 0 || !isOperator(text, first, "(")) return false;
  let depth = 0;
  for (let token: Token | undefined = first; token !== undefined; token = nextToken(text, token.end)) {
    depth += depthChange(text, token);
    if (depth === 0) return token.end === text.length;
  }
  return false;
}

const constantWord = /^(?:null|true|false|current_timestamp|current_date|current_time)$/iu;

/**
 * Tells whether an expression is one literal, with or without a sign: SQLite takes it as a default without
 * parentheses (lang_createtable.html#the_default_clause).
 */
export function isConstant(expression: string): boolean {
  const first = nextToken(expression, 0);
  const isSigned = isOperator(expression, first, "-") || isOperator(expression, first, "+");
  const value = isSigned ? nextToken(expression, first?.end ?? 0) : first;
  if (value === undefined || nextToken(expression, value.end) !== undefined) return false;
  if (value.kind === "number") return true;
  if (isSigned) return false;
  if (value.kind === "word") return constantWord.test(expression.slice(value.start, value.end));
  return value.kind === "string" || value.kind === "blob";
}

function invalid(text: string, given: Role, problem: string): MigrationError {
  const role = roleText(given);
  return new MigrationError(
    "SKM_SQL_SYNTAX",
    `cannot use ${quoteForMessage(text, 80)} as ${role}: it ${problem}`,
    {
      details: { role, problem },
      hint: "write one complete expression, without the parentheses and clauses around it",
    },
  );
}
