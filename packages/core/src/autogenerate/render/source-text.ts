/** Characters that a reader cannot see or that move the others around: they are written as escapes. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escapeInvisible(text: string): string {
  return text.replaceAll(invisible, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
    return code < 0x1_00_00 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
  });
}

/** A string literal of TypeScript, in the quotes that need fewer escapes: double ones when it is the same. */
export function stringLiteral(text: string): string {
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  const quote = doubles > singles ? "'" : '"';
  const escaped = escapeInvisible(text.replaceAll("\\", "\\\\")).replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}

/** The part of a template literal between its backticks. Line feeds stay, so that SQL can be read. */
export function templateBody(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      escapeInvisible(line.replaceAll("\\", "\\\\")).replaceAll("`", "\\`").replaceAll("${", "\\${"),
    )
    .join("\n");
}

const identifier = /^[A-Za-z_$][\w$]*$/u;

/** A key of an object literal. `__proto__` would set the prototype unless it is computed. */
export function propertyKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return identifier.test(name) ? name : stringLiteral(name);
}
