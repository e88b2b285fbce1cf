import Database from "better-sqlite3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isKeyword } from "../../src/sql/keywords.ts";
import { parseCreateTable } from "../../src/sql/parse-create-table.ts";
import { printTable } from "../../src/sql/print-table.ts";
import { renderTable } from "../../src/sql/render-table.ts";
import { nextToken } from "../../src/sql/token.ts";
import { unquoteToken } from "../../src/sql/unquote-token.ts";
import { tableDefinitionOf } from "../../src/sql/table-definition-of.ts";
import { tableArbitrary } from "../schema/table-arbitrary.ts";

/** What may stand between two tokens, some of it with everything that could mislead a reader. */
const gap = fc.constantFrom(" ", "\n\t", "/* , ) ' */", " -- it's ( \"\n", "/**/ \r\n", " /* -- */ ");
const style = fc.constantFrom("as it is", "upper", "lower", "backticks", "brackets");

type Style = "as it is" | "upper" | "lower" | "backticks" | "brackets";

/** SQLite finds these at the end of the type by their text, and only white space may be between them (build.c). */
const isPartOfType = (raw: string): boolean => /^(?:generated|always|as)$/iu.test(raw);

/** The text with other gaps between its tokens, keywords in another case and names in other quotes. */
function rewrite(text: string, gaps: readonly string[], styles: readonly Style[]): string {
  let rewritten = "";
  let number = 0;
  for (let token = nextToken(text, 0); token !== undefined; token = nextToken(text, token.end)) {
    const raw = text.slice(token.start, token.end);
    const wanted = styles[number % styles.length];
    if (number > 0) rewritten += isPartOfType(raw) ? " " : (gaps[number % gaps.length] ?? " ");
    if (token.kind === "quoted") rewritten += requote(unquoteToken(text, token), raw, wanted);
    else if (token.kind === "word" && isKeyword(raw)) rewritten += recase(raw, wanted);
    else rewritten += raw;
    number += 1;
  }
  return rewritten;
}

function requote(name: string, raw: string, wanted: Style | undefined): string {
  if (wanted === "backticks") return `\`${name.replaceAll("`", "``")}\``;
  return wanted === "brackets" && !name.includes("]") ? `[${name}]` : raw;
}

function recase(word: string, wanted: Style | undefined): string {
  if (wanted === "upper") return word.toUpperCase();
  return wanted === "lower" ? word.toLowerCase() : word;
}

/** What a text says, with the case of keywords, the gaps and the quotes inside expressions and types ignored. */
function meaningOf(text: string): string {
  const plain = renderTable(tableDefinitionOf(parseCreateTable(text)));
  const words: string[] = [];
  for (let token = nextToken(plain, 0); token !== undefined; token = nextToken(plain, token.end)) {
    const raw = plain.slice(token.start, token.end);
    words.push(token.kind === "quoted" ? `"${unquoteToken(plain, token)}"` : raw.toUpperCase());
  }
  return words.join(" ");
}

test(
  "a table written in any style is printed as it was, and means what it meant",
  { timeout: 60_000 },
  () => {
    const database = new Database(":memory:");
    const property = fc.property(
      tableArbitrary,
      fc.array(gap, { minLength: 1, maxLength: 12 }),
      fc.array(style, { minLength: 1, maxLength: 12 }),
      (table, gaps, styles) => {
        const text = renderTable(table);
        const rewritten = rewrite(text, gaps, styles);
        expect(printTable(parseCreateTable(rewritten))).toBe(rewritten);
        expect(meaningOf(rewritten)).toBe(meaningOf(text));
        database.exec("BEGIN");
        try {
          database.exec(rewritten);
          const stored = database.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE type = 'table'");
          const kept = stored.pluck().get() ?? "";
          expect(printTable(parseCreateTable(kept))).toBe(kept);
          expect(meaningOf(kept)).toBe(meaningOf(text));
        } finally {
          database.exec("ROLLBACK");
        }
      },
    );
    fc.assert(property, { numRuns: 1000, interruptAfterTimeLimit: 20_000 });
  },
);
