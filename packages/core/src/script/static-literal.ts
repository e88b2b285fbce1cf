import { code } from "./source-character.ts";
import {
  peekCode,
  peekWord,
  skipPunctuator,
  skipTrivia,
  takeWord,
  type SourceCursor,
} from "./source-cursor.ts";
import { copyText, endOf, quoted, templateText } from "./source-pattern.ts";

/** What a header field can hold in the text of a file. */
export type StaticValue = string | null | undefined | readonly string[];

/** A value that stands in the text; wrapped, because `undefined` is a value too. */
export interface StaticLiteral {
  readonly value: StaticValue;
}

/**
 * Reads a string, a template without `${}`, `null`, `undefined` or an array of strings, each also with
 * `as const` behind it, and moves behind it.
 *
 * @returns `null` for anything else; the cursor then stands anywhere
 */
export function takeLiteral(cursor: SourceCursor): StaticLiteral | null {
  skipTrivia(cursor);
  const literal = peekCode(cursor) === code.openBracket ? takeArray(cursor) : takeScalar(cursor);
  return literal !== null && skipAsConst(cursor) ? literal : null;
}

function takeScalar(cursor: SourceCursor): StaticLiteral | null {
  const text = takeString(cursor);
  if (text !== null) return { value: text };
  const word = takeWord(cursor);
  if (word === "null") return { value: null };
  return word === "undefined" ? { value: undefined } : null;
}

function takeArray(cursor: SourceCursor): StaticLiteral | null {
  const value: string[] = [];
  cursor.at += 1;
  while (!skipPunctuator(cursor, "]")) {
    const text = takeString(cursor);
    if (text === null) return null;
    value.push(text);
    if (skipPunctuator(cursor, ",")) continue;
    if (!skipPunctuator(cursor, "]")) return null;
    break;
  }
  return { value };
}

function skipAsConst(cursor: SourceCursor): boolean {
  if (peekWord(cursor) !== "as") return true;
  takeWord(cursor);
  return takeWord(cursor) === "const";
}

/** Reads a string in any quotes, `null` when none stands here or it is computed. */
export function takeString(cursor: SourceCursor): string | null {
  const { text, at } = cursor;
  const unit = peekCode(cursor);
  if (unit !== code.doubleQuote && unit !== code.singleQuote && unit !== code.backtick) return null;
  const end = unit === code.backtick ? plainTemplateEnd(text, at) : endOf(quoted, text, at);
  if (end <= at) return null;
  cursor.at = end;
  const raw = text.slice(at + 1, end - 1);
  // In a template every line break counts as LF, however the file writes it.
  return decodeEscapes(unit === code.backtick ? raw.replace(/\r\n?/g, "\n") : raw);
}

function plainTemplateEnd(text: string, at: number): number {
  const end = endOf(templateText, text, at + 1);
  return text.charCodeAt(end) === code.backtick ? end + 1 : -1;
}

const escapeSequence =
  /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\n\r\u2028\u2029])|(0(?!\d))|([^\dux])|([^]|$))/gu;

const singleEscapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** `null` for an escape that is a syntax error in a module, such as `"\1"` or `"\u00"`. */
function decodeEscapes(raw: string): string | null {
  if (!raw.includes("\\")) return copyText(raw);
  let wrong = false;
  const decoded = raw.replace(escapeSequence, (...groups: readonly (string | undefined)[]) => {
    const [, braced, four, two, lineContinuation, zero, single] = groups;
    const hex = braced ?? four ?? two;
    if (hex !== undefined && Number.parseInt(hex, 16) <= 0x10ffff) return decodeHex(hex, four !== undefined);
    if (lineContinuation !== undefined) return "";
    if (zero !== undefined) return "\0";
    if (single !== undefined) return singleEscapes[single] ?? single;
    wrong = true;
    return "";
  });
  return wrong ? null : decoded;
}

function decodeHex(hex: string, isCodeUnit: boolean): string {
  const value = Number.parseInt(hex, 16);
  // Two `\uXXXX` may be the halves of one character, so each stays a code unit.
  return isCodeUnit ? String.fromCharCode(value) : String.fromCodePoint(value);
}
