import { isOperator, isWord } from "./statement-span.ts";
import type { TableText } from "./table-text.ts";
import { createTokenCursor } from "./token-cursor.ts";

interface OptionSpan {
  readonly start: number;
  readonly end: number;
  readonly isStrict: boolean;
}

/** Adds or removes STRICT and WITHOUT ROWID behind the columns; comments there stay. */
export function withTableOptions(
  table: TableText,
  { strict, withoutRowid }: Pick<TableText, "strict" | "withoutRowid">,
): TableText {
  let { foot } = table;
  if (table.withoutRowid && !withoutRowid) foot = removeOption(foot, (option) => !option.isStrict);
  if (table.strict && !strict) foot = removeOption(foot, (option) => option.isStrict);
  if (!table.withoutRowid && withoutRowid) foot = addOption(foot, "WITHOUT ROWID");
  if (!table.strict && strict) foot = addOption(foot, "STRICT");
  return { ...table, foot, strict, withoutRowid };
}

function addOption(foot: string, option: string): string {
  const last = optionsOf(foot).at(-1);
  const at = last?.end ?? foot.indexOf(")") + 1;
  return `${foot.slice(0, at)}${last === undefined ? "" : ","} ${option}${foot.slice(at)}`;
}

function removeOption(foot: string, isMeant: (option: OptionSpan) => boolean): string {
  const options = optionsOf(foot);
  const index = options.findIndex(isMeant);
  const found = options[index];
  if (found === undefined) return foot;
  const next = options[index + 1];
  const previous = options[index - 1];
  if (previous === undefined && next !== undefined)
    return foot.slice(0, found.start) + foot.slice(next.start);
  const from = previous?.end ?? foot.slice(0, found.start).trimEnd().length;
  return foot.slice(0, from) + foot.slice(found.end);
}

/** The words between the commas after the closing parenthesis. */
function optionsOf(foot: string): readonly OptionSpan[] {
  const cursor = createTokenCursor(foot);
  const options: OptionSpan[] = [];
  for (cursor.take(); cursor.peek() !== undefined;) {
    const token = cursor.take();
    if (isOperator(foot, token, ",") || token.kind === "operator") continue;
    const isStrict = isWord(foot, token, "STRICT");
    if (!isStrict && cursor.isAt("ROWID")) cursor.take();
    options.push({ start: token.start, end: cursor.end(), isStrict });
  }
  return options;
}
