import { normalTokens } from "../batch/same-sql.ts";
import { foldName } from "../schema/table-definition.ts";

/**
 * A form in which two texts are equal when only white space, comments, quotes of names, case of names and
 * keywords, or parentheses around the whole differ.
 */
export function normalSql(sql: string): string {
  let tokens = normalTokens(sql);
  while (tokens.length > 2 && tokens[0] === "(" && closesAtEnd(tokens)) tokens = tokens.slice(1, -1);
  // No token holds a NUL: SQL with one cannot be stored.
  return tokens.join("\0");
}

/** {@link normalSql} of an expression over one table: that a column is of this table goes without saying. */
export function normalExpression(sql: string, table: string): string {
  const tokens = normalSql(sql).split("\0");
  const name = foldName(table);
  const isOwn = (index: number): boolean => tokens[index] === name && tokens[index + 1] === ".";
  return tokens.filter((_, index) => !isOwn(index) && !(index > 0 && isOwn(index - 1))).join("\0");
}

/** Tells whether the parenthesis at the beginning is closed by the one at the end. */
function closesAtEnd(tokens: readonly string[]): boolean {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth === 0) return index === tokens.length - 1;
  }
  return false;
}
