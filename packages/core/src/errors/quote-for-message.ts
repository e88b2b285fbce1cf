const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Shows control, direction-changing and broken characters as escapes, so that a name cannot steer a terminal. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (character) => {
    const unit = character.codePointAt(0) ?? 0;
    return unit < 0x100
      ? `\\x${unit.toString(16).padStart(2, "0")}`
      : `\\u${unit.toString(16).padStart(4, "0")}`;
  });
}

/**
 * Renders any value as it stands in an error message: in double quotes, control characters escaped,
 * cut to `limit` characters (200 unless told).
 */
export function quoteForMessage(value: unknown, limit = 200): string {
  const text = typeof value === "string" ? value : describe(value);
  const escaped = escapeControls(text);
  return `"${escaped.length > limit ? `${escaped.slice(0, limit)}…` : escaped}"`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value === "bigint") return `${value}n`;
  return Array.isArray(value) ? "[array]" : `[${typeof value}]`;
}
