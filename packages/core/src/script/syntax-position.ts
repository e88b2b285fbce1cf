import { escapeControls } from "../errors/quote-for-message.ts";

/** Where in a file a parser stumbled. */
export interface SyntaxPosition {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units; `null` when only the line is known. */
  readonly column: number | null;
  readonly sourceLine: string;
}

/** Most characters of a source line that a message shows. */
const maxExcerpt = 120;

/**
 * Reads the position from what Node puts before a syntax error: file and line, the source line, a line
 * of carets. Only the line number and the carets are taken from it; the source line comes from the file.
 *
 * @param report the `stack` of an error, or what `node --check` printed
 */
export function readPosition(report: string, text: string): SyntaxPosition | undefined {
  const found = /^[^\n]*:(\d+)\n([\s\S]*?)\n\w*SyntaxError\b/.exec(report);
  if (found?.[1] === undefined || found[2] === undefined || /^\w*Error\b/.test(report)) return undefined;
  const line = Number(found[1]);
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const sourceLine = lines[line - 1] ?? "";
  const shown = found[2].split("\n");
  const carets = shown.findIndex((candidate) => /^\s*\^+\s*$/.test(candidate));
  const isAtEnd = lines.slice(line).every((rest) => rest.trim() === "");
  if (carets < 0 && isAtEnd) return endOfText(lines);
  // The type stripper expands tabs and shows whole statements; then its columns are not the file's.
  const isSameLine = carets > 0 && shown[carets - 1] === sourceLine;
  return { line, column: isSameLine ? (shown[carets] ?? "").indexOf("^") + 1 : null, sourceLine };
}

/** A parser that misses something at the end points at nothing; the last line with text is what helps. */
function endOfText(lines: readonly string[]): SyntaxPosition | undefined {
  const index = lines.findLastIndex((line) => line.trim() !== "");
  const sourceLine = lines[index]?.trimEnd();
  return sourceLine === undefined
    ? undefined
    : { line: index + 1, column: sourceLine.length + 1, sourceLine };
}

/** The source line and a caret under the position, for a terminal; two indented lines. */
export function renderExcerpt({ sourceLine, column }: SyntaxPosition): string {
  const at = column === null ? sourceLine.search(/\S|$/) : column - 1;
  const start = Math.max(0, at - maxExcerpt / 2);
  const before = showSource(sourceLine.slice(start, at));
  const after = showSource(sourceLine.slice(at, start + maxExcerpt));
  return `  ${before}${after}`.trimEnd() + `\n  ${" ".repeat(before.length)}^`;
}

function showSource(text: string): string {
  return escapeControls(text.replaceAll("\t", " "));
}
