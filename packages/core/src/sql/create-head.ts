import { isOperator, isWord } from "./statement-span.ts";
import { nextToken, type Token } from "./token.ts";
import { unquoteToken } from "./unquote-token.ts";

/** What stands between CREATE and the definition of a trigger or view. */
export interface CreateHead {
  readonly object: "trigger" | "view";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly schema: string | undefined;
  readonly name: string;
  /** Index of the name without its schema: from here on SQLite keeps the text (schematab.html). */
  readonly nameStart: number;
  readonly nameEnd: number;
}

/** CREATE [TEMP | TEMPORARY] TRIGGER | VIEW [IF NOT EXISTS] [schema.]name; `undefined` for anything else. */
export function createHeadOf(sql: string): CreateHead | undefined {
  let token = nextToken(sql, 0);
  if (!isWord(sql, token, "CREATE")) return undefined;
  token = after(sql, token);
  const temporary = isWord(sql, token, "TEMP") || isWord(sql, token, "TEMPORARY");
  if (temporary) token = after(sql, token);
  const object = isWord(sql, token, "TRIGGER") ? "trigger" : isWord(sql, token, "VIEW") ? "view" : undefined;
  if (object === undefined) return undefined;
  token = after(sql, token);
  const ifNotExists = isWord(sql, token, "IF");
  if (ifNotExists) token = after(sql, after(sql, after(sql, token)));
  const dot = after(sql, token);
  const isQualified = isOperator(sql, dot, ".");
  const name = isQualified ? after(sql, dot) : token;
  if (token === undefined || name === undefined) return undefined;
  return {
    object,
    temporary,
    ifNotExists,
    schema: isQualified ? unquoteToken(sql, token) : undefined,
    name: unquoteToken(sql, name),
    nameStart: name.start,
    nameEnd: name.end,
  };
}

function after(sql: string, token: Token | undefined): Token | undefined {
  return token === undefined ? undefined : nextToken(sql, token.end);
}
