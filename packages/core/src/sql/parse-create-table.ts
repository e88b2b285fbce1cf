import { isWord } from "./statement-span.ts";
import { isAtColumnClause, isAtTableClause, parseClause } from "./parse-clause.ts";
import type { TableClause } from "./table-clause.ts";
import {
  isColumnItem,
  isConstraintItem,
  type ColumnPart,
  type ConstraintPart,
  type TableItem,
  type TableText,
} from "./table-text.ts";
import { createTokenCursor, unexpected, type TokenCursor } from "./token-cursor.ts";
import { tokenAt } from "./token.ts";

/**
 * Cuts the text of a CREATE TABLE, as it stands in `sqlite_schema`, into its columns and constraints. No
 * character is lost: `printTable` gives the text back.
 *
 * @see https://sqlite.org/lang_createtable.html
 * @throws {SKM_SQL_SYNTAX} it is no CREATE TABLE with a list of columns.
 */
export function parseCreateTable(sql: string): TableText {
  const cursor = createTokenCursor(sql);
  const head = parseHead(cursor);
  const items: TableItem[] = [];
  let from = cursor.end();
  while (!cursor.isAtOperator(")")) {
    const item = parseItem(cursor, from);
    items.push(item);
    from += item.before.length + item.text.length + item.after.length + item.separator.length;
  }
  const bodyEnd = cursor.peek()?.start ?? sql.length;
  return {
    ...head,
    columns: items.filter(isColumnItem),
    constraints: items.filter(isConstraintItem),
    foot: sql.slice(bodyEnd),
    ...parseOptions(cursor),
  };
}

function parseHead(cursor: TokenCursor): Pick<TableText, "head" | "name" | "nameStart" | "nameEnd"> {
  if (!cursor.skip("CREATE")) throw unexpected(cursor.sql, cursor.peek());
  if (!cursor.skip("TEMP")) cursor.skip("TEMPORARY");
  if (!cursor.skip("TABLE")) throw unexpected(cursor.sql, cursor.peek());
  cursor.skip("IF", "NOT", "EXISTS");
  let nameStart = cursor.peek()?.start ?? 0;
  let name = cursor.takeName();
  if (cursor.skipOperator(".")) {
    nameStart = cursor.peek()?.start ?? 0;
    name = cursor.takeName();
  }
  const nameEnd = cursor.end();
  if (!cursor.skipOperator("(")) throw unexpected(cursor.sql, cursor.peek());
  return { head: cursor.sql.slice(0, cursor.end()), name, nameStart, nameEnd };
}

function parseItem(cursor: TokenCursor, from: number): TableItem {
  const { sql } = cursor;
  const start = cursor.peek()?.start ?? sql.length;
  const part = isAtTableClause(cursor) ? parseConstraint(cursor, start) : parseColumn(cursor, start);
  const end = cursor.end();
  // Between constraints the comma may be missing (parse.y, tconscomma); before a column it never is.
  const comma = cursor.isAtOperator(",") ? cursor.take() : undefined;
  if (comma === undefined && !cursor.isAtOperator(")") && !isAtTableClause(cursor)) {
    throw unexpected(sql, cursor.peek());
  }
  const after = sql.slice(end, comma?.start ?? (cursor.isAtOperator(")") ? cursor.peek()?.start : end));
  return {
    before: sql.slice(from, start),
    text: sql.slice(start, end),
    after,
    separator: comma === undefined ? "" : sql.slice(comma.start, endOfLineComment(sql, comma.end)),
    part,
  };
}

/** Index after the comment that follows on the same line, or `from` when none does. */
function endOfLineComment(sql: string, from: number): number {
  let end = from;
  for (let position = from; position < sql.length;) {
    const token = tokenAt(sql, position);
    const isSpace = token.kind === "space";
    if ((!isSpace && token.kind !== "comment") || sql.slice(token.start, token.end).includes("\n")) break;
    position = token.end;
    if (!isSpace) end = token.end;
  }
  // A comment with more after it on its line is about what follows, unless it ends the line.
  const next = end === from ? undefined : sql.charAt(end);
  const rest = next === undefined ? "" : sql.slice(end).split("\n", 1)[0];
  return rest?.trim() === "" ? end : from;
}

function parseConstraint(cursor: TokenCursor, origin: number): ConstraintPart {
  return { kind: "constraint", clause: shift(parseClause(cursor), origin) };
}

function parseColumn(cursor: TokenCursor, origin: number): ColumnPart {
  const name = cursor.takeName();
  const nameEnd = cursor.end();
  const typeStart = cursor.peek()?.start ?? nameEnd;
  while (isAtType(cursor)) cursor.take();
  if (cursor.end() > nameEnd && cursor.isAtOperator("(")) cursor.takeParenthesized();
  const typeEnd = cursor.end();
  const clauses: TableClause[] = [];
  while (isAtColumnClause(cursor)) clauses.push(shift(parseClause(cursor), origin));
  return {
    kind: "column",
    name,
    nameEnd: nameEnd - origin,
    type: typeEnd === nameEnd ? undefined : cursor.sql.slice(typeStart, typeEnd),
    typeEnd: typeEnd - origin,
    clauses,
  };
}

function isAtType(cursor: TokenCursor): boolean {
  const kind = cursor.peek()?.kind;
  return (kind === "word" || kind === "quoted" || kind === "string") && !isAtColumnClause(cursor);
}

function shift<Clause extends TableClause>(clause: Clause, origin: number): Clause {
  return { ...clause, start: clause.start - origin, end: clause.end - origin };
}

function parseOptions(cursor: TokenCursor): Pick<TableText, "strict" | "withoutRowid"> {
  let strict = false;
  let withoutRowid = false;
  for (cursor.take(); cursor.peek() !== undefined;) {
    const token = cursor.take();
    strict ||= isWord(cursor.sql, token, "STRICT");
    withoutRowid ||= isWord(cursor.sql, token, "WITHOUT");
  }
  return { strict, withoutRowid };
}

/** Parses one column or constraint by itself, to stand in a table with this text around it. */
export function parseTableItem(
  text: string,
  around: { readonly before: string; readonly after: string; readonly separator: string },
): TableItem {
  const cursor = createTokenCursor(text);
  const start = cursor.peek()?.start ?? 0;
  const part = isAtTableClause(cursor) ? parseConstraint(cursor, start) : parseColumn(cursor, start);
  if (cursor.peek() !== undefined) throw unexpected(text, cursor.peek());
  return { ...around, text: text.slice(start, cursor.end()), part };
}
