import { foldName } from "../schema/table-definition.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";

/** Tells whether two texts have the same tokens: white space, comments, case and quotes of names aside. */
export function isSameSql(left: string, right: string): boolean {
  const a = normalTokens(left);
  const b = normalTokens(right);
  return a.length === b.length && a.every((token, index) => token === b[index]);
}

/** The tokens of a text: names and keywords folded and without quotes, strings and numbers as they are. */
export function normalTokens(sql: string): readonly string[] {
  const tokens: string[] = [];
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    const isName = token.kind === "word" || token.kind === "quoted";
    tokens.push(isName ? foldName(unquoteToken(sql, token)) : sql.slice(token.start, token.end));
  }
  return tokens;
}
