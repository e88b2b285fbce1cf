import type { HeaderField } from "./header-field.ts";
import { isHeaderField } from "./header-field.ts";
import { code } from "./source-character.ts";
import {
  peekCode,
  skipPunctuator,
  skipToken,
  skipTrivia,
  takeWord,
  type SourceCursor,
} from "./source-cursor.ts";
import { copyText, plainField } from "./source-pattern.ts";
import { takeLiteral, takeString, type StaticValue } from "./static-literal.ts";

/** The header fields as they stand in a text; a field that is not written is absent. */
export type ScannedFields = Partial<Record<HeaderField, StaticValue>>;

/**
 * Reads the header fields of the object literal under the cursor and moves behind it. Other properties,
 * such as `upgrade`, are skipped.
 *
 * @returns `null` when a spread, a computed key or a computed field leaves a field open
 */
export function scanObject(cursor: SourceCursor): Readonly<ScannedFields> | null {
  const fields: ScannedFields = {};
  cursor.at += 1;
  while (takePlainFields(cursor, fields) && !skipPunctuator(cursor, "}")) {
    const name = takeKey(cursor);
    if (name === null || !scanProperty(cursor, name, fields)) return null;
    if (skipPunctuator(cursor, ",")) continue;
    if (!skipPunctuator(cursor, "}")) return null;
    break;
  }
  return fields;
}

/** Reads fields in the usual form quickly; always `true`. */
function takePlainFields(cursor: SourceCursor, fields: ScannedFields): true {
  plainField.lastIndex = cursor.at;
  for (let found = plainField.exec(cursor.text); found !== null; found = plainField.exec(cursor.text)) {
    const [, name = "", value = null] = found;
    if (isHeaderField(name)) fields[name] = value === null ? null : copyText(value);
    cursor.at = plainField.lastIndex;
  }
  return true;
}

/** The name of a property, `null` for a spread, a computed key and what is no property. */
function takeKey(cursor: SourceCursor): string | null {
  skipTrivia(cursor);
  const text = takeString(cursor);
  if (text !== null) return text;
  // A generator method: `*rows() {}`.
  skipPunctuator(cursor, "*");
  return takeWord(cursor) || null;
}

/** Reads or skips what follows a key, up to the comma or the closing brace. */
function scanProperty(cursor: SourceCursor, name: string, fields: ScannedFields): boolean {
  if (!isHeaderField(name)) return name !== "__proto__" && skipProperty(cursor, name);
  if (!skipPunctuator(cursor, ":")) return false;
  const literal = takeLiteral(cursor);
  if (literal === null) return false;
  fields[name] = literal.value;
  return true;
}

/** `get revision() {…}` and `async upgrade() {…}` start with a word that is not the name. */
function skipProperty(cursor: SourceCursor, first: string): boolean {
  if (first === "get" || first === "set" || first === "async") {
    const second = takeKey(cursor);
    if (second !== null && (isHeaderField(second) || second === "__proto__")) return false;
    // `get: …` and `async() {…}` are ordinary properties; `get ["a" + b]() {…}` is open.
    if (second === null && peekCode(cursor) === code.openBracket) return false;
  }
  return skipToComma(cursor);
}

function skipToComma(cursor: SourceCursor): boolean {
  for (;;) {
    skipTrivia(cursor);
    const unit = peekCode(cursor);
    if (unit === code.comma || unit === code.closeBrace) return true;
    if (!skipToken(cursor)) return false;
  }
}
