import { tokenAt, type TokenKind } from "./token.ts";

export interface TextToken {
  readonly kind: TokenKind;
  readonly text: string;
}

/**
 * Cuts SQL text into tokens by SQLite's lexical rules. Nothing is lost: the texts joined are the input, be
 * it valid SQL or not.
 */
export function tokenize(sql: string): readonly TextToken[] {
  const tokens: TextToken[] = [];
  let position = 0;
  while (position < sql.length) {
    const token = tokenAt(sql, position);
    tokens.push({ kind: token.kind, text: sql.slice(token.start, token.end) });
    position = token.end;
  }
  return tokens;
}
