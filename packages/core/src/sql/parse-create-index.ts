import type { IndexColumn, IndexDefinition } from "../schema/index-definition.ts";
import type { SortOrder } from "../schema/constraint-definition.ts";
import { createTokenCursor, unexpected, type TokenCursor } from "./token-cursor.ts";
import { nextToken, type Token } from "./token.ts";
import { isWord } from "./statement-span.ts";
import { unquoteToken } from "./unquote-token.ts";

/**
 * The definition that a CREATE INDEX text stands for (lang_createindex.html).
 *
 * @param isColumn Tells whether the part at this position is a column; in quotes, what is no column is a text.
 * @throws {SKM_SQL_SYNTAX}
 */
export function parseCreateIndex(sql: string, isColumn: (position: number) => boolean): IndexDefinition {
  const cursor = createTokenCursor(sql);
  if (!cursor.skip("CREATE")) throw unexpected(sql, cursor.peek());
  const unique = cursor.skip("UNIQUE");
  if (!cursor.skip("INDEX")) throw unexpected(sql, cursor.peek());
  cursor.skip("IF", "NOT", "EXISTS");
  let name = cursor.takeName();
  if (cursor.skipOperator(".")) name = cursor.takeName();
  if (!cursor.skip("ON")) throw unexpected(sql, cursor.peek());
  const table = cursor.takeName();
  const columns = takeParts(cursor).map((part, position) => parsePart(part, isColumn(position)));
  const where = cursor.skip("WHERE") ? sql.slice(cursor.end()).trim() : undefined;
  return {
    name,
    table,
    columns,
    ...(unique ? { unique: true } : {}),
    ...(where === undefined ? {} : { where }),
  };
}

/** The texts between the commas of the list in parentheses. */
function takeParts(cursor: TokenCursor): readonly string[] {
  const { sql } = cursor;
  if (!cursor.skipOperator("(")) throw unexpected(sql, cursor.peek());
  const parts: string[] = [];
  let start = cursor.end();
  for (;;) {
    if (cursor.isAtOperator("(")) cursor.takeParenthesized();
    else {
      const token = cursor.take();
      const text = sql.slice(token.start, token.end);
      if (text !== "," && text !== ")") continue;
      parts.push(sql.slice(start, token.start).trim());
      if (text === ")") return parts;
      start = token.end;
    }
  }
}

function parsePart(part: string, isColumn: boolean): IndexColumn {
  const tokens = tokensOf(part);
  const last = tokens.at(-1);
  const order: SortOrder | undefined = isWord(part, last, "DESC")
    ? "desc"
    : isWord(part, last, "ASC")
      ? "asc"
      : undefined;
  if (order !== undefined) tokens.pop();
  const hasCollation = tokens.length > 2 && isWord(part, tokens.at(-2), "COLLATE");
  const collation = hasCollation ? tokens.at(-1) : undefined;
  if (hasCollation) tokens.splice(-2);
  const settings = {
    ...(collation === undefined ? {} : { collate: unquoteToken(part, collation) }),
    ...(order === undefined ? {} : { order }),
  };
  const [first] = tokens;
  const text = part.slice(0, tokens.at(-1)?.end ?? 0);
  const isPlain = Object.keys(settings).length === 0;
  if (isColumn && first !== undefined && tokens.length === 1) {
    const column = unquoteToken(part, first);
    return isPlain ? column : { column, ...settings };
  }
  return isPlain ? { kind: "sql", text } : { sql: text, ...settings };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let token = nextToken(text, 0); token !== undefined; token = nextToken(text, token.end)) {
    tokens.push(token);
  }
  return tokens;
}
