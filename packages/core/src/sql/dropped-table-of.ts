import { foldName } from "../schema/table-definition.ts";
import { isOperator, isWord } from "./statement-span.ts";
import { nextToken, type Token } from "./token.ts";
import { unquoteToken } from "./unquote-token.ts";

/**
 * The table that DROP TABLE [IF EXISTS] [main.]name drops; `undefined` for any other statement, and for a
 * table of another schema, to which no foreign key of `main` can refer.
 */
export function droppedTableOf(sql: string): string | undefined {
  return droppedOf(sql, "TABLE");
}

/** The same for the index of DROP INDEX. */
export function droppedIndexOf(sql: string): string | undefined {
  return droppedOf(sql, "INDEX");
}

function droppedOf(sql: string, noun: "TABLE" | "INDEX"): string | undefined {
  let token = nextToken(sql, 0);
  if (!isWord(sql, token, "DROP")) return undefined;
  token = after(sql, token);
  if (!isWord(sql, token, noun)) return undefined;
  token = after(sql, token);
  if (isWord(sql, token, "IF") && isWord(sql, after(sql, token), "EXISTS")) {
    token = after(sql, after(sql, token));
  }
  if (token === undefined) return undefined;
  const dot = after(sql, token);
  if (!isOperator(sql, dot, ".")) return unquoteToken(sql, token);
  const name = after(sql, dot);
  const isMain = foldName(unquoteToken(sql, token)) === "main";
  return isMain && name !== undefined ? unquoteToken(sql, name) : undefined;
}

function after(sql: string, token: Token | undefined): Token | undefined {
  return token === undefined ? undefined : nextToken(sql, token.end);
}
