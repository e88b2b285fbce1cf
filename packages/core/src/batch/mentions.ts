import { foldName, isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { isOperator, isWord } from "../sql/statement-span.ts";
import { nextToken, type Token } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";

/** Tells whether a token of the text can be this name, whatever it means there. */
export function mentionsName(sql: string, name: string): boolean {
  return mentionsAny(sql, new Set([foldName(name)]));
}

/** {@link mentionsName} for several folded names. SQLite takes a string for a name in some places. */
export function mentionsAny(sql: string, folded: ReadonlySet<string>): boolean {
  if (!mayMention(foldName(sql), folded)) return false;
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (canBeName(token) && folded.has(foldName(unquoteToken(sql, token)))) return true;
  }
  return false;
}

/** Most texts do not have the letters of the name, and need no tokens. A quote in a name is written twice. */
function mayMention(foldedSql: string, names: ReadonlySet<string>): boolean {
  for (const name of names) if (/["'`]/u.test(name) || foldedSql.includes(name)) return true;
  return false;
}

function canBeName(token: Token): boolean {
  return token.kind === "word" || token.kind === "quoted" || token.kind === "string";
}

/**
 * Tells whether an expression over one table (of a CHECK, generated column or index) refers to a column.
 * Names of functions, collations and types do not count.
 */
export function refersToColumn(expression: string, column: string): boolean {
  return columnTokens(expression).some((token) => isSameName(unquoteToken(expression, token), column));
}

/** The expression with columns renamed: by folded old name, the new one. */
export function renameColumns(expression: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return expression;
  let result = "";
  let from = 0;
  for (const token of columnTokens(expression)) {
    const name = names.get(foldName(unquoteToken(expression, token)));
    if (name === undefined) continue;
    result += expression.slice(from, token.start) + quoteIdentifier(name);
    from = token.end;
  }
  return result + expression.slice(from);
}

/** The tokens of an expression over one table that can be columns of it. */
export function columnTokens(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let previous: Token | undefined;
  for (let token = nextToken(sql, 0); token !== undefined;) {
    const next = nextToken(sql, token.end);
    const isName = token.kind === "word" || token.kind === "quoted";
    const isOther =
      isOperator(sql, next, "(") ||
      isOperator(sql, next, ".") ||
      isWord(sql, previous, "COLLATE") ||
      isWord(sql, previous, "AS");
    if (isName && !isOther) tokens.push(token);
    previous = token;
    token = next;
  }
  return tokens;
}
