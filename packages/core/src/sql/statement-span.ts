import { nextToken, tokenAt, type Token } from "./token.ts";

/** Where one statement stands in a text, and what its tokens say. */
export interface StatementSpan {
  /** Index of the comments before the statement, or of the statement. */
  readonly lead: number;
  /** Index of the first token. */
  readonly start: number;
  /** Index after the last token; the semicolon is not part of the statement. */
  readonly end: number;
  /** Index after the semicolon, or the length of the text. */
  readonly next: number;
  /** How many bare `?` it has. */
  readonly parameters: number;
  /** The first variable that is no bare `?`. */
  readonly named: Token | undefined;
  /** What keeps the text from being cut: a token that never ends, or a trigger without its END. */
  readonly broken: Token | undefined;
}

/** Tells whether a token is this keyword, given in upper case. */
export function isWord(sql: string, token: Token | undefined, keyword: string): boolean {
  return (
    token !== undefined &&
    token.kind === "word" &&
    token.end - token.start === keyword.length &&
    sql.slice(token.start, token.end).toUpperCase() === keyword
  );
}

export function isOperator(sql: string, token: Token | undefined, operator: string): boolean {
  return (
    token !== undefined &&
    token.kind === "operator" &&
    sql.startsWith(operator, token.start) &&
    token.end - token.start === operator.length
  );
}

/**
 * Finds the next statement at or after `from`, skipping empty ones; `undefined` when only white space,
 * comments and semicolons are left.
 */
export function nextStatement(sql: string, from: number): StatementSpan | undefined {
  let lead = -1;
  let position = from;
  while (position < sql.length) {
    const token = tokenAt(sql, position);
    if (isOperator(sql, token, ";")) lead = -1;
    else if (token.kind === "comment") lead = lead === -1 ? token.start : lead;
    else if (token.kind !== "space") return spanFrom(sql, token, lead === -1 ? token.start : lead);
    position = token.end;
  }
  return undefined;
}

interface Counts {
  parameters: number;
  named: Token | undefined;
  broken: Token | undefined;
}

function spanFrom(sql: string, first: Token, lead: number): StatementSpan {
  const isTrigger = startsTrigger(sql, first);
  const counts: Counts = { parameters: 0, named: undefined, broken: undefined };
  let beforeLast: Token | undefined;
  let last = first;
  let token: Token | undefined = first;
  while (token !== undefined) {
    if (isOperator(sql, token, ";") && (!isTrigger || isTriggerEnd(sql, beforeLast, last))) break;
    count(sql, token, counts);
    if (token !== first) {
      beforeLast = last;
      last = token;
    }
    token = nextToken(sql, token.end);
  }
  if (isTrigger && !isTriggerEnd(sql, beforeLast, last)) counts.broken ??= first;
  return { lead, start: first.start, end: last.end, next: token?.end ?? sql.length, ...counts };
}

/**
 * The body of a trigger ends with the END that follows a semicolon: the END of a CASE never does, as no
 * expression holds a semicolon (lang_createtrigger.html).
 */
function isTriggerEnd(sql: string, beforeLast: Token | undefined, last: Token): boolean {
  return isOperator(sql, beforeLast, ";") && isWord(sql, last, "END");
}

function count(sql: string, token: Token, counts: Counts): void {
  if (token.kind === "unterminated") counts.broken ??= token;
  if (token.kind !== "variable") return;
  if (token.end - token.start === 1 && sql.charCodeAt(token.start) === 0x3f) counts.parameters += 1;
  else counts.named ??= token;
}

/** CREATE [TEMP | TEMPORARY] TRIGGER, also behind EXPLAIN [QUERY PLAN]. */
function startsTrigger(sql: string, first: Token): boolean {
  let token: Token | undefined = first;
  if (isWord(sql, token, "EXPLAIN")) {
    token = nextToken(sql, token.end);
    if (isWord(sql, token, "QUERY")) token = nextToken(sql, token?.end ?? sql.length);
    if (isWord(sql, token, "PLAN")) token = nextToken(sql, token?.end ?? sql.length);
  }
  if (token === undefined || !isWord(sql, token, "CREATE")) return false;
  token = nextToken(sql, token.end);
  if (token !== undefined && (isWord(sql, token, "TEMP") || isWord(sql, token, "TEMPORARY"))) {
    token = nextToken(sql, token.end);
  }
  return isWord(sql, token, "TRIGGER");
}
