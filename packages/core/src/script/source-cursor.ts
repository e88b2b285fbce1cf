import { slashEnd } from "./slash-end.ts";
import { code, isClosing, isOpening } from "./source-character.ts";
import { endOf, flat, quoted, templateText, trivia, word } from "./source-pattern.ts";

/**
 * A place in JavaScript or TypeScript source text, and the steps over it that need no grammar: just enough
 * to tell code from comments, strings, templates and regular expressions.
 *
 * Every step returns `false` where only a full parser could go on. Nothing is guessed: who meets `false`
 * imports the file instead.
 */
export interface SourceCursor {
  readonly text: string;
  at: number;
  /** Where the last white space or comment ended that was stepped over. */
  triviaEnd: number;
  /** Where the token before that ended. */
  tokenEnd: number;
}

/** Templates nested deeper in `${}` are left to a real parser; this one must not run out of stack. */
const maxTemplateDepth = 32;

/** Starts at the first token: after a byte order mark and a `#!` line. */
export function openSource(text: string): SourceCursor {
  const at = /^\uFEFF?(?:#!.*)?/.exec(text)?.[0].length ?? 0;
  return { text, at, triviaEnd: at, tokenEnd: at };
}

/** The code unit under the cursor, `NaN` at the end. */
export function peekCode({ text, at }: SourceCursor): number {
  return text.charCodeAt(at);
}

/** Moves over white space and comments. A comment without end stays, to be refused as a token. */
export function skipTrivia(cursor: SourceCursor): void {
  if (cursor.at > cursor.triviaEnd) cursor.tokenEnd = cursor.at;
  cursor.at = endOf(trivia, cursor.text, cursor.at);
  cursor.triviaEnd = cursor.at;
}

/** Where the token before the cursor ended. */
export function previousTokenEnd({ text, at, triviaEnd, tokenEnd }: SourceCursor): number {
  let end = at;
  while (end > triviaEnd && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end > triviaEnd ? end : tokenEnd;
}

/** Moves over trivia and then over `character`; says `false` when something else stands there. */
export function skipPunctuator(cursor: SourceCursor, character: string): boolean {
  skipTrivia(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

/** The word behind the trivia under the cursor, without moving over it; `""` when there is none. */
export function peekWord(cursor: SourceCursor): string {
  skipTrivia(cursor);
  return cursor.text.slice(cursor.at, endOf(word, cursor.text, cursor.at));
}

/** Moves over trivia and a word and returns the word; `""` when there is none. */
export function takeWord(cursor: SourceCursor): string {
  const found = peekWord(cursor);
  cursor.at += found.length;
  return found;
}

/** Moves over one token, or over everything from an opening bracket to its closing one. */
export function skipToken(cursor: SourceCursor): boolean {
  const { text, at } = cursor;
  const unit = text.charCodeAt(at);
  if (isOpening(unit)) return skipBrackets(cursor, 0);
  if (unit === code.backtick) return skipTemplate(cursor, 0);
  if (unit === code.slash) return skipSlash(cursor);
  if (unit === code.backslash || Number.isNaN(unit)) return false;
  if (unit === code.doubleQuote || unit === code.singleQuote) {
    cursor.at = endOf(quoted, text, at);
    return cursor.at > at;
  }
  cursor.at = Math.max(endOf(word, text, at), at + 1);
  return true;
}

/** Counting is enough: brackets of different kinds that do not match are a syntax error anyway. */
function skipBrackets(cursor: SourceCursor, depth: number): boolean {
  const { text } = cursor;
  let open = 1;
  cursor.at += 1;
  for (;;) {
    cursor.at = endOf(flat, text, cursor.at);
    const unit = text.charCodeAt(cursor.at);
    if (isOpening(unit) || isClosing(unit)) {
      open += isOpening(unit) ? 1 : -1;
      cursor.at += 1;
      if (open === 0) return true;
    } else if (!skipInside(cursor, unit, depth)) {
      return false;
    }
  }
}

function skipInside(cursor: SourceCursor, unit: number, depth: number): boolean {
  if (unit === code.backtick) return skipTemplate(cursor, depth);
  return unit === code.slash && skipSlash(cursor);
}

function skipTemplate(cursor: SourceCursor, depth: number): boolean {
  const { text } = cursor;
  if (depth >= maxTemplateDepth) return false;
  cursor.at = endOf(templateText, text, cursor.at + 1);
  while (text.charCodeAt(cursor.at) === code.dollar) {
    cursor.at += 1;
    if (!skipBrackets(cursor, depth + 1)) return false;
    cursor.at = endOf(templateText, text, cursor.at);
  }
  cursor.at += 1;
  return text.charCodeAt(cursor.at - 1) === code.backtick;
}

/** Moves over a comment, a division sign or a regular expression. */
function skipSlash(cursor: SourceCursor): boolean {
  const { text, at } = cursor;
  const next = text.charCodeAt(at + 1);
  if (next === code.slash || next === code.asterisk) {
    cursor.tokenEnd = previousTokenEnd(cursor);
    cursor.at = endOf(trivia, text, at);
    cursor.triviaEnd = cursor.at;
    return cursor.at > at;
  }
  const end = slashEnd(text, at, previousTokenEnd(cursor));
  cursor.at = Math.max(end, at);
  return end > at;
}
