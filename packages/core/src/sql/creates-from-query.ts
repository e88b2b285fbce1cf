import { isOperator, isWord } from "./statement-span.ts";
import { nextToken, type Token } from "./token.ts";

/** Whether it is CREATE [TEMP | TEMPORARY] TABLE [IF NOT EXISTS] [schema.]name AS …, which also copies rows. */
export function createsFromQuery(sql: string): boolean {
  let token = nextToken(sql, 0);
  while (isOperator(sql, token, ";")) token = after(sql, token);
  if (!isWord(sql, token, "CREATE")) return false;
  token = after(sql, token);
  if (isWord(sql, token, "TEMP") || isWord(sql, token, "TEMPORARY")) token = after(sql, token);
  if (!isWord(sql, token, "TABLE")) return false;
  token = after(sql, token);
  if (isWord(sql, token, "IF") && isWord(sql, after(sql, token), "NOT")) {
    token = after(sql, after(sql, after(sql, token)));
  }
  const dot = after(sql, token);
  const next = isOperator(sql, dot, ".") ? after(sql, after(sql, dot)) : dot;
  return isWord(sql, next, "AS");
}

function after(sql: string, token: Token | undefined): Token | undefined {
  return token === undefined ? undefined : nextToken(sql, token.end);
}
