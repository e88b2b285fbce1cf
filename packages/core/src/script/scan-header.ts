import { isHeaderField } from "./header-field.ts";
import { scanObject, type ScannedFields } from "./scan-object.ts";
import { code } from "./source-character.ts";
import {
  openSource,
  peekCode,
  peekWord,
  previousTokenEnd,
  skipPunctuator,
  skipToken,
  skipTrivia,
  takeWord,
  type SourceCursor,
} from "./source-cursor.ts";
import { endOf, plainType } from "./source-pattern.ts";
import { takeLiteral } from "./static-literal.ts";

/** Changes with every change of what the scanner reads; kept headers of another version are not used. */
export const scannerVersion = 3;

/** What the text of a file tells about its header without being run. */
export type HeaderScan =
  | { readonly kind: "static"; readonly fields: Readonly<ScannedFields> }
  /** The header is computed, unusual or wrong: the file has to be imported to know. */
  | { readonly kind: "open" };

interface Findings {
  /** `import { defineRevision } …` stands in the file. */
  importsDefine: boolean;
  /** From `export const revision = …` and so on. */
  readonly named: ScannedFields;
  namedCount: number;
  /** From the default export. */
  whole: Readonly<ScannedFields> | undefined;
}

const open: HeaderScan = Object.freeze({ kind: "open" });

/**
 * Finds the header in the text of a revision file: the object literal of
 * `export default defineRevision({…})` or `export default {…}`, else the constants
 * `export const revision = "…"` and so on. Nothing is imported or run.
 *
 * It answers `static` only when importing the file would give the same fields.
 */
export function scanHeader(text: string): HeaderScan {
  const cursor = openSource(text);
  const findings: Findings = { importsDefine: false, named: {}, namedCount: 0, whole: undefined };
  while (findings.whole === undefined) {
    skipTrivia(cursor);
    if (cursor.at >= text.length) return finish(findings);
    if (!scanStatementToken(cursor, findings)) return open;
  }
  return { kind: "static", fields: findings.whole };
}

function finish({ named, namedCount }: Findings): HeaderScan {
  return namedCount > 0 ? { kind: "static", fields: named } : open;
}

function scanStatementToken(cursor: SourceCursor, findings: Findings): boolean {
  const isProperty = cursor.text[previousTokenEnd(cursor) - 1] === ".";
  const word = takeWord(cursor);
  if (word === "") return skipToken(cursor);
  if (isProperty) return true;
  if (word === "import") return scanImport(cursor, findings);
  if (word === "export") return scanExport(cursor, findings);
  // A field's name outside of brackets that is not an export of its own: `const x = 1, revision = 2`.
  return !isHeaderField(word);
}

/** Looks for `defineRevision` among the imported names; anything else is skipped. */
function scanImport(cursor: SourceCursor, findings: Findings): boolean {
  skipTrivia(cursor);
  if (peekCode(cursor) !== code.openBrace) return true;
  const start = cursor.at;
  if (!skipToken(cursor)) return false;
  if (/[{,]\s*defineRevision\s*[,}]/.test(cursor.text.slice(start, cursor.at))) findings.importsDefine = true;
  return true;
}

function scanExport(cursor: SourceCursor, findings: Findings): boolean {
  switch (takeWord(cursor)) {
    case "default":
      return scanDefault(cursor, findings);
    case "const":
      return scanConstants(cursor, findings);
    case "async":
    case "function":
    case "class":
    case "type":
    case "interface":
      return true;
    case "":
      return scanExportList(cursor);
    default:
      return false;
  }
}

/** `export { a, b as c }`: harmless while it names no field and no default. `export *` can hold any name. */
function scanExportList(cursor: SourceCursor): boolean {
  const start = cursor.at;
  if (peekCode(cursor) !== code.openBrace || !skipToken(cursor)) return false;
  const words = cursor.text.slice(start, cursor.at).match(/[\w$\\]+/g) ?? [];
  return words.every((word) => word !== "default" && !isHeaderField(word) && !word.includes("\\"));
}

function scanDefault(cursor: SourceCursor, findings: Findings): boolean {
  skipTrivia(cursor);
  const called = peekCode(cursor) !== code.openBrace;
  if (called && !skipDefineCall(cursor, findings)) return false;
  const fields = scanObject(cursor);
  if (fields === null || !skipTypeAssertion(cursor)) return false;
  if (called && !skipCallEnd(cursor)) return false;
  if (!isStatementEnd(cursor)) return false;
  findings.whole = fields;
  return true;
}

/** Moves over `defineRevision(`. */
function skipDefineCall(cursor: SourceCursor, { importsDefine }: Findings): boolean {
  const known = takeWord(cursor) === "defineRevision" && importsDefine;
  if (!known || !skipPunctuator(cursor, "(")) return false;
  skipTrivia(cursor);
  return peekCode(cursor) === code.openBrace;
}

function skipCallEnd(cursor: SourceCursor): boolean {
  skipPunctuator(cursor, ",");
  return skipPunctuator(cursor, ")") && skipTypeAssertion(cursor);
}

/** Moves over `as const`, `satisfies Name` and the like, where they stand. */
function skipTypeAssertion(cursor: SourceCursor): boolean {
  const word = peekWord(cursor);
  if (word !== "as" && word !== "satisfies") return true;
  takeWord(cursor);
  return takeWord(cursor) !== "";
}

/** Reads the declarators behind `export const`. Those of other names end the reading, not the scan. */
function scanConstants(cursor: SourceCursor, findings: Findings): boolean {
  do {
    const name = takeWord(cursor);
    if (name === "") return false;
    if (!isHeaderField(name)) return true;
    if (!skipTypeAnnotation(cursor) || !skipPunctuator(cursor, "=")) return false;
    const literal = takeLiteral(cursor);
    if (literal === null) return false;
    findings.named[name] = literal.value;
    findings.namedCount += 1;
  } while (skipPunctuator(cursor, ","));
  return isStatementEnd(cursor);
}

/** Moves over `: string`, `: string | null`, `: readonly string[]`. */
function skipTypeAnnotation(cursor: SourceCursor): boolean {
  if (!skipPunctuator(cursor, ":")) return true;
  cursor.at = endOf(plainType, cursor.text, cursor.at);
  return true;
}

/** Whether nothing can continue the expression before the cursor: an end, a `;`, or a new line with a word. */
function isStatementEnd(cursor: SourceCursor): boolean {
  const word = peekWord(cursor);
  const unit = peekCode(cursor);
  if (unit === code.semicolon || Number.isNaN(unit)) return true;
  const isNewLine = /[\n\r\u2028\u2029]/.test(cursor.text.slice(cursor.tokenEnd, cursor.at));
  return isNewLine && word !== "" && word !== "in" && word !== "instanceof";
}
