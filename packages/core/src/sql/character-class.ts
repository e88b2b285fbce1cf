/** What the first character of a token says about it, after the table of SQLite's tokenizer (tokenize.c). */
export const characterClass = {
  illegal: 0,
  space: 1,
  letter: 2,
  digit: 3,
  quote: 4,
  bracket: 5,
  variable: 6,
  question: 7,
  dot: 8,
  minus: 9,
  slash: 10,
  operator: 11,
} as const;

const classes = new Uint8Array(128);

function assign(characters: string, characterClass: number): void {
  for (const character of characters) classes[character.charCodeAt(0)] = characterClass;
}

assign(" \t\n\f\r", characterClass.space);
assign("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", characterClass.letter);
assign("0123456789", characterClass.digit);
assign("'\"`", characterClass.quote);
assign("[", characterClass.bracket);
assign("$@#:", characterClass.variable);
assign("?", characterClass.question);
assign(".", characterClass.dot);
assign("-", characterClass.minus);
assign("/", characterClass.slash);
assign("()*+,;=<>!|&~%", characterClass.operator);

/** The class of a UTF-16 code unit as the first of a token. All beyond ASCII are letters to SQLite. */
export function classOf(unit: number): number {
  return unit < 128 ? (classes[unit] ?? characterClass.illegal) : characterClass.letter;
}

/** Tells whether a code unit continues a bare word: letters, digits, `_`, `$` and all beyond ASCII. */
export function isWordUnit(unit: number): boolean {
  if (unit >= 128) return true;
  const found = classes[unit];
  return found === characterClass.letter || found === characterClass.digit || unit === 0x24;
}

export function isDigitUnit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

export function isHexUnit(unit: number): boolean {
  return isDigitUnit(unit) || (unit >= 0x41 && unit <= 0x46) || (unit >= 0x61 && unit <= 0x66);
}

/** Tells whether a code unit continues white space: vertical tab does, though it cannot begin it. */
export function isSpaceUnit(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}
