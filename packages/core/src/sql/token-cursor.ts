import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isOperator, isWord } from "./statement-span.ts";
import { nextToken, type Token } from "./token.ts";
import { unquoteToken } from "./unquote-token.ts";

/** A place in SQL text that moves forward over tokens; white space and comments are skipped. */
export interface TokenCursor {
  readonly sql: string;
  /** The token at the cursor, `undefined` at the end. */
  peek(): Token | undefined;
  /** The token after the one at the cursor. */
  peekSecond(): Token | undefined;
  /** Steps over the token at the cursor and returns it. */
  take(): Token;
  /** Index after the last token taken. */
  end(): number;
  isAt(keyword: string): boolean;
  isAtOperator(operator: string): boolean;
  /** Steps over the keywords when all of them stand here. */
  skip(...keywords: readonly string[]): boolean;
  skipOperator(operator: string): boolean;
  /** Steps over a name and returns it without its quotes. */
  takeName(): string;
  /** Steps over `( … )`, nested ones included, and returns the text between the outer pair. */
  takeParenthesized(): string;
}

/** @throws {SKM_SQL_SYNTAX} from every `take…`: something else stands there. */
export function createTokenCursor(sql: string, from = 0): TokenCursor {
  let current = nextToken(sql, from);
  let end = from;
  const take = (): Token => {
    if (current === undefined) throw unexpected(sql, undefined);
    const token = current;
    end = token.end;
    current = nextToken(sql, end);
    return token;
  };
  const isAt = (keyword: string): boolean => isWord(sql, current, keyword);
  const skipOperator = (operator: string): boolean => {
    if (!isOperator(sql, current, operator)) return false;
    take();
    return true;
  };
  return {
    sql,
    peek: () => current,
    peekSecond: () => (current === undefined ? undefined : nextToken(sql, current.end)),
    take,
    end: () => end,
    isAt,
    isAtOperator: (operator) => isOperator(sql, current, operator),
    skip: (...keywords) => {
      if (!standHere(sql, current, keywords)) return false;
      for (const _ of keywords) take();
      return true;
    },
    skipOperator,
    takeName: () => {
      if (!isName(current)) throw unexpected(sql, current);
      return unquoteToken(sql, take());
    },
    takeParenthesized: () => {
      if (!isOperator(sql, current, "(")) throw unexpected(sql, current);
      const open = take().end;
      const start = current?.start ?? open;
      let last = start;
      for (let depth = 1; depth > 0;) {
        const token = take();
        if (isOperator(sql, token, "(")) depth += 1;
        if (isOperator(sql, token, ")")) depth -= 1;
        if (depth > 0) last = token.end;
      }
      return sql.slice(start, last);
    },
  };
}

/** A string stands for a name in places where only a name can be (lang_keywords.html). */
function isName(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quoted" || token?.kind === "string";
}

function standHere(sql: string, first: Token | undefined, keywords: readonly string[]): boolean {
  let token = first;
  for (const keyword of keywords) {
    if (!isWord(sql, token, keyword)) return false;
    token = nextToken(sql, token?.end ?? sql.length);
  }
  return true;
}

/** The error for text of `sqlite_schema` that the grammar of CREATE TABLE does not explain. */
export function unexpected(sql: string, token: Token | undefined): MigrationError {
  const offset = token?.start ?? sql.length;
  const found = token === undefined ? "its end" : quoteForMessage(sql.slice(token.start, token.end), 40);
  return new MigrationError(
    "SKM_SQL_SYNTAX",
    `cannot read ${quoteForMessage(sql, 80)}: did not expect ${found} at character ${offset + 1}`,
    { details: { sql, offset }, hint: "report this text: SQLite accepted it and we do not understand it" },
  );
}
