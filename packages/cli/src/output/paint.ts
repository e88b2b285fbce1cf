export type Style = "error" | "hint" | "warning";

const codes: Readonly<Record<Style, string>> = { error: "1;31", hint: "36", warning: "33" };

/** Colours the first word of a line, which says what kind of line it is. */
export function paint(line: string, style: Style | undefined): string {
  if (style === undefined) return line;
  return line.replace(/^\S+/u, (word) => `\u001B[${codes[style]}m${word}\u001B[0m`);
}
