import {
  characterClass,
  classOf,
  isDigitUnit,
  isHexUnit,
  isSpaceUnit,
  isWordUnit,
} from "./character-class.ts";

/**
 * - `word`: a keyword or a bare name
 * - `quoted`: a name in `"…"`, `` `…` `` or `[…]`
 * - `unterminated`: a string, quoted name or block comment that never ends
 * - `illegal`: what SQLite reports as an unrecognized token
 */
export type TokenKind =
  | "space"
  | "comment"
  | "word"
  | "quoted"
  | "string"
  | "blob"
  | "number"
  | "variable"
  | "operator"
  | "unterminated"
  | "illegal";

/** A token by its place, so that scanning a statement copies no text. */
export interface Token {
  readonly kind: TokenKind;
  /** Index of the first UTF-16 code unit. */
  readonly start: number;
  /** Index after the last UTF-16 code unit. */
  readonly end: number;
}

const byteOrderMark = 0xfeff;

/**
 * The token that begins at `start`, white space and comments included, by the lexical rules of SQLite.
 * `start` must be inside the text; every token has at least one code unit, so walking from end to end
 * visits each code unit once.
 */
export function tokenAt(sql: string, start: number): Token {
  const unit = sql.charCodeAt(start);
  switch (classOf(unit)) {
    case characterClass.letter:
      return wordAt(sql, start, unit);
    case characterClass.space:
      return { kind: "space", start, end: endOfSpace(sql, start + 1) };
    case characterClass.digit:
      return numberAt(sql, start);
    case characterClass.quote:
      return quotedAt(sql, start, unit);
    case characterClass.bracket:
      return bracketAt(sql, start);
    case characterClass.variable:
      return variableAt(sql, start);
    case characterClass.question:
      return { kind: "variable", start, end: endOfDigits(sql, start + 1) };
    case characterClass.dot:
      return isDigitUnit(sql.charCodeAt(start + 1))
        ? numberAt(sql, start)
        : { kind: "operator", start, end: start + 1 };
    case characterClass.minus:
      return minusAt(sql, start);
    case characterClass.slash:
      return slashAt(sql, start);
    case characterClass.operator:
      return operatorAt(sql, start, unit);
    default:
      return { kind: "illegal", start, end: start + 1 };
  }
}

/** The next token at or after `from` that is neither white space nor comment; `undefined` at the end. */
export function nextToken(sql: string, from: number): Token | undefined {
  let position = from;
  while (position < sql.length) {
    const token = tokenAt(sql, position);
    if (token.kind !== "space" && token.kind !== "comment") return token;
    position = token.end;
  }
  return undefined;
}

function wordAt(sql: string, start: number, unit: number): Token {
  if (unit === byteOrderMark) return { kind: "space", start, end: start + 1 };
  if ((unit === 0x78 || unit === 0x58) && sql.charCodeAt(start + 1) === 0x27) return blobAt(sql, start);
  return { kind: "word", start, end: endOfWord(sql, start + 1) };
}

function blobAt(sql: string, start: number): Token {
  let end = start + 2;
  while (isHexUnit(sql.charCodeAt(end))) end += 1;
  if (sql.charCodeAt(end) === 0x27 && (end - start) % 2 === 0) return { kind: "blob", start, end: end + 1 };
  const close = sql.indexOf("'", end);
  return close === -1
    ? { kind: "unterminated", start, end: sql.length }
    : { kind: "illegal", start, end: close + 1 };
}

function numberAt(sql: string, start: number): Token {
  const end = endOfNumber(sql, start);
  return isWordUnit(sql.charCodeAt(end))
    ? { kind: "illegal", start, end: endOfWord(sql, end) }
    : { kind: "number", start, end };
}

function endOfNumber(sql: string, start: number): number {
  const isHex =
    sql.charCodeAt(start) === 0x30 &&
    (sql.charCodeAt(start + 1) | 0x20) === 0x78 &&
    isHexUnit(sql.charCodeAt(start + 2));
  if (isHex) return endOfHex(sql, start + 3);
  let end = endOfSeparatedDigits(sql, start);
  if (sql.charCodeAt(end) === 0x2e) end = endOfSeparatedDigits(sql, end + 1);
  if ((sql.charCodeAt(end) | 0x20) !== 0x65) return end;
  const next = sql.charCodeAt(end + 1);
  const digits = next === 0x2b || next === 0x2d ? end + 2 : end + 1;
  return isDigitUnit(sql.charCodeAt(digits)) ? endOfSeparatedDigits(sql, digits) : end;
}

function endOfDigits(sql: string, from: number): number {
  let end = from;
  while (isDigitUnit(sql.charCodeAt(end))) end += 1;
  return end;
}

/** Underscores may separate digits (lang_expr.html#literal_values_constants_); the parser judges their places. */
function endOfSeparatedDigits(sql: string, from: number): number {
  let end = from;
  while (isDigitUnit(sql.charCodeAt(end)) || sql.charCodeAt(end) === 0x5f) end += 1;
  return end;
}

function endOfHex(sql: string, from: number): number {
  let end = from;
  while (isHexUnit(sql.charCodeAt(end)) || sql.charCodeAt(end) === 0x5f) end += 1;
  return end;
}

function quotedAt(sql: string, start: number, unit: number): Token {
  const quote = sql.charAt(start);
  let close = sql.indexOf(quote, start + 1);
  while (close !== -1 && sql.charCodeAt(close + 1) === unit) close = sql.indexOf(quote, close + 2);
  if (close === -1) return { kind: "unterminated", start, end: sql.length };
  return { kind: unit === 0x27 ? "string" : "quoted", start, end: close + 1 };
}

function bracketAt(sql: string, start: number): Token {
  const close = sql.indexOf("]", start + 1);
  return close === -1
    ? { kind: "unterminated", start, end: sql.length }
    : { kind: "quoted", start, end: close + 1 };
}

/** `:name`, `@name`, `$name`, `#name`; `::` may stand inside. The Tcl form `$name(…)` is not taken. */
function variableAt(sql: string, start: number): Token {
  let end = start + 1;
  let names = 0;
  for (;;) {
    const unit = sql.charCodeAt(end);
    if (isWordUnit(unit)) {
      names += 1;
      end += 1;
    } else if (unit === 0x3a && sql.charCodeAt(end + 1) === 0x3a) {
      end += 2;
    } else {
      return { kind: names === 0 ? "illegal" : "variable", start, end };
    }
  }
}

function minusAt(sql: string, start: number): Token {
  const next = sql.charCodeAt(start + 1);
  if (next === 0x2d) {
    const newline = sql.indexOf("\n", start + 2);
    return { kind: "comment", start, end: newline === -1 ? sql.length : newline };
  }
  if (next !== 0x3e) return { kind: "operator", start, end: start + 1 };
  return { kind: "operator", start, end: sql.charCodeAt(start + 2) === 0x3e ? start + 3 : start + 2 };
}

/** A `/*` with nothing after it is a slash and a star to SQLite, not a comment. */
function slashAt(sql: string, start: number): Token {
  if (sql.charCodeAt(start + 1) !== 0x2a || start + 2 >= sql.length) {
    return { kind: "operator", start, end: start + 1 };
  }
  const close = sql.indexOf("*/", start + 2);
  return close === -1
    ? { kind: "unterminated", start, end: sql.length }
    : { kind: "comment", start, end: close + 2 };
}

function operatorAt(sql: string, start: number, unit: number): Token {
  const next = sql.charCodeAt(start + 1);
  if (unit === 0x21 && next !== 0x3d) return { kind: "illegal", start, end: start + 1 };
  return { kind: "operator", start, end: isPair(unit, next) ? start + 2 : start + 1 };
}

/** `==` `!=` `<=` `<>` `<<` `>=` `>>` `||` */
function isPair(unit: number, next: number): boolean {
  switch (unit) {
    case 0x3d:
    case 0x21:
      return next === 0x3d;
    case 0x3c:
      return next === 0x3d || next === 0x3e || next === 0x3c;
    case 0x3e:
      return next === 0x3d || next === 0x3e;
    case 0x7c:
      return next === 0x7c;
    default:
      return false;
  }
}

function endOfWord(sql: string, from: number): number {
  let end = from;
  while (isWordUnit(sql.charCodeAt(end))) end += 1;
  return end;
}

function endOfSpace(sql: string, from: number): number {
  let end = from;
  while (isSpaceUnit(sql.charCodeAt(end))) end += 1;
  return end;
}
