import { escapeControls, MigrationError, quoteForMessage } from "@skillmeat/migrate-core";

/**
 * Parses a JSON file.
 *
 * @throws {MigrationError} SKM_CONFIG_LOAD with the place of the error.
 */
export function parseJson(file: string, text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/u, ""));
    return parsed;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "it is not JSON";
    const { line, column } = placeOf(reason, text);
    throw new MigrationError(
      "SKM_CONFIG_LOAD",
      `cannot load the configuration ${quoteForMessage(`${file}:${line}:${column}`, 1000)}: ${shorten(reason)}`,
      {
        details: { file, line, column, reason: shorten(reason) },
        hint: "JSON knows no comments and no trailing commas",
        cause,
      },
    );
  }
}

/** V8 names the position of some errors only; the others are found by parsing beginnings of the text. */
function placeOf(reason: string, text: string): { readonly line: number; readonly column: number } {
  const known = /at position (\d+)/u.exec(reason)?.[1];
  const end = endsTooEarly(text) ? text.trimEnd().length : findPosition(text);
  const lines = text.slice(0, known === undefined ? end : Number(known)).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Halves the text until the first character is found that no JSON text can have there. */
function findPosition(text: string): number {
  let sound = 0;
  let broken = text.length;
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (endsTooEarly(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  return sound;
}

/** Whether nothing is wrong with a text but that it stops. */
function endsTooEarly(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/u.exec(reason)?.[1];
    return /end of JSON input|Unterminated/u.test(reason) || Number(position) >= text.length;
  }
}

/** V8 quotes the text itself, which may hold a token. */
function shorten(reason: string): string {
  const short = reason.replace(/,? ?(?:\.\.\.)?".*$/su, "").replace(/ at position.*$/su, "");
  return escapeControls(short) || "it is not JSON";
}
