/** The code units that the scanner looks for. */
export const code = {
  doubleQuote: 34,
  dollar: 36,
  singleQuote: 39,
  asterisk: 42,
  comma: 44,
  slash: 47,
  semicolon: 59,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  backtick: 96,
  openBrace: 123,
  closeBrace: 125,
} as const;

/** `(`, `[` or `{`. */
export function isOpening(unit: number): boolean {
  return unit === 40 || unit === code.openBracket || unit === code.openBrace;
}

/** `)`, `]` or `}`. */
export function isClosing(unit: number): boolean {
  return unit === 41 || unit === code.closeBracket || unit === code.closeBrace;
}
